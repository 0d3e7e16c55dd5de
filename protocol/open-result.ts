// open-result.ts: a result that lacks only what the last step of its task makes. The step's Activity completes it and puts it
// into the store, so that nobody who is told of the answer has to wait for another step that saves it.

import type { Answer } from './answer.ts';
import { bookUsage, booksOf, inResult, keepAccount, newFailovers } from './books.ts';
import type { Coverage } from './coverage.ts';
import type { Account } from './outcome.ts';
import type { TaskResult } from './result.ts';

/** Without the answer itself, which the Activity has, and without the coverage, which stands beside it. */
export type OpenResult = Omit<TaskResult, 'answer' | 'coverage'>;

export interface LastStep {
  /** As its failovers name it. */
  step: string;
  account: Account;
  /** The answer and the data as they are now; a very large one is only in the store. */
  answerRef: string;
  answer?: Answer;
  dataRef?: string;
  data?: unknown;
  /** Where no step before said so: who answered, from which documents, and when the first step of the task was given out. */
  by?: Pick<TaskResult, 'model' | 'corpusRef'> & { startedAt: number };
  /** What coverage must say of it, in sentences. */
  remarks: readonly string[];
}

/** @param now ms since the epoch: when the task has its answer. */
export function completeResult(open: OpenResult, coverage: Coverage, last: LastStep, now: number): TaskResult {
  const books = booksOf(open);
  bookUsage(books, last.account.usage);
  keepAccount(books, last.account, newFailovers(last.step, last.account, 0));
  const { answerRef, answer, dataRef, data, by: { startedAt, ...by } = {} } = last;
  return {
    ...open,
    ...by,
    ...inResult(books),
    answerRef,
    ...(answer ? { answer } : {}),
    ...(dataRef === undefined ? {} : { dataRef }),
    ...(data === undefined ? {} : { data }),
    coverage: { ...coverage, gaps: [...coverage.gaps, ...last.remarks] },
    timings: { ...(startedAt === undefined ? {} : { firstActivityAt: startedAt }), ...open.timings, closedAt: now },
  };
}

/** What coverage says of a field that the data had to do without. */
export const leftOutOfData = (what: string): string => `Left out of the data: ${what}.`;
