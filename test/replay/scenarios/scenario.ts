// scenario.ts: what a kept history is recorded from, and what several of them share. A shape's own scenario is in the file of its theme.

import { z } from 'zod';
import { defineSubAgent, defineTool, later, researcher } from '../../../activities/index.ts';
import type { TaskHandle, TaskInput } from '../../../client/index.ts';
import { backgroundId } from '../../../protocol/names.ts';
import type { CommandBody } from '../../../protocol/task-commands.ts';
import type { Brain } from '../../../simulator/server.ts';
import { call, scripted } from '../../agents/scripted.ts';
import { until, type TestDeployment } from '../../rig/deployment.ts';

/** Runs a task as far as the shape needs. @param start starts the usual one. @returns whose history is kept, once it has closed. */
export type Scenario = (it: TestDeployment, start: () => Promise<TaskHandle>) => Promise<TaskHandle>;

/** What a scenario needs beside the offline model and the usual class. */
export interface ScenarioSettings {
  brain?: Brain;
  input?: Partial<TaskInput>;
  latencyMs?: number;
  ownWorkers?: true;
}

/** Scenarios and their settings by the names of their histories. */
export interface Theme {
  scenarios: Record<string, Scenario>;
  settings: Record<string, ScenarioSettings>;
}

export const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';
export const QUESTION = 'How often does lighthouse poll?';

export const orderer = defineSubAgent({
  name: 'orderer',
  description: 'Orders, and may delegate.',
  tools: [
    defineTool({
      name: 'order',
      description: 'Answered later.',
      input: z.object({}),
      sideEffects: 'idempotent',
      execute: async () => later(60),
    }),
  ],
  prompt: 'orderer/1',
  delegates: { depth: 1, max: 3 },
  open: (assignment) => researcher.open(assignment),
});

export const parts = ['left', 'right'].map((goal) => ({ title: goal, kind: 'researcher', goal }));

/** Sub-agents that search until they are told that it is enough. */
export const untilEnough = scripted({
  plan: ['left', 'right'].map((goal) => ({ title: goal, goal })),
  turn: (_goal, { length }, heard) =>
    heard.some((one) => one.includes('enough')) ? undefined : [call('search_documents', { query: `poll ${length}` })],
});
export const by = { name: 'somebody', how: 'claimed' as const };
export const tell = (handle: TaskHandle, body: CommandBody) => handle.command(body, { by });
export const stateOf = async (handle: TaskHandle, id: string): Promise<string | undefined> =>
  (await handle.status()).progress?.subtasks.find((one) => one.id === id)?.state;
export const untilIs = (handle: TaskHandle, id: string, state: string): Promise<void> =>
  until(`${id} is ${state}`, async () => (await stateOf(handle, id)) === state);

/** What goes on behind a task's answer has a history of its own. */
export const behind = (it: TestDeployment, { taskId }: TaskHandle): TaskHandle => under(it, backgroundId(taskId));

export const startTold = (it: TestDeployment, input: Partial<TaskInput>): Promise<TaskHandle> =>
  it.client.start({ goal: GOAL, sources: [it.docs], ...input });

/** Of any Workflow that runs under this id. */
export function under(it: TestDeployment, id: string): TaskHandle {
  const workflow = it.client.temporal.workflow.getHandle(id);
  return {
    taskId: id,
    result: () => workflow.result(),
    isOpen: async () => (await workflow.describe()).status.name === 'RUNNING',
  } as unknown as TaskHandle;
}

/** Of three subtasks the second hangs. */
export const oneHangs: Brain = scripted({
  plan: ['one', 'hang', 'two'].map((goal) => ({ title: goal, goal })),
  turn: () => undefined,
});
export const hangs = async (it: TestDeployment, start: () => Promise<TaskHandle>): Promise<TaskHandle> => {
  it.model.inject({ kind: 'stall', match: { contains: '\nhang' }, times: 1 });
  return await start();
};
