// handbook.ts: the documents and the goal of the bench's tasks: a plant with a hundred parts, ten to a chapter.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CHAPTERS = 10;
const PARTS_A_CHAPTER = 10;

/** A goal that the scripted model splits into this many subtasks. */
export const goalOf = (parts: number): string => `Report on the first ${parts} parts of the plant.`;

/** The one fact about a part, word for word as it stands in the handbook. Behind the last part it begins anew. */
export const factOf = (asked: number): string => {
  const part = partOf(asked);
  return `Part ${part} holds ${part * 100} litres of coolant and is checked every ${part + 3} days.`;
};

export const sourceOf = (part: number): string => `chapter-${Math.ceil(partOf(part) / PARTS_A_CHAPTER)}.md`;

const partOf = (asked: number): number => ((asked - 1) % (CHAPTERS * PARTS_A_CHAPTER)) + 1;

/** Writes the handbook into a new folder. */
export function writeHandbook(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let chapter = 1; chapter <= CHAPTERS; chapter += 1) {
    const parts = Array.from({ length: PARTS_A_CHAPTER }, (_, i) => (chapter - 1) * PARTS_A_CHAPTER + i + 1);
    const text = [`# Chapter ${chapter}`, ...parts.map(sectionOf)].join('\n\n');
    writeFileSync(join(folder, `chapter-${chapter}.md`), `${text}\n`);
  }
}

const sectionOf = (part: number): string => `## Part ${part}

${factOf(part)} The crew that checks it writes the level into the book of its shift before anything is topped up, and
a level that fell since the last check is read a second time by somebody else.

Work on part ${part} needs both valves shut and a lock on each. The lock is taken off by whoever put it there.`;
