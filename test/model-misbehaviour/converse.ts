// converse.ts: a conversation of the agent loop with one model, as short as can be: 2 is right, and 0 stands for nothing found.

import { defineTool, type ModelProvider, type Tool } from '../../activities/index.ts';
import { runLoop } from '../../activities/loop/agent-loop.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { modelLine } from '../../activities/models/model-line.ts';
import { outputShape } from '../../activities/text/parse-output.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { MODEL_RETRY } from '../../protocol/retry.ts';
import { z } from 'zod';
import { temporaryStore } from '../documents/support.ts';
import { FULL } from './odd-server.ts';

/** Says that it is 2. */
export const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: z.object({ at: z.string() }),
  sideEffects: 'none',
  execute: () => Promise.resolve('It is 2.'),
});

/** @param tools that it may call. Default: none. */
export async function converse(model: ModelProvider, tools: readonly Tool[] = []) {
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
    tools: [...tools],
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
