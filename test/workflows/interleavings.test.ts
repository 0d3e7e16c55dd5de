// Interleavings on the real server, by seed: sub-agents end in any order, reports come twice and late, second lives are outrun, and a
// pause, a deadline or a cancel crosses them. Whatever came first: the same subtasks that counted give the same answer.
// MUSTER_LONG runs fifty. A red one names its seed: MUSTER_SEED=17 runs that one alone.

import { z } from 'zod';
import { defineSubAgent, defineTool, researcher } from '../../activities/index.ts';
import {
  TaskCancelledError,
  TaskFailedError,
  type Answer,
  type TaskEvent,
  type TaskHandle,
} from '../../client/index.ts';
import type { JoinPolicy } from '../../protocol/join.ts';
import { SIGNALS } from '../../protocol/names.ts';
import { orAborted } from '../../protocol/or-aborted.ts';
import type { ReportItem, Reports } from '../../protocol/reports.ts';
import type { CommandBody } from '../../protocol/task-commands.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { differencesIn } from '../rig/consistent.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { cases } from '../rig/long.ts';

const SUBTASKS = ['s1', 's2', 's3', 's4'];
const JOINS: JoinPolicy[] = [
  { kind: 'bestEffort', min: 1 },
  { kind: 'all' },
  { kind: 'quorum', k: 2 },
  { kind: 'first' },
];
const CROSSED_BY = ['nothing', 'pause', 'deadline', 'cancel'] as const;
/** Each join and each crossing is among them. */
const SMOKE = [2, 5, 7, 8, 10, 13];
const SEEDS = Array.from({ length: 50 }, (_, at) => at + 1);
const ASKED = process.env.MUSTER_SEED
  ? [Number(process.env.MUSTER_SEED)]
  : cases(SEEDS, (seed) => SMOKE.includes(seed));

type Step =
  | { do: 'release'; subtask: string }
  | { do: 'command'; body: CommandBody }
  /** All reports so far come once more, and one for each subtask that has ended. */
  | { do: 'twice' }
  | { do: 'cancel' };

interface Story {
  seed: number;
  join: JoinPolicy;
  crossedBy: (typeof CROSSED_BY)[number];
  /** `waits`: until its effect is seen; else the next step races it. */
  steps: (Step & { waits: boolean })[];
}

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each join with each crossing, and all else by chance. */
function storyOf(seed: number): Story {
  const draw = random(seed);
  const join = JOINS[Math.floor(seed / 4) % 4]!;
  const crossedBy = CROSSED_BY[seed % 4]!;
  const steps: Step[] = [];
  const anywhere = (step: Step, from = 0): number => {
    const at = from + Math.floor(draw() * (steps.length - from + 1));
    steps.splice(at, 0, step);
    return at;
  };
  for (const subtask of SUBTASKS) anywhere({ do: 'release', subtask });
  anywhere({ do: 'twice' }, 1);
  anywhere({ do: 'twice' }, 2);
  if (crossedBy === 'pause') {
    const paused = anywhere({ do: 'command', body: { kind: 'pause' } });
    anywhere({ do: 'command', body: { kind: 'resume' } }, paused + 1);
  }
  if (crossedBy === 'deadline') anywhere({ do: 'command', body: { kind: 'extend', seconds: -100_000 } }, 1);
  if (crossedBy === 'cancel') anywhere({ do: 'cancel' });
  // Before all others, while it is at work: what another life brings is the same.
  if (draw() < 0.5) steps.unshift({ do: 'command', body: { kind: 'retry', to: SUBTASKS[Math.floor(draw() * 4)]! } });
  return { seed, join, crossedBy, steps: steps.map((step) => ({ ...step, waits: draw() < 0.6 })) };
}

let it_: TestDeployment;
const held = new Map<string, ReturnType<typeof gateOf>>();
function gateOf(goal: string): { done: Promise<void>; release: () => void; waiting: number } {
  const known = held.get(goal);
  if (known) return known;
  let release = (): void => undefined;
  const done = new Promise<void>((resolve) => (release = resolve));
  const gate = { done, release, waiting: 0 };
  held.set(goal, gate);
  return gate;
}
const goalOf = (seed: number, subtask: string): string => `interleaving ${seed} of ${subtask}`;

/** Works until it is released: a model that is held would be taken for a server with few slots. */
const holder = defineSubAgent({
  name: 'holder',
  description: 'Waits, and finds.',
  tools: [
    defineTool({
      name: 'hold',
      description: 'Returns when it may.',
      input: z.object({ goal: z.string() }),
      sideEffects: 'none',
      async execute({ goal }, { signal }) {
        const gate = gateOf(goal);
        gate.waiting += 1;
        await orAborted(gate.done, signal);
        return 'go on';
      },
    }),
  ],
  prompt: 'holder/1',
  open: (assignment) => researcher.open(assignment),
});

/** Four of them, and an answer that names no life. */
const brain: Brain = async (request) => {
  const asked = JSON.stringify(request.messages);
  if (request.response_format?.json_schema?.name === 'muster_answer') {
    const ids = [...new Set([...asked.matchAll(/\\"id\\":\\"(s\d+\/g\d+\/\d+)\\"/g)].map(([, id]) => id!))];
    const claims = ids.map((id) => ({ text: `what ${id.split('/')[0]} found`, findings: [id] }));
    return { content: JSON.stringify({ sections: [{ heading: 'All', claims }], gaps: [] }), toolCalls: [] };
  }
  const seed = Number(/interleaving (\d+)/.exec(asked)?.[1]);
  return await scripted({
    plan: SUBTASKS.map((subtask) => ({ title: subtask, goal: goalOf(seed, subtask), kind: 'holder' })),
    turn: (goal, { length }) => (length === 0 ? [call('hold', { goal })] : undefined),
    findings: (goal) => ({ findings: [finding(`claim of ${goal}`)], missing: [] }),
  })(request);
};

beforeAll(async () => {
  it_ = await testDeployment({ brain });
  await it_.startWorker({ subAgents: [holder] });
});
afterAll(() => it_.stop());

/** What `reports` there were so far. */
async function reportsOf({ taskId }: TaskHandle): Promise<Reports[]> {
  const { events } = await it_.client.temporal.workflow.getHandle(taskId).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
    const [payload] = signal?.input?.payloads ?? [];
    return signal?.signalName === SIGNALS.reports && payload?.data
      ? [JSON.parse(Buffer.from(payload.data).toString()) as Reports]
      : [];
  });
}

const ENDED = ['done', 'failed', 'skipped', 'stopped'];

/** @returns what it did not wait for. */
async function act(
  { seed, ...one }: Step & { waits: boolean; seed: number },
  task: TaskHandle,
): Promise<Promise<unknown>[]> {
  const subtasks = async () => (await task.status()).progress?.subtasks ?? [];
  const unlessWaits = async (work: Promise<unknown>): Promise<Promise<unknown>[]> => {
    // What is over by then is refused.
    const settled = work.catch(() => undefined);
    if (!one.waits) return [settled];
    await settled;
    return [];
  };
  switch (one.do) {
    case 'release': {
      gateOf(goalOf(seed, one.subtask)).release();
      if (!one.waits) return [];
      await until(`${one.subtask} of ${seed} has ended, or waits`, async () => {
        const { progress, closedAt } = await task.status();
        return closedAt !== undefined || progress?.subtasks.find(({ id }) => id === one.subtask)?.state !== 'running';
      });
      return [];
    }
    case 'command':
      return await unlessWaits(
        task.command(one.body).then(async () => {
          if (one.body.kind !== 'extend') return;
          await until(`the deadline of ${seed} has come`, async () => {
            const { progress, closedAt } = await task.status();
            return closedAt !== undefined || progress?.stage !== 'researching';
          });
        }),
      );
    case 'cancel':
      return await unlessWaits(task.cancel());
    case 'twice': {
      const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
      const before = await reportsOf(task);
      const late = (await subtasks()).flatMap(({ id, state, generation }): ReportItem[] => {
        const digest = { id: `${id}/g${generation}/77`, claim: 'too late', at: 'lighthouse.md:3' };
        return ENDED.includes(state) ? [{ subtask: id, generation, seq: 77, kind: 'finding', finding: digest }] : [];
      });
      const { runId } = await workflow.describe();
      const all = [...before, { v: 1, run: runId, items: late }];
      return await unlessWaits(Promise.allSettled(all.map((payload) => workflow.signal(SIGNALS.reports, payload))));
    }
  }
}

interface Played extends Story {
  events: TaskEvent[];
  /** As the library gives it; what the store has must be the same. */
  outcome: 'completed' | 'failed' | 'cancelled';
  answer?: Answer;
}

async function play(story: Story): Promise<Played> {
  const { seed, join, steps } = story;
  const task = await it_.client.start({ goal: `interleaving ${seed}`, sources: [it_.docs], join });
  await until(`all of ${seed} are at work`, () => SUBTASKS.every((one) => gateOf(goalOf(seed, one)).waiting > 0));
  const racing: Promise<unknown>[] = [];
  for (const step of steps) racing.push(...(await act({ ...step, seed }, task)));
  await Promise.all(racing);
  for (const subtask of SUBTASKS) gateOf(goalOf(seed, subtask)).release();
  // A pause that nobody waited for may have come behind its end.
  await task.command({ kind: 'resume' }).catch(() => undefined);
  const asked = await Promise.all([1, 2].map(() => task.result().catch((error: unknown) => error)));
  await until(`${seed} has closed`, async () => !(await task.isOpen()));
  expect(asked[1]).toEqual(asked[0]);
  const [got] = asked as [Awaited<ReturnType<TaskHandle['result']>> | Error];
  if (got instanceof Error && !(got instanceof TaskCancelledError) && !(got instanceof TaskFailedError)) throw got;
  const events: TaskEvent[] = [];
  for await (const event of task.events()) events.push(event);
  const kept = await it_.store.getResult(task.taskId);
  if (!kept) throw new Error('its result is not in the store');
  if (!(got instanceof Error)) expect(kept.answer).toEqual(got.answer);
  return { ...story, events, outcome: kept.outcome, ...(kept.answer ? { answer: kept.answer } : {}) };
}

const of = <T extends TaskEvent['type']>(events: TaskEvent[], type: T): Extract<TaskEvent, { type: T }>[] =>
  events.filter((event): event is Extract<TaskEvent, { type: T }> => event.type === type);
const saysOf = (answer: Answer): string[] =>
  answer.sections.flatMap(({ claims }) => claims.map(({ text }) => text.split(' ')[1]!));

/** What holds of each by itself. */
function check({ join, crossedBy, events, outcome, answer }: Played): void {
  expect(events.map(({ n }) => n)).toEqual(events.map((_event, at) => at + 1));
  expect(of(events, 'task.closed')).toMatchObject([{ outcome }]);
  expect(events.at(-1)?.type).toBe('task.closed');
  const ended = of(events, 'subtask.finished');
  expect(ended.map(({ subtask }) => subtask).sort()).toEqual(SUBTASKS);
  expect(of(events, 'answer.ready')).toHaveLength(outcome === 'completed' ? 1 : 0);
  // What was told twice is there once; what came after an end is said to be late.
  const found = of(events, 'subtask.finding');
  const ids = found.map(({ finding: { id } }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(found.filter(({ finding: { claim } }) => claim === 'too late').every(({ late }) => late)).toBe(true);
  // Those that counted, no more and no less.
  const counted = ended.filter(({ state }) => state === 'done').map(({ subtask }) => subtask);
  if (answer) expect(saysOf(answer)).toEqual(counted.sort());
  expect(answer !== undefined).toBe(outcome === 'completed');
  const decided = of(events, 'join.decided');
  const isCut = crossedBy === 'deadline' || crossedBy === 'cancel';
  const needed = { bestEffort: 4, all: 4, quorum: 2, first: 1 }[join.kind];
  const least = join.kind === 'bestEffort' ? 1 : needed;
  if (outcome === 'completed') expect(counted.length).toBeGreaterThanOrEqual(isCut ? least : needed);
  if (!isCut) expect([outcome, counted.length]).toEqual(['completed', needed]);
  if (join.kind === 'quorum' || join.kind === 'first') expect(counted.length).toBeLessThanOrEqual(needed);
  else expect(decided.filter(({ why }) => !why.includes('at most'))).toEqual([]);
  expect(decided.length).toBeLessThanOrEqual(1);
  if (outcome === 'cancelled') expect(crossedBy).toBe('cancel');
  if (outcome === 'failed') expect(crossedBy).toBe('deadline');
}

test('whatever order, repeats, lateness, second lives, pauses, deadlines and cancels there are, what counted gives one answer', async () => {
  const answers = new Map<string, { seed: number; text: string }>();
  const failures: string[] = [];
  const stories = ASKED.map(storyOf);
  for (let at = 0; at < stories.length; at += 4)
    await Promise.all(
      stories.slice(at, at + 4).map(async (story) => {
        try {
          const played = await play(story);
          check(played);
          if (!played.answer) return;
          const { sections, citations } = played.answer;
          const text = JSON.stringify({ sections, citations });
          const key = saysOf(played.answer).join();
          const known = answers.get(key) ?? { seed: story.seed, text };
          answers.set(key, known);
          if (known.text !== text)
            failures.push(`seeds ${known.seed} and ${story.seed} differ: ${known.text} / ${text}`);
        } catch (error) {
          failures.push(`seed ${story.seed} (${JSON.stringify(story)}): ${String(error)}`);
        }
      }),
    );
  expect(failures).toEqual([]);
  await until('all are among those that closed, and agree', async () => (await differencesIn(it_.store)).length === 0);
}, 600_000);
