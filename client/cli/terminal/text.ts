// text.ts: text of models and documents made safe and fitting for a terminal. Nothing that passes here can move the
// cursor, set a title, change colours or turn the direction of writing.

import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

// Everything that drives a terminal, and the marks that reorder what a person reads; newline and tab stay.
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;
const CLUSTERS = new Intl.Segmenter();
const MIN_FOLD = 20;

/** The text without control characters and escape sequences. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, '');
}

/** The same on one line, spaces joined. */
export function oneLine(text: string): string {
  return plain(text.replace(/\s+/g, ' ')).trim();
}

/** Columns that the text takes on a terminal. */
export const columnsOf = (text: string): number => stringWidth(text);

/** The text on one line, in at most `columns`, with … where something is left out. */
export function cut(text: string, columns: number): string {
  const line = oneLine(text);
  if (columnsOf(line) <= columns) return line;
  if (columns < 1) return '';
  let kept = '';
  let left = columns - 1;
  // Signs that are drawn as one, as an emoji of several, are kept or left out as one.
  for (const { segment } of CLUSTERS.segment(line)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** The end of what is typed on one line, in at most `columns`. */
export function cutAtStart(text: string, columns: number): string {
  const line = plain(text.replace(/\s/g, ' '));
  if (columnsOf(line) <= columns) return line;
  let kept = '';
  for (const { segment } of [...CLUSTERS.segment(line)].reverse()) {
    if (columnsOf(kept) + columnsOf(segment) >= columns) break;
    kept = segment + kept;
  }
  return `…${kept}`;
}

/** Fills up with spaces to `columns`. */
export function pad(text: string, columns: number, side: 'left' | 'right' = 'right'): string {
  const fill = ' '.repeat(Math.max(0, columns - columnsOf(text)));
  return side === 'right' ? text + fill : fill + text;
}

/** Lines of at most `columns`; a word longer than a line is broken. Newlines of the text are kept. */
export const wrap = (text: string, columns: number): string[] =>
  wrapAnsi(plain(text), Math.max(1, columns), { hard: true }).split('\n');

/**
 * A message, painted or not, with its line ends: each line broken between words to fit `columns`, what follows under its own
 * indent. A word longer than a line stays whole, so that an address can be copied.
 */
export function fold(text: string, columns: number): string {
  const folded = text.split('\n').map((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    const room = Math.max(MIN_FOLD, columns - indent.length);
    return indent + wrapAnsi(line.slice(indent.length), room).replaceAll('\n', `\n${indent}`);
  });
  return folded.join('\n');
}

/** One line of NDJSON; nothing in it drives a terminal either. */
export const jsonLine = (value: unknown): string => `${safeJson(value)}\n`;

/** The same over several lines. */
export const jsonText = (value: unknown): string => `${safeJson(value, 2)}\n`;

function safeJson(value: unknown, indent?: number): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replace(CONTROL, escape);
}

export { counted, formatCount } from '../../../protocol/counted.ts';

/** `8 s`, `2 min 05 s`, `1 h 03 min` */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
}
