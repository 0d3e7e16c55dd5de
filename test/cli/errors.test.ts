// errors.test.ts: every ending of a command: its exit code, what happened, what was kept, what to do next.

import { reportError, errorText } from '../../client/cli/render/errors.ts';
import {
  KeyReusedError,
  MusterError,
  RequestRefusedError,
  StillRunningError,
  TaskCancelledError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
} from '../../client/errors.ts';
import { hintFor, type Failure } from '../../protocol/failures.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { CONTROL, HOSTILE, noColours, USAGE } from './support.ts';

const notAllowed: Failure = { type: 'SourceNotAllowed', message: '/etc is outside the folders that may be read' };
const keyRefused: Failure = { type: 'ModelKeyRefused', message: 'the provider refused the key' };

const failed: TaskResult = {
  v: 1,
  taskId: 't-1',
  run: 'r',
  outcome: 'failed',
  goal: 'g',
  failure: keyRefused,
  coverage: {
    done: 1,
    failed: 1,
    skipped: 1,
    subtasks: [
      { subtask: 's1', title: 'A', state: 'done', findings: 2 },
      { subtask: 's2', title: 'B', state: 'failed', findings: 0, failure: keyRefused },
      { subtask: 's3', title: 'C', state: 'skipped', findings: 0 },
    ],
    gaps: [],
  },
  usage: USAGE,
  timings: { acceptedAt: 0, closedAt: 1 },
};

test.each<[string, unknown, number]>([
  ['a refused request', new RequestRefusedError('the goal is empty'), 2],
  ['a key used for another request', new KeyReusedError('t-1'), 2],
  ['a task that is not there', new TaskNotFoundError('t-1'), 3],
  ['a source that may not be read', new TaskFailedError('t-1', notAllowed.message, { failure: notAllowed }), 4],
  ['no server', new UnreachableError('no Temporal server answers', 'Start one.'), 5],
  ['a task that still runs', new StillRunningError('t-1'), 6],
  ['a cancelled task', new TaskCancelledError('t-1'), 7],
  ['a failed task', new TaskFailedError('t-1', keyRefused.message, { failure: keyRefused, result: failed }), 1],
  ['anything else of the client', new MusterError('odd'), 1],
  ['a bug', new TypeError("Cannot read properties of undefined (reading 'x')"), 1],
])('a person who meets %s gets its exit code and no stack trace', (_what, error, exitCode) => {
  const report = reportError(error);
  expect(report.exitCode).toBe(exitCode);
  const text = errorText(report, noColours);
  expect(text).toMatch(/^muster: .+[.!?]\n/);
  expect(text).not.toMatch(/\n\s+at /);
});

test('a failed task’s error says what was done, what failed and why, what was kept and what to do', () => {
  const error = new TaskFailedError(
    't-1',
    keyRefused.message,
    { failure: keyRefused, result: failed },
    hintFor(keyRefused.type),
  );
  expect(errorText(reportError(error), noColours)).toBe(
    [
      'muster: task t-1 failed: the provider refused the key.',
      `  - s2 “B” failed: the provider refused the key (ModelKeyRefused: ${hintFor('ModelKeyRefused')})`,
      '  - s3 “C” skipped',
      '  Kept: 2 findings of 3 sub-agents, 1 of them done (muster result t-1 --json)',
      `  Next: ${hintFor('ModelKeyRefused')}`,
      '',
    ].join('\n'),
  );
});

test('a used key’s error names the task that it belongs to, untouched', () => {
  const text = errorText(reportError(new KeyReusedError('t-1')), noColours);
  expect(text).toMatch(/belongs to task t-1[^]*\n {2}Kept: task t-1, untouched[^]*\n {2}Next: Use a new key/);
});

test('a hostile model can’t drive the terminal through a failure’s message', () => {
  const text = errorText(reportError(new TaskFailedError('t-1', HOSTILE)), noColours);
  expect(text.replaceAll('\n', '')).not.toMatch(CONTROL);
});
