// questions.ts: the question sets: what is asked, and the lines of our dependencies' documents that answer it.
// Odd ids are for tuning, even ids are held out: look at those only to report.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Question {
  id: string;
  split: 'tune' | 'held-out';
  kind: string;
  question: string;
  /** Lines that must be read to answer it. */
  gold: { file: string; line: number }[];
}

/** The package's own folder, from dist/bench/recall. */
export const PROJECT = join(import.meta.dirname, '../../..');

/** All questions, in the order of their ids. */
export const readQuestions = (): Question[] =>
  ['a', 'b'].flatMap((set) => readJson<Question[]>(`questions-${set}.json`));

/** The files that questions are asked over, relative to node_modules. */
export const readFileNames = (): string[] => ['a', 'b'].flatMap((set) => readJson<string[]>(`corpus-${set}.json`));

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(PROJECT, 'bench/recall', name), 'utf8')) as T;
}
