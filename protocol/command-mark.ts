// command-mark.ts: tells two commands of one id apart, in a few bytes, where a whole one would be too much to keep. Runs in
// Workflows: no crypto. Nobody's safety rests on it.

import type { TaskCommand } from './task-commands.ts';
import { textMark } from './text-mark.ts';

/** Deeper than any command; anybody may send one that is nested without end. */
const DEEPEST = 16;

/** Alike for two commands that say the same, whoever sent them and when; a permanent form, as ids of Updates have it. */
export function commandMark({ v: _v, id: _id, at: _at, by: _by, ...body }: TaskCommand): string {
  return textMark(inOrder(body, 0));
}

/** As JSON, the keys of each object in order. */
function inOrder(value: unknown, depth: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (depth > DEEPEST) return '…';
  if (Array.isArray(value)) return `[${value.map((one) => inOrder(one, depth + 1)).join()}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${inOrder(field, depth + 1)}`).join()}}`;
}
