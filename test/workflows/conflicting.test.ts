// Findings that contradict each other, on the real server: the answer tells both sides with their sources, one sub-agent is asked
// which holds, within the budget, and what it found settles it or not. With a model the model judges.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerMarkdown, defineClass, type TaskInput } from '../../client/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { QUERIES } from '../../protocol/names.ts';
import type { Progress } from '../../protocol/progress.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain } from '../../simulator/server.ts';
import { scripted } from '../agents/scripted.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const GOAL = 'How long is a reserved seat held?';
const SAID = {
  'office.md': 'A reserved seat is held for 30 minutes.',
  'machine.md': 'A reserved seat is held for 45 minutes.',
  'minutes.md': 'In March the time of a reserved seat was raised from 30 minutes to 45 minutes.',
  'leaflet.md': 'A reserved seat is held for 1800 seconds.',
};
type Source = keyof typeof SAID;
const SIDES = [
  { source: 'office.md', value: '30 minutes' },
  { source: 'machine.md', value: '45 minutes' },
];

/** The verifier leaves the first claim out. */
const FIRST_FALLS = { claim: 1, verdict: 'unsupported', reason: 'it says so' };

let it_: TestDeployment;
let brain: Brain = offlineBrain;
const open = async (offline: boolean): Promise<void> => {
  it_ = await testDeployment({ brain: (request) => brain(request) });
  for (const [name, text] of Object.entries(SAID)) writeFileSync(join(it_.docs, name), `${text}\n`);
  await it_.startWorker({ provider: { offline } });
};
const found = (source: Source) => ({ claim: SAID[source], citations: [{ source, quote: SAID[source] }] });

/** Two subtasks that find these; and what is found by who is asked which of them holds. */
async function ask(
  sources: [Source, Source],
  {
    again = [],
    judged,
    ...input
  }: { again?: Source[]; judged?: (prompt: string) => unknown } & Partial<TaskInput> = {},
) {
  const asked: string[] = [];
  brain = scripted({
    plan: sources.map((source) => ({ title: source, goal: source })),
    turn: () => undefined,
    findings(goal) {
      if (!(goal in SAID)) asked.push(goal);
      return {
        findings: (goal in SAID ? [goal as Source] : again).map(found),
        missing: goal in SAID ? [] : ['nothing more'],
      };
    },
    other: (step, request) =>
      step === 'muster_conflicts' ? judged?.(JSON.stringify(request.messages)) : { verdicts: [FIRST_FALLS] },
  });
  const handle = await it_.client.start({ goal: GOAL, sources: [it_.docs], path: 'deep', ...input });
  const result = await handle.result();
  await until('it has closed', async () => !(await handle.isOpen()));
  const events: TaskEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  const history = await it_.client.temporal.workflow.getHandle(handle.taskId).fetchHistory();
  const steps = (history.events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: one }) => one?.activityType?.name ?? [],
  );
  const { conflicts: seen } = await it_.client.temporal.workflow
    .getHandle(handle.taskId)
    .query<Progress>(QUERIES.progress);
  return { result, asked: [...new Set(asked)], events, steps, seen, spans: (await handle.trace()).spans };
}
const told = (events: TaskEvent[]) => events.filter(({ type }) => type.startsWith('conflict.'));

describe('by rule', () => {
  beforeAll(() => open(true));
  afterAll(() => it_.stop());

  test('two documents that contradict each other: one sub-agent is asked, and what stays open is told with both sources', async () => {
    const { result, asked, events, steps, seen, spans } = await ask(['office.md', 'machine.md']);
    const { answer, coverage } = result;
    expect(answer?.conflicts).toEqual([
      {
        about: 'reserved seat is held',
        sides: [
          { claim: SAID['office.md'], value: '30 minutes', source: 'office.md', citations: [1] },
          { claim: SAID['machine.md'], value: '45 minutes', source: 'machine.md', citations: [2] },
        ],
      },
    ]);
    expect(answer?.citations.map(({ source }) => source)).toEqual(['office.md', 'machine.md']);
    expect(answerMarkdown(answer!)).toContain(
      'The documents disagree about “reserved seat is held”: office.md says 30 minutes [1], machine.md says 45 minutes [2].',
    );
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/office\.md says 30 minutes.*machine\.md says 45 minutes.*Which of them holds\?/);
    expect(told(events)).toMatchObject([
      {
        type: 'conflict.found',
        sides: ['office.md says 30 minutes', 'machine.md says 45 minutes'],
        asks: 's3',
        kind: 'researcher',
      },
    ]);
    expect(seen).toEqual([{ about: 'reserved seat is held', sides: SIDES, asks: 's3' }]);
    // The one that is asked is in the trace as what it is; the writer looked, left, and wrote later: nothing was interrupted.
    expect(spans.find(({ attributes }) => attributes['muster.subtask'] === 's3')).toMatchObject({
      name: 'invoke_agent researcher',
      content: { 'muster.title': 'Which holds: reserved seat is held' },
    });
    expect(spans.find(({ name }) => name === 'synthesize')?.events.map(({ name }) => name)).toEqual([]);
    expect(steps.filter((step) => step === 'runSubAgents')).toHaveLength(3);
    // What it did not find is no gap of the answer, and it stands in the coverage.
    expect([coverage.subtasks.length, coverage.gaps, answer?.gaps]).toEqual([3, [], []]);
    expect(answer?.sections.flatMap(({ claims }) => claims)).toHaveLength(2);
  });

  test('what the sub-agent found settles it, and is cited for that', async () => {
    const { result, events, seen } = await ask(['office.md', 'machine.md'], { again: ['minutes.md'] });
    const { answer } = result;
    expect(seen).toEqual([{ about: 'reserved seat is held', sides: SIDES, asks: 's3', holds: 1 }]);
    expect(answer?.conflicts?.[0]?.settled).toEqual({ side: 1, claim: SAID['minutes.md'], citations: [3] });
    expect(answer?.citations[2]?.source).toBe('minutes.md');
    expect(answerMarkdown(answer!)).toContain(`45 minutes holds: “${SAID['minutes.md']}” [3]`);
    expect(told(events).map(({ type }) => type)).toEqual(['conflict.found', 'conflict.settled']);
    expect([result.coverage.done, result.coverage.gaps]).toEqual([3, []]);
    expect(told(events)[1]).toMatchObject({ value: '45 minutes', source: 'machine.md', finding: 's3/g1/1' });
  });

  test('findings that agree in another unit cost no step more', async () => {
    const { result, asked, events, steps, seen } = await ask(['office.md', 'leaflet.md']);
    expect([result.answer?.conflicts, asked, told(events), seen]).toEqual([undefined, [], [], undefined]);
    expect(steps.filter((step) => step === 'synthesize' || step === 'findConflicts')).toEqual(['synthesize']);
  });

  test('with nothing of the budget left nobody is asked, and the conflict is told all the same', async () => {
    const { result, asked, events } = await ask(['office.md', 'machine.md'], { limits: { tokens: 5_000 } });
    expect(result.answer?.conflicts).toHaveLength(1);
    expect(asked).toEqual([]);
    expect(told(events)[0]).not.toHaveProperty('asks');
  });

  test('a verified answer keeps the numbers of both sides', async () => {
    const verify = defineClass('verified', { verify: true });
    const { result } = await ask(['office.md', 'machine.md'], { class: verify, again: ['minutes.md'] });
    const { conflicts, citations } = result.answer!;
    expect(result.answer?.verified).toMatchObject({ dropped: 1 });
    const sources = [...conflicts![0]!.sides, conflicts![0]!.settled!].flatMap((one) =>
      one.citations.map((n) => citations[n - 1]?.source),
    );
    expect(sources).toEqual(['office.md', 'machine.md', 'minutes.md']);
  });
});

describe('by a model', () => {
  beforeAll(() => open(false));
  afterAll(() => it_.stop());

  test('a model that judges a candidate to be no conflict has it left out, and nobody is asked', async () => {
    const judged = () => ({ verdicts: [{ conflict: 1, verdict: 'none', holds: null, finding: null }] });
    const { result, asked, events, steps } = await ask(['office.md', 'machine.md'], { judged });
    expect([result.answer?.conflicts, asked, told(events)]).toEqual([undefined, [], []]);
    expect(steps.filter((step) => step === 'findConflicts')).toHaveLength(1);
    expect(result.prompts).toContain('conflicts/1');
  });

  test('a model says which side holds by a finding that there is; a verdict by none is asked for again, and left out', async () => {
    const judged = (prompt: string) => ({
      verdicts: [
        prompt.includes(SAID['minutes.md'])
          ? { conflict: 1, verdict: 'conflict', holds: 2, finding: 's3/g1/1' }
          : { conflict: 1, verdict: 'conflict', holds: 1, finding: 's9/g9/9' },
      ],
    });
    const { result, asked } = await ask(['office.md', 'machine.md'], { judged, again: ['minutes.md'] });
    expect(asked).toHaveLength(1);
    expect(result.answer?.conflicts?.[0]?.settled).toMatchObject({ side: 1, claim: SAID['minutes.md'] });
  });

  test('where the model can’t judge the rule stands', async () => {
    const { result } = await ask(['office.md', 'machine.md'], { judged: () => 'no verdict', again: ['minutes.md'] });
    expect(result.answer?.conflicts?.[0]?.settled).toMatchObject({ side: 1, claim: SAID['minutes.md'] });
  });
});
