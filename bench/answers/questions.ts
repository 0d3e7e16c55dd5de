// questions.ts: the questions about folders that nobody here wrote, with what an answer must say and where that stands.
// Four sets: `tune` and `practice` to look at, `held-out` and `fresh` (other folders) to be opened once, for a report.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SETS = ['tune', 'practice', 'held-out', 'fresh'] as const;
export type SetName = (typeof SETS)[number];

export interface Question {
  id: string;
  /** A name in folders.json. */
  folder: string;
  kind: string;
  question: string;
  facts: Fact[];
  passages: Passage[];
  /** Set when something that is asked for is not in the folder, and the answer must say so: what that is. */
  gap?: string;
}

/** What must be said. */
export interface Fact {
  fact: string;
  /** Wordings of which one suffices; `a & b` asks for both, in any order. */
  any: string[];
}

/** Where a fact stands. */
export interface Passage {
  /** Relative to the folder. */
  file: string;
  /** Counts from 1. */
  line: number;
  /** Words of that line, on to the next ones. */
  text: string;
  /** The same words stand in several files, and each of them is as good. */
  copied?: true;
}

/** This folder's sources, from dist/bench/answers. */
export const HERE = join(import.meta.dirname, '../../../bench/answers');

export const readQuestions = (set: SetName): Question[] =>
  JSON.parse(readFileSync(join(HERE, `questions-${set}.json`), 'utf8')) as Question[];

/** Passages that do not stand where the questions say, as `id file:line`. Empty when the folders are those meant. */
export function misplaced(questions: readonly Question[], folders: string): string[] {
  return questions.flatMap(({ id, folder, passages }) =>
    passages.flatMap(({ file, line, text }) => {
      const lines = readFileSync(join(folders, folder, file), 'utf8')
        .split('\n')
        .slice(line - 1);
      const found = words(lines.slice(0, 8).join('\n')).indexOf(words(text));
      // It must begin on the first of them.
      return found >= 0 && found <= words(lines[0] ?? '').length ? [] : [`${id} ${file}:${line}`];
    }),
  );
}

/** With one space between words, so that line breaks don't count. */
const words = (text: string): string => text.replace(/\s+/g, ' ').trim();
