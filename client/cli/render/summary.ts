// summary.ts: what a finished task cost and rests on, in one line.

import { spentOf } from '../../../protocol/budget.ts';
import type { AnswerSoFar } from '../../../protocol/answer-so-far.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { formatCount, counted, duration, oneLine, wrap } from '../terminal/text.ts';

export function summaryLine({ outcome, coverage, usage, timings, model, taskId, skipped }: TaskResult): string {
  const all = coverage.subtasks.length;
  const notes = [
    ...(usage.wastedTokens > 0 ? [`${formatCount(usage.wastedTokens)} reached no answer`] : []),
    ...(usage.estimatedTokens ? [`${formatCount(usage.estimatedTokens)} estimated`] : []),
  ];
  const noted = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  return oneLine(
    [
      all === 0 && outcome === 'completed'
        ? 'answered at once'
        : `${coverage.done} of ${counted(all, 'sub-agent')} done`,
      counted(usage.modelCalls, 'model call'),
      `${counted(spentOf(usage).tokens, 'token')}${noted}`,
      duration(timings.closedAt - timings.acceptedAt) + waited(timings),
      ...(skipped && skipped.count > 0 ? [`${counted(skipped.count, 'file')} not read (muster result --skipped)`] : []),
      ...(model ? [model.offline ? `${model.name} (offline)` : model.name] : []),
      taskId,
    ].join(' · '),
  );
}

/** What an answer so far rests on, in one line. */
export function soFarLine({ round, isNew, usage, coverage, open, stage, text, taskId }: AnswerSoFar): string {
  const all = coverage.subtasks.length + open.length;
  const atWork = open.filter(({ state }) => state !== 'planned').length;
  const cost = usage ? counted(spentOf(usage).tokens, 'token') : 'nothing paid';
  return oneLine(
    [
      round > 0 ? `so far, round ${round}` : text ? 'so far, not checked' : 'nothing is found yet',
      all === 0 ? stage : `${coverage.done} of ${counted(all, 'sub-agent')} done, ${atWork} at work`,
      ...(round === 0 ? [] : [isNew ? cost : 'nothing new since, nothing paid']),
      `the task goes on: muster watch ${taskId}`,
    ].join(' · '),
  );
}

/** Why a task failed; empty when it did not. */
export function failureLines({ failure }: Pick<TaskResult, 'failure'>, columns: number): string[] {
  return failure ? wrap(`! ${oneLine(failure.message)} (${failure.type})`, Math.max(20, columns)) : [];
}

/** What a finished task did not find or could not do, under each other; empty when nothing is missing. */
export function gapLines({ coverage, answer }: Pick<TaskResult, 'coverage' | 'answer'>, columns: number): string[] {
  const gaps = [...new Set([...(answer?.gaps ?? []), ...coverage.gaps])];
  if (gaps.length === 0) return [];
  const items = gaps.flatMap((gap) =>
    wrap(oneLine(gap), Math.max(20, columns - 5)).map((line, at) => `${at === 0 ? '  – ' : '    '}${line}`),
  );
  return ['Not found', ...items];
}

/** How much of the time it was paused, or waited for a person. */
const waited = ({ waitedMs = 0 }: TaskResult['timings']): string =>
  waitedMs < 1_000 ? '' : ` (${duration(waitedMs)} waited)`;
