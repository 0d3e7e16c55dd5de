// newer-worker.test.ts: a worker that is newer than this program says what the program does not know. It is shown plainly,
// and nothing crashes.

import { eventLine } from '../../client/cli/render/event-lines.ts';
import { errorText, reportError } from '../../client/cli/render/errors.ts';
import { newView, applyEvent, applyStatus } from '../../client/cli/render/task-view.ts';
import { treeLines } from '../../client/cli/render/tree-lines.ts';
import { completedResult } from '../../client/task-end.ts';
import { commandProblem, type SubAgentCommand } from '../../protocol/commands.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import type { TaskEventBody } from '../../protocol/events.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { event, noColours, USAGE } from './support.ts';

const newEvent = event({ type: 'subtask.sang', subtask: 's1' } as unknown as TaskEventBody, 7);

test('an unknown event is a line with its name', () => {
  expect(eventLine(newEvent)).toBe('12:03:01 subtask.sang (not known to this version of muster)');
});

test('an unknown event, stage or state leaves the live tree as it is, but for its name', () => {
  const view = newView('task-1', newEvent.at);
  applyEvent(
    view,
    event({ type: 'plan.ready', subtasks: [{ id: 's1', title: 'Sing', kind: 'singer', needs: [] }] }, 6),
  );
  const before = structuredClone(view.subtasks);
  applyEvent(view, newEvent);
  expect(view.lastEvent).toBe(7);
  expect(view.subtasks).toEqual(before);
  const subtask = { id: 's1', title: 'Sing', kind: 'singer', needs: [], state: 'singing', generation: 1, findings: 0 };
  const progress = {
    stage: 'rehearsing',
    usage: USAGE,
    coverage: NO_COVERAGE,
    lastEvent: 8,
    subtasks: [{ ...subtask, turns: 1, usage: USAGE }],
  } as unknown as Progress;
  const at = new Date(newEvent.at);
  applyStatus(view, { taskId: 'task-1', state: 'running', goal: 'g', startedAt: at, progress, live: [] });
  const lines = treeLines(view, { columns: 100, rows: 20 }, newEvent.at, noColours);
  expect(lines[2]).toMatch(/^rehearsing .*1 singing$/);
  expect(lines[3]).toMatch(/^\? s1 {2}Sing {2}singing/);
});

test('a task that ended in an unknown way, or of an unknown failure, is an error in words', () => {
  const result = {
    taskId: 'task-1',
    outcome: 'expired',
    coverage: { done: 0, subtasks: [] },
  } as unknown as TaskResult;
  const wordsOf = (one: TaskResult): string => {
    try {
      completedResult(one);
      return '';
    } catch (error) {
      return errorText(reportError(error), noColours);
    }
  };
  expect(wordsOf(result)).toMatch(/^muster: task task-1 failed: the task ended as "expired"\.\n {2}Kept: /);
  const failure = { type: 'OutOfTune', message: 'it was flat' };
  expect(wordsOf({ ...result, outcome: 'failed', failure } as unknown as TaskResult)).toMatch(
    /it was flat\.\n[^]*Next: This version of Muster does not know this failure: update it\.\n$/,
  );
});

test('an unknown command is refused in words', () => {
  const command = { id: 'c1', at: 1, kind: 'sing' } as unknown as SubAgentCommand;
  expect(commandProblem(command)).toBe('this version of Muster knows no command "sing"');
});
