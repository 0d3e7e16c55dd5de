// notifier-contract.ts: what every notifier promises, checked on one that somebody wrote.

import assert from 'node:assert/strict';
import { z } from 'zod';
import type { NotifyContext, NotifyMessage, Notifier, Sent } from '../activities/index.ts';
import { aFunction } from '../protocol/schemas/definition.ts';
import { anObject, checkCall, type Check } from './check.ts';

export interface NotifierSample {
  /** What a request names as the receiver that is told. */
  to: string;
  /** A receiver that takes the connection and does not answer within seconds. Default: it has none such. */
  stalls?: string;
  /** A receiver that can't be reached. Default: it has none such. */
  away?: string;
  /** Receivers that it must not tell, whatever they are: nothing may be sent there. Default: there are none. */
  forbidden?: readonly string[];
  /** How often the receiver was told, by message id. Default: that is not looked at. */
  told?(id: string): number | Promise<number>;
  context?: Partial<Pick<NotifyContext, 'key' | 'tenant' | 'settings'>>;
  /** What it knows and must show nobody. Default: nothing. */
  secrets?: readonly string[];
}

const STOP_MS = 2_000;
const STATUSES = ['delivered', 'retry', 'refused', 'disabled'];

const message = (id: string): NotifyMessage => ({
  id,
  event: 'task.completed',
  taskId: 'compare-retry-policies-9f2c',
  title: 'Done: Compare the retry policies – “briefly”\r\nBcc: somebody@example.com',
  text: '## Policies\n\n- Both wait longer with each try. [1]\n\nAll of it: muster result compare-retry-policies-9f2c',
  body: JSON.stringify({
    type: 'task.completed',
    timestamp: '2026-01-02T03:04:05.000Z',
    data: { task_id: 'compare-retry-policies-9f2c', status: 'completed' },
  }),
});

const texts = z.array(z.string()).optional();
const CALL = {
  notifier: z.looseObject({ name: z.string(), deliver: aFunction }),
  sample: z.strictObject({
    to: z.string(),
    stalls: z.string().optional(),
    away: z.string().optional(),
    forbidden: texts,
    told: aFunction.optional(),
    context: anObject.optional(),
    secrets: texts,
  }),
};

/** @throws TypeError when it is called with something else. */
export function notifierContract(notifier: Notifier, sample: NotifierSample): Check[] {
  checkCall('notifierContract(notifier, { to })', { notifier, sample }, CALL);
  const deliver = async (id: string, to: string, signal = new AbortController().signal): Promise<Sent> =>
    await notifier.deliver(message(id), { settings: {}, ...sample.context, to, signal });
  const heldToShape = (sent: Sent): Sent => {
    assert.ok(STATUSES.includes(sent.status), `there is no status "${sent.status}"`);
    if (sent.status !== 'delivered') assert.ok(sent.reason !== '', 'it gives no reason');
    assert.deepEqual(JSON.parse(JSON.stringify(sent)), sent, 'a receipt is plain JSON');
    for (const secret of sample.secrets ?? [])
      assert.ok(!JSON.stringify(sent).includes(secret), 'a secret stands in the receipt');
    return sent;
  };
  const { name } = notifier;
  return [
    {
      name: `${name} tells its receiver`,
      async run() {
        const sent = heldToShape(await deliver('msg_contract1', sample.to));
        assert.equal(sent.status, 'delivered', JSON.stringify(sent));
        if (sample.told) assert.equal(await sample.told('msg_contract1'), 1);
      },
    },
    {
      name: `${name} may tell again what it told before, under the same id`,
      async run() {
        for (let n = 0; n < 2; n += 1)
          assert.equal(heldToShape(await deliver('msg_contract2', sample.to)).status, 'delivered');
        if (sample.told) assert.ok((await sample.told('msg_contract2')) >= 1);
      },
    },
    {
      name: `${name} says of a receiver that is away that it is to be tried again, or throws`,
      async run() {
        if (sample.away === undefined) return;
        const sent = await deliver('msg_contract3', sample.away).catch((error: unknown) => {
          assert.ok(error instanceof Error, 'it throws something else than an Error');
          return { status: 'retry' as const, reason: error.message };
        });
        assert.equal(heldToShape(sent).status, 'retry');
      },
    },
    {
      name: `${name} sends nothing to a receiver that it must not tell, and says why`,
      async run() {
        for (const to of sample.forbidden ?? []) {
          const sent = heldToShape(await deliver('msg_contract4', to));
          assert.equal(sent.status, 'refused', `${to}: ${JSON.stringify(sent)}`);
        }
        if (sample.told) assert.equal(await sample.told('msg_contract4'), 0);
      },
    },
    {
      name: `${name} stops soon after its signal aborts`,
      async run() {
        const stop = new AbortController();
        const began = Date.now();
        setTimeout(() => stop.abort(new Error('stopped')), 50);
        await deliver('msg_contract5', sample.stalls ?? sample.to, stop.signal).catch(() => undefined);
        assert.ok(Date.now() - began < STOP_MS, `it went on for ${Date.now() - began} ms`);
      },
    },
  ];
}
