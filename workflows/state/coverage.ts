// coverage.ts: what the answer rests on so far, and the gaps in sentences. Read at the end and when somebody asks.

import type { PreparedSources } from '../../protocol/activities.ts';
import type { OpenSubtask } from '../../protocol/answer-so-far.ts';
import type { Coverage } from '../../protocol/coverage.ts';
import type { Failure } from '../../protocol/failures.ts';
import { filledIn, roundsIn, tellsGaps } from './lacks.ts';
import type { MasterState } from './state.ts';
import { isEnded, shownLife, stateOf, subtasksOf, type SubtaskState } from './tree.ts';

type Known = Pick<MasterState, 'tree' | 'sources' | 'remarks'>;

/** @param subtasks that it is about. Default: all of the tree. */
export function coverageOf({ tree, sources, remarks }: Known, subtasks = subtasksOf(tree)): Coverage {
  const rows = subtasks.map((subtask) => {
    const { findingCount: findings, findingsRef, failure, dataRef } = shownLife(subtask);
    const state = stateOf(subtask);
    return {
      subtask: subtask.spec.id,
      title: subtask.spec.title,
      state: isEnded(state) ? state : ('stopped' as const),
      findings,
      ...(findingsRef === undefined ? {} : { findingsRef }),
      ...(failure ? { failure } : {}),
      ...(dataRef === undefined ? {} : { dataRef }),
    };
  });
  const filled = filledIn(tree);
  const rounds = roundsIn(tree);
  const told = subtasks.map((subtask) => tellsGaps(subtask, filled));
  const countOf = (...states: string[]): number => rows.filter(({ state }) => states.includes(state)).length;
  return {
    done: countOf('done'),
    failed: countOf('failed'),
    skipped: countOf('skipped', 'stopped'),
    subtasks: rows,
    gaps: [
      ...rows.flatMap(({ state, title, failure }, at) =>
        !told[at] || state === 'done' ? [] : [gapOf(title, state, failure)],
      ),
      ...subtasks.flatMap((subtask, at) => (told[at] ? shownLife(subtask).missing : [])),
      ...skippedFiles(sources),
      ...remarks,
    ],
    ...(tree.merged ? { merged: tree.merged } : {}),
    ...(rounds.length > 0 ? { rounds } : {}),
  };
}

/** Of what has ended, beside what has not: who is at work was not stopped. */
export function coverageOfEnded(state: Known): { coverage: Coverage; open: SubtaskState[] } {
  const [ended, open]: [SubtaskState[], SubtaskState[]] = [[], []];
  for (const subtask of subtasksOf(state.tree)) (isEnded(stateOf(subtask)) ? ended : open).push(subtask);
  return { coverage: coverageOf(state, ended), open };
}

/** The same where somebody wants an answer of it: what has not ended is no gap for good, and is told as one that may close. */
export function coverageSoFar(state: Known): { coverage: Coverage; open: OpenSubtask[] } {
  const { coverage, open } = coverageOfEnded(state);
  const awaited = open.map(({ spec }) => `“${spec.title}” is not done yet.`);
  return {
    coverage: { ...coverage, gaps: [...awaited, ...coverage.gaps] },
    open: open.map((subtask) => ({
      subtask: subtask.spec.id,
      title: subtask.spec.title,
      state: stateOf(subtask),
      findings: shownLife(subtask).findingCount,
    })),
  };
}

function gapOf(title: string, state: string, failure: Failure | undefined): string {
  return failure ? `“${title}” ${state}: ${failure.message}` : `“${title}” was ${state} before it was done.`;
}

function skippedFiles(sources: PreparedSources | undefined): string[] {
  if (!sources || sources.skippedCount === 0) return [];
  const first = sources.skipped.slice(0, 3).map((file) => `${file.path} (${file.reason})`);
  const rest = sources.skippedCount - first.length;
  return [`Not read: ${first.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}.`];
}
