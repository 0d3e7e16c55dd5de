// model-provider-contract.ts: what every model provider promises, checked on one that somebody wrote.

import assert from 'node:assert/strict';
import { z } from 'zod';
import type { ModelProvider, ModelRequest } from '../activities/index.ts';
import { FAILURES } from '../protocol/failures.ts';
import { aFunction } from '../protocol/schemas/definition.ts';
import { checkCall, type Check } from './check.ts';

export interface ProviderSample {
  /** A provider whose model answers. */
  answers(): ModelProvider;
  /** A provider whose model does not answer within seconds; what is to be stopped. */
  stalls(): ModelProvider;
  /** The key it was given: it must be in no message. Default: it has none. */
  key?: string;
}

const REQUEST: ModelRequest = { messages: [{ role: 'user', content: 'Say something.' }] };
const STOP_MS = 2_000;

const CALL = { sample: z.strictObject({ answers: aFunction, stalls: aFunction, key: z.string().optional() }) };

/** @throws TypeError when it is called with something else, a provider itself for one. */
export function modelProviderContract(sample: ProviderSample): Check[] {
  checkCall('modelProviderContract({ answers: () => provider, stalls: () => provider })', { sample }, CALL);
  const { signal } = new AbortController();
  return [
    {
      name: 'answers with text or tool calls, and counts its tokens',
      async run() {
        let signs = 0;
        const reply = await sample.answers().generate(REQUEST, { signal, onBytes: () => (signs += 1) });
        assert.ok(reply.text !== '' || reply.toolCalls.length > 0, 'it said nothing');
        assert.ok(Number.isInteger(reply.inputTokens) && Number.isInteger(reply.outputTokens));
        assert.ok(signs > 0, 'it gave no sign of life while it worked (onBytes)');
      },
    },
    {
      name: 'stops soon after its signal aborts',
      async run() {
        const stop = new AbortController();
        const began = Date.now();
        setTimeout(() => stop.abort(new Error('stopped')), 50);
        await assert.rejects(sample.stalls().generate(REQUEST, { signal: stop.signal, onBytes: () => undefined }));
        assert.ok(Date.now() - began < STOP_MS, `it went on for ${Date.now() - began} ms`);
      },
    },
    {
      name: 'makes a fault of the catalogue of anything that is thrown, and throws nothing itself',
      async run() {
        const provider = sample.answers();
        const cycle: Record<string, unknown> = {};
        cycle.self = cycle;
        for (const thrown of [undefined, null, 'text', 7, cycle, new Error('x'), new TypeError('terminated')]) {
          const { type, message } = provider.classify(thrown);
          assert.ok(Object.hasOwn(FAILURES, type), `${type} is not in the catalogue`);
          assert.equal(typeof message, 'string');
        }
      },
    },
    {
      name: 'puts its key into no message',
      async run() {
        if (sample.key === undefined) return;
        const { message } = sample.answers().classify(new Error(`refused ${sample.key}`));
        assert.ok(!message.includes(sample.key), 'the key stands in a message for people');
      },
    },
  ];
}
