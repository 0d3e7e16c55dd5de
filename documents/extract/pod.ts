// pod.ts: POD, as Perl's documentation is written (perlpod), to Markdown. Each line of the text is that line of the file; those that
// say nothing to a reader, as the bounds of lists and what is meant for other formats, are blank.

import { podWords } from './pod-words.ts';

const COMMAND = /^=([a-z]\w{0,20})[ \t]*/i;
const HEADING = /^head([1-6])$/;
/** `*`, or a number, with what may follow. */
const BULLET = /^\*(?:\s+|$)/;
const NUMBER = /^(\d{1,4})[.)]?(?:\s+|$)/;
/** Formats whose text is meant for readers; a colon before a name says that it is POD. */
const READ = /^(?::|text\b)/;

/** The text of a document in POD, line by line. */
export function podText(content: string): string {
  const lines = content.split('\n').map((line) => line.replace(/\s+$/, ''));
  const lastEnd = lines.findLastIndex((line) => line.startsWith('=end'));
  const begins = lines.findIndex((line) => COMMAND.test(line));
  const out: string[] = [];
  // Not by `push(...many)`: its arguments lie on the stack.
  const add = (many: readonly string[]): void => many.forEach((line) => out.push(line));
  /** What the next paragraph begins with, that of an item of a list. */
  let mark = '';
  let depth = 0;
  for (let at = 0; at < lines.length;) {
    const end = paragraphEnd(lines, at);
    const first = lines[at] ?? '';
    const [typed, command] = COMMAND.exec(first) ?? [];
    if (command === undefined) {
      const text = lines.slice(at, end);
      // What stands above the first command is the code of a module.
      if (first === '' || at < begins) add(blank(end - at));
      else if (/^[ \t]/.test(first)) add(asCode(text));
      else add((mark + podWords(text.join('\n'))).split('\n'));
      if (first !== '') mark = '';
      at = end;
      continue;
    }
    const words = podWords([first.slice(typed?.length), ...lines.slice(at + 1, end)].join('\n')).split('\n');
    const [told = ''] = words;
    const level = HEADING.exec(command)?.[1];
    mark = '';
    if (command === 'begin' && !READ.test(told) && at < lastEnd) {
      const behind = endOfFormat(lines, at);
      add(blank(behind - at));
      at = behind;
      continue;
    }
    if (command === 'over') depth += 1;
    if (command === 'back') depth = Math.max(0, depth - 1);
    if (level !== undefined) add([`${'#'.repeat(Number(level))} ${unmarked(told)}`, ...words.slice(1)]);
    else if (command === 'item') {
      const within = '  '.repeat(Math.max(0, Math.min(depth, 4) - 1));
      const [, number] = NUMBER.exec(told) ?? [];
      const bare = told.replace(number === undefined ? BULLET : NUMBER, '');
      const begins = number !== undefined ? `${within}${number}. ` : BULLET.test(told) ? `${within}- ` : undefined;
      if (begins === undefined) add([told === '' ? '' : `**${unmarked(told)}**`, ...words.slice(1)]);
      else if (bare === '') add(['', ...words.slice(1)]);
      else add([begins + bare, ...words.slice(1)]);
      if (begins !== undefined && bare === '') mark = begins;
    } else add(blank(end - at));
    at = end;
  }
  return out.join('\n');
}

/** The line behind a paragraph: a blank line is one by itself. */
function paragraphEnd(lines: readonly string[], at: number): number {
  let end = at + 1;
  if (lines[at] !== '') while (end < lines.length && lines[end] !== '') end += 1;
  return end;
}

/** The line behind the `=end` of a format that is no text. */
function endOfFormat(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (end < lines.length && !lines[end]?.startsWith('=end')) end += 1;
  return end + 1;
}

/** Verbatim text, as far in as code is in Markdown. */
const asCode = (text: readonly string[]): string[] =>
  text.every((line) => /^(?: {4}|\t)/.test(line)) ? [...text] : text.map((line) => `    ${line}`);

const blank = (count: number): string[] => Array.from({ length: count }, () => '');

const unmarked = (text: string): string => text.replaceAll('**', '');
