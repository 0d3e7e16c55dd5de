// support.ts: receivers on real sockets that keep what they were sent, and messages for them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { NotifyMessage } from '../../activities/notify/notifier.ts';
import { messageOf } from '../../activities/notify/message.ts';
import type { Delivery } from '../../protocol/background.ts';
import { head, resultOf } from '../store/store-under-test.ts';
import { serve, type TestServer } from '../tools/support.ts';

export interface Told {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Receiver extends TestServer {
  told: Told[];
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** The first thing that it was told. */
export function firstOf({ told: [first] }: Receiver): Told {
  if (!first) throw new Error('it was told nothing');
  return first;
}

/** Answers 204 unless `answer` does something else. */
export async function receiver(answer?: (response: ServerResponse, told: Told) => void): Promise<Receiver> {
  const told: Told[] = [];
  const server = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: headersOf(request), body: Buffer.concat(chunks).toString() };
      told.push(one);
      if (answer) answer(response, one);
      else response.writeHead(204).end();
    });
  });
  return { ...server, told };
}

export const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  notify: { kind: 'webhook', to: 'https://example.com/hook' },
  event: 'task.completed',
  n: 1,
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  ...more,
});

export const message = (more: Partial<Delivery> = {}): NotifyMessage =>
  messageOf(delivery(more), { taskId: 'a-task-9f2c', goal: 'Compare them', result: resultOf(head('a-task-9f2c')) });

/** Every name leads to this address. */
export const leadsTo = (address: string): LookupFunction =>
  ((_name: string, options: { all?: boolean }, done: (...args: unknown[]) => void) => {
    if (options.all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  }) as LookupFunction;
