// ten-agents.ts: the task of the kill soaks: ten sub-agents with ten turns each, a model that needs 250 ms for a turn, and
// the two questions that are asked of it: was the answer the same, and was a finished call made again?

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskHandle } from '../../client/index.ts';
import type { RequestRecord } from '../../simulator/server.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { differencesIn } from '../rig/consistent.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';

export const AGENTS = 10;
export const TURNS = 10;
const SUBTASKS = Array.from({ length: AGENTS }, (_one, at) => `s${at + 1}`);

const brain = scripted({
  plan: SUBTASKS.map((goal) => ({ title: goal, goal })),
  turn: (goal, results) =>
    results.length < TURNS - 1
      ? [call('search_documents', { query: `${goal} polls ${results.length}`, limit: 1 })]
      : undefined,
  findings: (goal) => ({ findings: [finding(`${goal} is done`)], missing: [] }),
});

export interface TenAgents {
  it_: TestDeployment;
  start(): Promise<TaskHandle>;
  /** The answer's claims, once all ten are done. */
  claimsOf(task: TaskHandle): Promise<string[]>;
  /** Turns on record now, by subtask: exact only while no worker lives. */
  recorded(task: TaskHandle): Promise<Map<string, number>>;
  /** The worker of each subtask's last attempt: host and process id. */
  heldBy(task: TaskHandle): Promise<Map<string, string>>;
  /** Calls that are on record twice: the first was finished, and paid for again. */
  repeats(task: TaskHandle): Promise<string[]>;
  /** Research calls at the model, by their messages. */
  research(requests: readonly RequestRecord[]): { subtask: string; turn: number; at: number }[];
  /** What of the closed tasks does not agree between history, store and logs: to be nothing. */
  differences(): Promise<string[]>;
  stop(): Promise<void>;
}

/** `MUSTER_STORE_URL` in the environment says where the logs are. */
export async function tenAgents(): Promise<TenAgents> {
  const it_ = await testDeployment({ latencyMs: 250, brain });
  const store: Store = openStore(process.env.MUSTER_STORE_URL ?? join(it_.home, 'store'));
  const wide = {
    extends: 'thorough',
    maxSubtasks: AGENTS,
    subtask: { turns: TURNS + 2, tokens: 5_000_000 },
    verify: false,
  };
  writeFileSync(join(it_.home, 'config.json'), JSON.stringify({ classes: { wide } }));
  process.env.MUSTER_CONFIG = join(it_.home, 'config.json');

  type Line = { t: string; step?: string; worker?: string };
  const logsOf = async (task: TaskHandle): Promise<[string, Line[]][]> => {
    const { runId: run } = await it_.client.temporal.workflow.getHandle(task.taskId).describe();
    return await Promise.all(
      SUBTASKS.map(async (subtask): Promise<[string, Line[]]> => [
        subtask,
        await store.readLog<Line>({ run, subtask, generation: 1 }),
      ]),
    );
  };
  const stepsOf = async (task: TaskHandle): Promise<[string, string[]][]> =>
    (await logsOf(task)).map(([subtask, log]) => [
      subtask,
      log.filter(({ t }) => t === 'model').map(({ step = '' }) => step),
    ]);

  return {
    it_,
    start: () => it_.client.start({ goal: 'anything', sources: [it_.docs], class: 'wide' }),
    async claimsOf(task) {
      const { answer, coverage } = await task.result();
      expect(coverage.done).toBe(AGENTS);
      return answer?.sections.flatMap(({ claims }) => claims.map(({ text }) => text)) ?? [];
    },
    recorded: async (task) => new Map((await stepsOf(task)).map(([subtask, steps]) => [subtask, steps.length])),
    heldBy: async (task) =>
      new Map(
        (await logsOf(task)).map(([subtask, log]) => [subtask, log.findLast(({ t }) => t === 'attempt')?.worker ?? '']),
      ),
    repeats: async (task) =>
      (await stepsOf(task)).flatMap(([subtask, steps]) =>
        steps.filter((step, at) => steps.indexOf(step) < at).map((step) => `${subtask} ${step}`),
      ),
    research: (requests) =>
      requests.flatMap((request) => {
        const body = JSON.stringify(request.body ?? {});
        const subtask = /<subtask>\\n(s\d+)\\n/.exec(body)?.[1];
        if (request.step !== 'muster_findings' || subtask === undefined) return [];
        return [{ subtask, turn: (body.match(/"role":"tool"/g)?.length ?? 0) + 1, at: request.at }];
      }),
    differences: () => differencesIn(store),
    async stop() {
      delete process.env.MUSTER_CONFIG;
      await store.close();
      await it_.stop();
    },
  };
}
