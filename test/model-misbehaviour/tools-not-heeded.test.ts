// Servers that take tools and don't heed them, without a word: they hold every answer to the format, or the model's template
// leaves tools out. What they need instead is found out and kept; where no tool is ever called, nothing is believed found.

import { APIS, answer, asking, formOf, FULL, messagesOf, oddServer, type OddServer } from './odd-server.ts';
import { runLoop } from '../../activities/loop/agent-loop.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { modelLine } from '../../activities/models/model-line.ts';
import type { ModelProvider } from '../../activities/index.ts';
import { defineTool } from '../../activities/index.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { MODEL_RETRY } from '../../protocol/retry.ts';
import { z } from 'zod';
import { outputShape } from '../../activities/text/parse-output.ts';
import { temporaryStore } from '../documents/support.ts';

let server: OddServer;
afterEach(() => server.close());

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: z.object({ at: z.string() }),
  sideEffects: 'none',
  execute: () => Promise.resolve('It is 2.'),
});

/** A conversation in which 2 is right, and may be said only after a look. */
async function converse(model: ModelProvider) {
  const store = await temporaryStore();
  const log = await SubtaskLog.open(store, { run: 'r', subtask: 's1', generation: 1 }, { expected: 0, worker: 'test' });
  const { signal } = new AbortController();
  const result = await runLoop({
    log,
    store,
    models: [modelLine(model)],
    signal,
    limits: BUILT_IN_CLASSES.standard.subtask,
    retry: MODEL_RETRY,
    prompt: 'test/1',
    messages: FULL.messages,
    shape: outputShape('number', z.strictObject({ n: z.number() })),
    tools: [look],
    toolContext: { signal },
    taskId: 't',
    check: (value: { n: number }) => ({
      accepted: value,
      problems: value.n === 2 || value.n === 0 ? [] : ['that number stands nowhere'],
    }),
    isNothing: ({ n }) => n === 0,
    onPhase: () => undefined,
  });
  await log.close();
  return { result, toolCalls: log.usage.toolCalls };
}

describe.each(APIS)('through %s', (api) => {
  test.each([
    ['a false answer', '{"n":7}'],
    ['an answer that says nothing was found', '{"n":0}'],
  ])(
    'a server that lets nothing but the format through beside tools, first %s, is asked by words from then on',
    async (_what, first) => {
      server = await oddServer(({ body, response }) => {
        const hasLooked = JSON.stringify(body).includes('It is 2.');
        if (formOf(body) !== 'words') return answer(api, response, { text: hasLooked ? '{"n":2}' : first });
        answer(
          api,
          response,
          hasLooked ? { text: '{"n":2}' } : { calls: [{ name: 'look', arguments: '{"at":"it"}' }] },
        );
      });
      const { model, said } = asking(server.url, api);
      expect(await converse(model)).toMatchObject({ result: { status: 'answered', accepted: { n: 2 } }, toolCalls: 1 });
      expect(said).toEqual([expect.stringContaining('a response format beside tools')]);
      const before = server.asked.length;
      await converse(model);
      expect(server.asked.slice(before).map(formOf)).toEqual(['words', 'words']);
    },
  );

  test('a server that leaves tools out of what its model reads has them said in words from then on', async () => {
    server = await oddServer(({ body, response }) => {
      const told = messagesOf(body)
        .map(({ content }) => content ?? '')
        .join('\n');
      if (told.includes('It is 2.')) return answer(api, response, { text: '{"n":2}' });
      if (formOf(body) !== 'words' || !told.includes('<tool_call>')) return answer(api, response, { text: '{"n":7}' });
      answer(api, response, { text: '<tool_call>{"name": "look", "arguments": {"at": "it"}}</tool_call>' });
    });
    const { model } = asking(server.url, api);
    expect(await converse(model)).toMatchObject({ result: { status: 'answered', accepted: { n: 2 } }, toolCalls: 1 });
    const before = server.asked.length;
    await converse(model);
    expect(server.asked.length - before).toBe(2);
  });

  test('a model that calls no tool however it is told of them is asked three times, and no more', async () => {
    server = await oddServer(({ response }) => answer(api, response, { text: '{"n":7}' }));
    const { model, said } = asking(server.url, api);
    expect(await converse(model)).toMatchObject({ result: { left: ['that number stands nowhere'] }, toolCalls: 0 });
    expect(server.asked).toHaveLength(3);
    expect(said).toEqual([]);
  });
});
