// books.ts: what a task used, as it adds up: for the master while the task runs, and for the Activity that makes its answer
// and completes its result with that.

import type { Account } from './outcome.ts';
import type { ModelFailover, TaskResult } from './result.ts';
import { addUsage, type Usage } from './usage.ts';

export interface Books {
  /** Of all steps and all lives of all subtasks. */
  spent: Usage;
  prompts: string[];
  failovers: ModelFailover[];
  notes: string[];
  /** By subtask; absent while it is not asked for. */
  bySubtask?: Usage['bySubtask'];
}

/** Failovers in the result; all of them are events. */
const MAX_FAILOVERS = 100;
const MAX_NOTES = 20;

export function bookUsage(books: Books, usage: Usage): void {
  books.spent = addUsage(books.spent, usage);
}

/** The failovers of an account after the first `known`, which were kept before. */
export const newFailovers = (where: string, { failovers = [] }: Account, known: number): ModelFailover[] =>
  failovers.slice(known).map(({ from, to, type }) => ({ where, from, to, reason: type }));

/** Keeps prompts and notes that are not kept yet, and these failovers. */
export function keepAccount(books: Books, account: Account, failovers: readonly ModelFailover[]): void {
  for (const note of account.notes ?? [])
    if (books.notes.length < MAX_NOTES && !books.notes.includes(note)) books.notes.push(note);
  for (const prompt of account.prompts ?? []) if (!books.prompts.includes(prompt)) books.prompts.push(prompt);
  books.failovers.push(...failovers.slice(0, MAX_FAILOVERS - books.failovers.length));
}

/** The books as a result has them. */
export const inResult = ({
  spent,
  prompts,
  failovers,
  notes,
  bySubtask,
}: Books): Pick<TaskResult, 'usage' | 'prompts' | 'failovers' | 'notes'> => ({
  usage: { ...spent, ...(bySubtask ? { bySubtask } : {}) },
  ...(prompts.length > 0 ? { prompts: [...prompts].sort() } : {}),
  ...(failovers.length > 0 ? { failovers } : {}),
  ...(notes.length > 0 ? { notes } : {}),
});

/** The books that a result was made from. */
export const booksOf = ({
  usage,
  prompts = [],
  failovers = [],
  notes = [],
}: Pick<TaskResult, 'usage' | 'prompts' | 'failovers' | 'notes'>): Books => ({
  spent: usage,
  ...(usage.bySubtask ? { bySubtask: usage.bySubtask } : {}),
  prompts: [...prompts],
  failovers: [...failovers],
  notes: [...notes],
});
