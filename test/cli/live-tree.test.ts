// live-tree.test.ts: the tree of a running task: what it shows, within the terminal's size, and what it leaves behind.

import { LiveTree } from '../../client/cli/render/live-tree.ts';
import { newView, applyEvent, applyStatus, type TaskView } from '../../client/cli/render/task-view.ts';
import { columnsOf } from '../../client/cli/terminal/text.ts';
import { treeLines } from '../../client/cli/render/tree-lines.ts';
import type { TaskStatus } from '../../client/status.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { CONTROL, event, HOSTILE, noColours, USAGE } from './support.ts';

const T0 = event({ type: 'answer.ready', citations: 0 }).at;
const SECOND = 1_000;

function researching(agents: number): TaskView {
  const view = newView('compare-1234', T0);
  const subtasks = Array.from({ length: agents }, (_, i) => ({
    id: `s${i + 1}`,
    title: `Aspect ${i + 1}`,
    kind: 'researcher',
    needs: i === 1 ? ['s1'] : [],
  }));
  applyEvent(view, event({ type: 'task.accepted', goal: 'Compare a and b', class: 'standard' }, 1));
  applyEvent(view, event({ type: 'sources.ready', documents: 14, passages: 99, skipped: 0 }, 2));
  applyEvent(view, event({ type: 'plan.ready', subtasks }, 3));
  applyEvent(view, event({ type: 'subtask.started', subtask: 's1', generation: 1 }, 4));
  return view;
}

const progressOf = (lastEvent: number): NonNullable<TaskStatus['progress']> => ({
  taskId: 'compare-1234',
  state: 'running',
  stage: 'researching',
  goal: 'Compare a and b',
  headings: [],
  subtasks: [],
  draft: '',
  coverage: NO_COVERAGE,
  usage: NO_USAGE,
  lastEvent,
});

function status(over: Partial<TaskStatus> = {}): TaskStatus {
  const live = [
    { id: 's1', generation: 1, records: 3, turn: 2, tokens: 1_234, phase: 'turn 2: search_documents “retry”' },
  ];
  return { taskId: 'compare-1234', state: 'running', goal: 'Compare a and b', startedAt: new Date(T0), live, ...over };
}

test('a person sees of each sub-agent its state, turn, what it does, time and tokens', () => {
  const view = researching(2);
  applyStatus(view, status());
  const lines = treeLines(view, { columns: 120, rows: 30 }, T0 + 8 * SECOND, noColours);
  expect(lines[0]).toBe('Compare a and b');
  expect(lines[1]).toBe('compare-1234');
  expect(lines[2]).toBe('researching · 8 s · 1,234 tokens · 14 documents · 1 running, 1 planned');
  expect(lines[3]).toMatch(/^● s1 {2}Aspect 1 {2}running, turn 2: search_documents “retry” .* 0:08 +1,234 tok$/);
  expect(lines[4]).toMatch(/^○ s2 {2}Aspect 2 {2}waits for s1/);
});

test('the last tree tells the time that the result tells', () => {
  const view = researching(1);
  const outcome = 'completed' as const;
  applyEvent(view, { ...event({ type: 'task.closed', outcome }, 5), at: T0 + 20 * SECOND });
  const line = (): string | undefined => treeLines(view, { columns: 120, rows: 30 }, T0 + 30 * SECOND, noColours)[2];
  expect(line()).toMatch(/^completed · 20 s/);
  applyStatus(view, status({ state: outcome, closedAt: new Date(T0 + 19 * SECOND), live: [] }));
  expect(line()).toMatch(/^completed · 19 s/);
});

test('a finished, a failed and a retrying sub-agent say so', () => {
  const view = researching(3);
  const failure = { type: 'ModelUnavailable', message: 'the provider answered 503' } as const;
  const ended = { generation: 1, usage: USAGE };
  applyEvent(view, event({ type: 'subtask.finished', subtask: 's1', state: 'done', findings: 4, ...ended }, 5));
  applyEvent(
    view,
    event({ type: 'subtask.finished', subtask: 's2', state: 'failed', findings: 0, failure, ...ended }, 6),
  );
  applyEvent(view, event({ type: 'subtask.retrying', subtask: 's3', generation: 1, at: T0, failure }, 7));
  const text = treeLines(view, { columns: 120, rows: 30 }, T0, noColours).join('\n');
  expect(text).toMatch(/✓ s1 {2}Aspect 1 {2}done, 4 findings .*12,345 tok/);
  expect(text).toMatch(/✗ s2 {2}Aspect 2 {2}failed: the provider answered 503/);
  expect(text).toMatch(/↻ s3 {2}Aspect 3 {2}tries again.*: the provider answered 503/);
});

test('a sub-agent that was interrupted is seen to go on', () => {
  const view = researching(1);
  applyEvent(view, event({ type: 'subtask.resumed', subtask: 's1', generation: 1, turns: 2 }, 5));
  applyStatus(view, status());
  const text = treeLines(view, { columns: 120, rows: 30 }, T0, noColours).join('\n');
  expect(text).toMatch(/● s1 {2}Aspect 1 {2}resumed, turn 2/);
});

test('on a narrow terminal the line of the task leaves whole parts out, those that say least first', () => {
  const view = researching(2);
  applyStatus(view, status());
  Object.assign(view, { left: { basis: 'history', p50Ms: 11 * SECOND, p90Ms: 20 * SECOND } });
  const head = (columns: number) => treeLines(view, { columns, rows: 30 }, T0 + 8 * SECOND, noColours)[2];
  expect(head(120)).toBe(
    'researching · 8 s · about 11 s left, 9 of 10 within 20 s · 1,234 tokens · 14 documents · 1 running, 1 planned',
  );
  expect(head(100)).toBe(
    'researching · 8 s · about 11 s left, 9 of 10 within 20 s · 1,234 tokens · 1 running, 1 planned',
  );
  expect(head(80)).toBe('researching · 8 s · about 11 s left, 9 of 10 within 20 s · 1 running, 1 planned');
  expect(head(60)).toBe('researching · 8 s · 1 running, 1 planned');
});

test('before its first status a task is called by its id, once', () => {
  const head = (size: number): string[] =>
    treeLines(newView('compare-1234', T0), { columns: 60, rows: size }, T0, noColours);
  expect(head(30)).toEqual(['compare-1234', expect.stringMatching(/ · 0 s$/)]);
  expect(head(6)).toEqual(head(30));
});

test('a person is told when there is no worker', () => {
  const view = newView('compare-1234', T0);
  applyStatus(
    view,
    status({ state: 'queued', live: [], note: 'no worker polls muster-deep-1; muster worker starts one' }),
  );
  const lines = treeLines(view, { columns: 60, rows: 30 }, T0, noColours);
  expect(lines.at(-1)).toBe('! no worker polls muster-deep-1; muster worker starts one');
});

test('the command that a long note ends with stands on a line of its own, whole', () => {
  const view = newView('compare-1234', T0);
  const command = 'muster answer compare-what-harbour-9f2c41d07ab3 "…"';
  const note = `s1 asks: “Which service is meant?” (harbour | lighthouse): ${command}`;
  applyStatus(view, status({ note }));
  const shown = (columns: number) => treeLines(view, { columns, rows: 30 }, T0, noColours).slice(-2);
  expect(shown(80)).toEqual(['! s1 asks: “Which service is meant?” (harbour | lighthouse):', command]);
  expect(shown(160).at(-1)).toBe(`! ${note}`);
  // However long the question is.
  applyStatus(view, status({ note: `s1 asks: “${'Which? '.repeat(60)}”: ${command}` }));
  expect(shown(80).at(-1)).toBe(command);
});

test('a person sees what documents say differently, who is asked, and what holds: by events and by the status alike', () => {
  const sides = [
    { source: 'a.md', value: '30 minutes' },
    { source: 'b.md', value: '1 h' },
  ];
  const OPEN = 'the documents disagree about “seats”: a.md says 30 minutes, b.md says 1 h; s3 looks for which holds';
  const HOLDS = '“seats”: 1 h holds, as b.md says';
  const told = researching(1);
  const found = { about: 'seats', sides: ['a.md says 30 minutes', 'b.md says 1 h'], asks: 's3' };
  applyEvent(told, event({ type: 'conflict.found', ...found }, 5));
  applyEvent(told, event({ type: 'conflict.settled', about: 'seats', ...sides[1]!, finding: 's3/g1/1' }, 6));
  expect(told.remarks).toEqual([OPEN, HOLDS]);
  const progress = { ...progressOf(9), conflicts: [{ about: 'seats', sides, asks: 's3' }] };
  applyStatus(told, status({ progress }));
  expect(told.remarks).toEqual([OPEN]);
  applyStatus(
    told,
    status({ progress: { ...progress, conflicts: [{ about: 'seats', sides, asks: 's3', holds: 1 }] } }),
  );
  expect(told.remarks).toEqual([HOLDS]);
});

test('a person sees which subtasks a further round has, and what it brought: by events and by the status alike', () => {
  const told = researching(1);
  const again = [{ id: 's4', title: 'again', kind: 'researcher', needs: [] }];
  applyEvent(told, event({ type: 'round.started', round: 2, why: ['x'], subtasks: again }, 5));
  const lines = () => treeLines(told, { columns: 100, rows: 30 }, T0, noColours);
  expect(lines().find((line) => line.includes('s4'))).toMatch(/again +round 2: not started yet/);
  const BROUGHT =
    'Round 2 looked for what was missing, with 1 more subtask (s4): it added 3 findings, and made up for what s1 left open.';
  applyEvent(told, event({ type: 'round.ended', round: 2, findings: 3, filled: ['s1'] }, 6));
  expect(told.remarks).toEqual([BROUGHT]);
  const progress = progressOf(9);
  const rounds = [{ round: 2, why: ['x'], subtasks: ['s4'], findings: 3, filled: ['s1'] }];
  const state = 'done' as const;
  const counts = { needs: [], generation: 1, findings: 3, turns: 1, usage: USAGE };
  const s4 = { id: 's4', title: 'again', kind: 'researcher', state, ...counts, round: 2 };
  const ended = (endedAt: number | undefined) =>
    status({
      progress: {
        ...progress,
        coverage: { ...progress.coverage, rounds },
        subtasks: [{ ...s4, ...(endedAt === undefined ? {} : { endedAt }) }],
      },
    });
  applyStatus(told, ended(undefined));
  expect(told.remarks).toEqual([]);
  applyStatus(told, ended(T0));
  expect(told.remarks).toEqual([BROUGHT]);
  expect(lines().find((line) => line.includes('s4'))).toContain('round 2: ');
});

test('an older status does not take back what an event has told', () => {
  const view = researching(1);
  applyEvent(
    view,
    event({ type: 'subtask.finished', subtask: 's1', generation: 1, state: 'done', findings: 1, usage: USAGE }, 9),
  );
  applyStatus(view, status());
  expect(view.subtasks[0]).toMatchObject({ state: 'done', tokens: 12_345 });
  expect(view.subtasks[0]).not.toHaveProperty('phase');
});

test.each([
  [20, 5],
  [40, 10],
  [80, 24],
  [200, 60],
])('a tree of 100 sub-agents stays within %d columns and %d rows', (columns, rows) => {
  const view = researching(100);
  applyStatus(view, status({ note: 'attempt 3 of runSubAgents: '.repeat(20) }));
  const lines = treeLines(view, { columns, rows }, T0, noColours);
  expect(lines.length).toBeLessThan(rows);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  if (rows > 10) expect(lines.join('\n')).toMatch(/● s1 /);
  if (rows > 10) expect(lines.join('\n')).toMatch(/… and \d+ more: \d+ planned/);
});

test('after the end the tree tells of nothing that is still read or asked, whatever a late look says', () => {
  const view = researching(1);
  const status: TaskStatus = {
    taskId: 't',
    state: 'running',
    goal: 'g',
    startedAt: new Date(T0),
    live: [],
    reading: 'reads files: 5,000 of 5,000',
    step: { name: 'synthesize', model: 'm', tokens: 0, seconds: 1 },
  };
  applyStatus(view, status);
  const drawn = (): string => treeLines(view, { columns: 100, rows: 20 }, T0, noColours).join('\n');
  expect(drawn()).toContain('documents: reads files: 5,000 of 5,000');
  applyEvent(view, event({ type: 'sources.ready', documents: 14, passages: 99, skipped: 0 }, 5));
  expect(drawn()).not.toContain('documents: ');
  applyStatus(view, status);
  applyEvent(view, event({ type: 'task.closed', outcome: 'completed' }, 6));
  expect(drawn()).not.toMatch(/documents: |synthesize/);
  applyStatus(view, status);
  expect(drawn()).not.toMatch(/documents: |synthesize/);
  expect(drawn()).toContain('14 documents');
});

test('a hostile goal, title or phase can’t drive the terminal', () => {
  const view = researching(1);
  view.goal = HOSTILE;
  Object.assign(view.subtasks[0] ?? {}, { title: HOSTILE, phase: HOSTILE, id: HOSTILE });
  view.note = HOSTILE;
  for (const line of treeLines(view, { columns: 100, rows: 20 }, T0, noColours)) expect(line).not.toMatch(CONTROL);
});

test('the terminal gets its cursor back, and a line said meanwhile stands above the tree', () => {
  let written = '';
  const screen = { write: (text: string) => void (written += text), columns: 80, rows: 24 };
  const tree = new LiveTree(screen, noColours, 'compare-1234');
  tree.event(event({ type: 'task.accepted', goal: 'Compare a and b', class: 'standard' }, 1));
  tree.say('the task runs on');
  tree.end();
  tree.end();
  expect(written.startsWith('\u001b[?25l')).toBe(true);
  expect(written.endsWith('\u001b[?25h')).toBe(true);
  expect(written.split('\u001b[?25h').length).toBe(2);
  expect(written).toContain('\r\u001b[2Athe task runs on\u001b[K\nCompare a and b\u001b[K\n');
});

test('events that come together are drawn together', () => {
  jest.useFakeTimers();
  let draws = 0;
  const screen = { write: () => void (draws += 1), columns: 80, rows: 24 };
  const tree = new LiveTree(screen, noColours, 'compare-1234');
  const before = draws;
  for (let n = 1; n <= 500; n += 1) tree.event(event({ type: 'draft.updated', chars: n, findings: n }, n));
  jest.advanceTimersByTime(450);
  tree.end();
  expect(draws - before).toBeLessThanOrEqual(4);
  jest.useRealTimers();
});
