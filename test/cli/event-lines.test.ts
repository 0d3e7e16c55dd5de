// event-lines.test.ts: one event, one line, nothing in it that a terminal would obey.

import type { TaskEventBody } from '../../protocol/events.ts';
import { eventLine } from '../../client/cli/render/event-lines.ts';
import { viewerFor } from '../../client/cli/render/viewer-for.ts';
import { gapLines } from '../../client/cli/render/summary.ts';
import type { Io } from '../../client/cli/terminal/io.ts';
import type { TaskStatus } from '../../client/index.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { CONTROL, event, HOSTILE, USAGE } from './support.ts';

const finding = { id: 's1/g1/1', claim: 'It retries four times.', at: 'a.md:12' };
const failure = { type: 'ModelUnavailable', message: 'the provider answered 503' } as const;

test.each<[TaskEventBody, string]>([
  [{ type: 'task.accepted', goal: 'Compare a and b', class: 'quick' }, 'task accepted, class quick: Compare a and b'],
  [
    { type: 'sources.reading', files: 1_200, of: 29_000, bytes: 4_100_000, ofBytes: 132_000_000, skipped: 3 },
    'reading: 1,200 of 29,000 files, 4 of 132 MB, 3 skipped',
  ],
  [
    { type: 'sources.ready', documents: 1, passages: 1_234, skipped: 2 },
    'sources ready: 1 document, 1,234 passages, 2 skipped',
  ],
  [
    {
      type: 'plan.ready',
      subtasks: [
        { id: 's1', title: 'Read a', kind: 'researcher', needs: [] },
        { id: 's2', title: 'Compare', kind: 'researcher', needs: ['s1'] },
      ],
    },
    'plan: s1 Read a; s2 Compare (after s1)',
  ],
  [
    {
      type: 'round.started',
      round: 2,
      why: ['“a” failed: no.', '“b” rests on one finding.'],
      subtasks: [{ id: 's3', title: 'Read c', kind: 'researcher', needs: ['s1'] }],
    },
    'round 2: s3 Read c (after s1); since “a” failed: no. “b” rests on one finding.',
  ],
  [
    { type: 'round.ended', round: 2, findings: 1, filled: ['s1', 's2'] },
    'round 2 brought 1 finding, and made up for what s1, s2 left open',
  ],
  [{ type: 'round.ended', round: 3, findings: 0, filled: [] }, 'round 3 brought 0 findings'],
  [
    {
      type: 'plan.proposed',
      hash: '5b41c0de'.repeat(8),
      subtasks: [{ id: 's1', title: 'Read a', kind: 'researcher', needs: [] }],
      estimate: { subtasks: 1, tokens: 60_000, seconds: 900, costUsd: 0.126 },
      until: new Date(2026, 0, 3, 12, 3, 1).getTime(),
    },
    'the plan waits for approval until 2026-01-03 12:03:01: 1 subtask, at most 60,000 tokens and 900 s, $0.13 (plan 5b41c0de5b41)',
  ],
  [
    {
      type: 'subtask.waiting',
      subtask: 's1',
      generation: 1,
      handles: [
        {
          handle: 'h',
          until: new Date(2026, 0, 2, 13, 0, 0).getTime(),
          ask: { question: 'Which?', choices: ['A', 'B'], default: 'A' },
        },
      ],
    },
    's1 asks: “Which?” [A | B] (until 13:00:00, then “A”)',
  ],
  [
    {
      type: 'subtask.replied',
      subtask: 's1',
      generation: 1,
      handle: 'h',
      from: 'person',
      reply: 'B',
      by: { name: 'anna', how: 'key' },
    },
    's1 was told by anna: B',
  ],
  [
    { type: 'subtask.replied', subtask: 's1', generation: 1, handle: 'h', from: 'default', reply: 'A' },
    's1 got no reply in time and goes on with its default: A',
  ],
  [
    { type: 'subtask.replied', subtask: 's1', generation: 1, handle: 'h', from: 'nobody' },
    's1 got no reply in time and goes on without one',
  ],
  [
    { type: 'reply.refused', subtask: 's1', generation: 1, handle: 'h', reason: '“C” is none of the choices' },
    's1 waits on: “C” is none of the choices',
  ],
  [{ type: 'outline.ready', headings: ['A', 'B'] }, 'outline: A; B'],
  [{ type: 'subtask.started', subtask: 's1', generation: 1 }, 's1 started'],
  [{ type: 'subtask.started', subtask: 's1', generation: 2 }, 's1 started again'],
  [{ type: 'subtask.finding', subtask: 's1', generation: 1, finding }, 's1 finding: It retries four times. (a.md:12)'],
  [
    { type: 'subtask.finding', subtask: 's1', generation: 1, finding, late: true },
    's1 finding (late): It retries four times. (a.md:12)',
  ],
  [
    { type: 'subtask.finished', subtask: 's1', generation: 1, state: 'done', findings: 2, usage: USAGE },
    's1 done: 2 findings, 12,345 tokens',
  ],
  [
    { type: 'subtask.finished', subtask: 's2', generation: 1, state: 'failed', findings: 0, usage: USAGE, failure },
    's2 failed: the provider answered 503 (ModelUnavailable), 0 findings, 12,345 tokens',
  ],
  [
    { type: 'subtask.resumed', subtask: 's1', generation: 1, turns: 2 },
    's1 was interrupted and goes on, 2 finished turns kept',
  ],
  [
    { type: 'subtask.remark', subtask: 's1', generation: 1, remark: 'A tool is missing.' },
    's1 remarks: A tool is missing.',
  ],
  [{ type: 'draft.updated', chars: 1_200, findings: 1 }, 'draft: 1 finding, 1,200 characters'],
  [
    { type: 'answer.so-far', round: 1, citations: 1, findings: 2, by: { name: 'ada', how: 'claimed' } },
    'answer so far for ada: 1 citation from 2 findings; the task goes on',
  ],
  [
    { type: 'answer.so-far', round: 2, citations: 0, findings: 0, by: { name: 'ada', how: 'key' }, failure },
    'ada asked for an answer so far, and none was written: the provider answered 503',
  ],
  [{ type: 'answer.ready', citations: 3 }, 'answer ready: 3 citations'],
  [{ type: 'task.closed', outcome: 'completed' }, 'task completed'],
  [{ type: 'task.closed', outcome: 'failed', failure }, 'task failed: the provider answered 503'],
])('a reader of the log gets %j as a sentence behind its time', (body, sentence) => {
  expect(eventLine(event(body))).toBe(`12:03:01 ${sentence}`);
});

test('a retrying sub-agent’s line says when it tries again', () => {
  const at = new Date(2026, 0, 2, 12, 3, 9).getTime();
  const line = eventLine(
    event({ type: 'subtask.retrying', subtask: 's1', generation: 1, at, failure } as unknown as TaskEventBody),
  );
  expect(line).toContain('s1 waits and tries again at 12:03:09: the provider answered 503');
});

test('a hostile document can’t drive the terminal through a finding', () => {
  const hostile = { ...finding, claim: `${HOSTILE}\nsecond line`, at: HOSTILE };
  const line = eventLine(event({ type: 'subtask.finding', subtask: 's1', generation: 1, finding: hostile }));
  expect(line).not.toMatch(CONTROL);
  expect(line).not.toContain('\n');
  expect(line).toContain('safe');
  expect(line).not.toContain('owned');
});

test('a reader of a log sees what the master’s steps are at: when one begins, and ever more seldom while it lasts', () => {
  const said: string[] = [];
  const io = { say: (line: string) => said.push(line.replace(/^\S+ /, '')) } as unknown as Io;
  const viewer = viewerFor(io, 't', {});
  const status = { taskId: 't', state: 'running', goal: 'g', startedAt: new Date(0), live: [] } satisfies TaskStatus;
  const step = (name: string, tokens: number): TaskStatus => ({
    ...status,
    step: { name, model: 'm', tokens, seconds: tokens },
  });
  viewer.status({ ...status, reading: 'embeds passage 8 of 90' });
  viewer.status(status);
  for (let look = 0; look < 9; look += 1) viewer.status(step('plan', look));
  viewer.status({ ...step('synthesize', 0), reading: HOSTILE });
  expect(said).toEqual([
    'documents: embeds passage 8 of 90',
    'planning: m is asked, 0 s',
    'planning: m has written about 1 token, 1 s',
    'planning: m has written about 3 tokens, 3 s',
    'planning: m has written about 7 tokens, 7 s',
    expect.stringMatching(/^documents: .*safe/),
    'writing the answer: m is asked, 0 s',
  ]);
  expect(said.join('')).not.toMatch(CONTROL);
  const programs = viewerFor(io, 't', { json: true });
  said.length = 0;
  programs.status(step('plan', 1));
  expect(said).toEqual([]);
});

test('why a task failed is left to what is said with what was kept: on a pipe it is told once', () => {
  const said: string[] = [];
  const viewer = viewerFor({ say: (line: string) => said.push(line) } as unknown as Io, 't', {});
  viewer.event(event({ type: 'task.closed', outcome: 'failed', failure }));
  expect(said).toEqual([expect.stringMatching(/ task failed$/)]);
});

test('a provider that is left again with each try of a step is told once, and another one, too', () => {
  const said: string[] = [];
  const io = { say: (line: string) => said.push(line) } as unknown as Io;
  const left = (from: string) =>
    event({ type: 'model.failover', subtask: 'plan', from, to: 'small', reason: 'ModelUnavailable' });
  const all = [left('big'), left('big'), left('middle'), left('big')];
  const short = viewerFor(io, 't', {});
  for (const one of all) short.event(one);
  expect(said.map((line) => /small: (\w+) failed/.exec(line)?.[1])).toEqual(['big', 'middle', 'big']);
  said.length = 0;
  const whole = viewerFor(io, 't', { verbose: true });
  for (const one of all) whole.event(one);
  expect(said).toHaveLength(4);
});

test('what a task did not find is said once, under each other, and nothing where nothing is missing', () => {
  const gaps = ['“Dates” failed: the model is away.', `Not read: ${HOSTILE}.`];
  const answer = { sections: [], citations: [], notes: [], gaps: [gaps[0] ?? ''] };
  const lines = gapLines({ coverage: { ...NO_COVERAGE, gaps }, answer }, 80);
  expect(lines.slice(0, 2)).toEqual(['Not found', '  – “Dates” failed: the model is away.']);
  expect(lines.join('\n').match(/Dates/g)).toHaveLength(1);
  expect(lines.join('')).not.toMatch(CONTROL);
  expect(gapLines({ coverage: NO_COVERAGE }, 80)).toEqual([]);
});
