// file-outcomes.ts: the class history as files: one for the rows of a task in a group, made once and never changed, so that any
// number of processes may write. Its name says when and how many, so that the oldest can go without being read.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_ROWS } from '../protocol/class-history.ts';
import { createExclusively, readJsonIfThere } from './durable-files.ts';
import { namesIn } from './kept-files.ts';
import { checkedName } from './names.ts';
import type { OutcomeGroup } from './outcome-groups.ts';

/** @returns false when they were there. */
export async function noteInFile(folder: string, { group, run, endedAt, rows }: OutcomeGroup): Promise<boolean> {
  const place = placeOf(folder, group);
  const names = await rowFilesIn(place);
  if (names.some((name) => FILE.exec(name)?.groups?.run === checkedName(run))) return false;
  const made = `${String(endedAt).padStart(15, '0')}-${rows.length}-${run}.json`;
  const isNew = await createExclusively(join(place, made), JSON.stringify(rows));
  const over = beyond([...names, made].sort().reverse());
  await Promise.all(over.map((name) => rm(join(place, name), { force: true })));
  return isNew;
}

/** The newest rows, at most so many. */
export async function outcomesInFiles<Row>(folder: string, group: string, most: number): Promise<Row[]> {
  const place = placeOf(folder, group);
  const rows: Row[] = [];
  for (const name of (await rowFilesIn(place)).sort().reverse()) {
    if (rows.length >= most) break;
    rows.push(...((await readJsonIfThere<Row[]>(join(place, name))) ?? []));
  }
  return rows.slice(0, most);
}

/** The names, newest first, that stand behind enough rows. */
function beyond(names: string[]): string[] {
  let rows = 0;
  const from = names.findIndex((name) => {
    const isOver = rows >= MOST_ROWS;
    rows += Number(FILE.exec(name)?.groups?.rows ?? 0);
    return isOver;
  });
  return from < 0 ? [] : names.slice(from);
}

const FILE = /^\d+-(?<rows>\d+)-(?<run>.+)\.json$/;

/** Without those that somebody is just writing. */
const rowFilesIn = async (place: string): Promise<string[]> => (await namesIn(place)).filter((name) => FILE.test(name));

const placeOf = (folder: string, group: string): string => join(folder, 'outcomes', group);
