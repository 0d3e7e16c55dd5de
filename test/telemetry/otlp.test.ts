// What of a span leaves the process: its words only where somebody asked for them, its times and names always.

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Span } from '../../protocol/trace.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../rig/otlp-receiver.ts';

const SENDER = pathToFileURL(join(resolve(__dirname, '../..'), 'dist/telemetry/otlp.js')).href;
const SPAN: Span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'chat first',
  kind: 'client',
  start: 1_800_000_000_000,
  end: 1_800_000_000_250,
  error: { type: 'ModelRefused', message: 'a word of a server' },
  attributes: { 'muster.turn': 'turn-1' },
  content: { 'output.value': 'a word of a model' },
  events: [
    {
      name: 'conflict.found',
      at: 1_800_000_000_100,
      attributes: { 'muster.sides': 2 },
      content: { 'muster.conflict.about': 'a word of a document' },
    },
  ],
};

let otlp: OtlpReceiver;
beforeAll(async () => {
  otlp = await startOtlpReceiver();
});
afterAll(() => otlp.close());

/** A process of its own: Jest's sandbox has other arrays of bytes than Node's sockets take. */
async function sent(withContent: boolean): Promise<string> {
  const settings = { protocol: 'http/json', sampler: { ratio: 1, heedsCaller: true }, withContent };
  const script = `
    const { spanSender } = await import(${JSON.stringify(SENDER)});
    const sender = spanSender(${JSON.stringify(settings)}, 'muster-test', (text) => text);
    await sender.send([${JSON.stringify(SPAN)}]);
    await sender.close();`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...otlp.env },
  });
  return otlp.bodies.at(-1) ?? '';
}

test('words of models, documents and servers go out only where they were asked for', async () => {
  const without = await sent(false);
  expect(without).not.toContain('a word of');
  expect(otlp.spans.at(-1)).toMatchObject({
    name: 'chat first',
    start: SPAN.start,
    end: SPAN.end,
    error: { type: 'ModelRefused' },
    attributes: { 'muster.turn': 'turn-1' },
    events: [{ name: 'conflict.found', at: SPAN.events[0]?.at, attributes: { 'muster.sides': 2 } }],
  });
  const all = await sent(true);
  for (const whose of ['a model', 'a document', 'a server']) expect(all).toContain(`a word of ${whose}`);
});
