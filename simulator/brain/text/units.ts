// units.ts: cuts a passage into what can be quoted: sentences, list items, table rows. Every unit is an exact slice
// of the text. One pass over the text, whatever is in it.

import { isAnswer, isBareHeading, isEntry, isHeading, isQuestion } from './headings.ts';
import { areFields, areGapped, arePairs, isProse, termIn } from './indented.ts';
import { leadIn } from './leads.ts';
import { bodyEnd, isLiteral, isNoOption, literalEnd, UNSEEN_DIRECTIVE, withoutTextBlocks } from './restructured.ts';
import { sentenceEnds } from './sentences.ts';
import { cellsOf, SPACED_ROW } from './tables.ts';
import { ITEM_MARK, MAX_QUOTE, MAX_WHOLE, type Unit, type UnitKind } from './unit.ts';

/** A passage longer than this is read to here. */
const MAX_TEXT = 200_000;

interface Line {
  start: number;
  end: number;
  text: string;
}

const FENCE = /^\s{0,3}(?:```|~~~)/;
const UNDERLINE = /^\s{0,3}(?:={3,}|-{3,})\s*$/;
/** reStructuredText has others, as long as the title or longer. */
const LONG_UNDERLINE = /^(?:~{4,}|"{4,}|'{4,}|#{4,}|\*{4,}|\+{4,}|\.{4,}|_{4,}|\^{4,})\s*$/;
const ITEM = new RegExp(String.raw`^\s*${ITEM_MARK}\s+`);
const ROW = /^\s*\|.*\|\s*$/;
const BARE_ROW = /\S +\| +\S/;
const RULE_ROW = /^[\s|:+-]+$/;
const NOISE =
  /^\s*(?:\[[^\]]{1,80}\]:\s|<[!/a-z][^>]*>\s*$|<!--|\.\. (?!note|warning|tip|important|caution|deprecated|version)[\w-]+::|\.\. (?:_[^:]+|\|[^|]+\|):|:[\w-]+=\S*:\s|\[?!\[|(?:\* \* \*|\*\*\*|___)\s*$|[a-z\d+/=]{40,}\s*$)/i;
/** A line that only leads elsewhere: an item of a table of contents, a row with the pages before and behind. */
const LEADS_ELSEWHERE =
  /^\s*[-*+] +\[[^[\]]+\]\(#[^()\s]*\)\s*$|^\s*\|[^|]*(?:<<|[«←])[^|]*\|\s*(?:up|home|top|index|contents)\s*\|[^|]*\|?\s*$/i;
/** The number and title of a section in bold: it says nothing of what stands below it. */
const NUMBERED_TITLE = /^\s*\*\*\d{1,3}(?:\.\d{1,3})+\.? [^*]+\*\*\s*$/;

const UNSEEN = /^\s{0,3}<(script|style)(?:\s[^<>]*)?>/i;
const HTML_HEADING = /^<h[1-6](?:\s[^<>]*)?>\s*$/i;

/** How a text is to be read. */
interface Reading {
  /** All of it is code, as in a source file. */
  isCode?: boolean;
  /** All of it is rows of one table. */
  isTable?: boolean;
  /** Nothing in it is marked up. */
  isPlain?: boolean;
  /** The head of the table that it begins in, when that stands in a passage before. */
  columns?: string[] | undefined;
}

/** The units of a text, in order. */
export function unitsOf(
  text: string,
  { isCode = false, isTable = false, isPlain = false, columns }: Reading = {},
): Unit[] {
  const units: Unit[] = [];
  const written = linesOf(text.slice(0, MAX_TEXT));
  const lines = withoutTextBlocks(written);
  if (isCode) {
    pushCode(units, text, lines);
    return units;
  }
  if (isTable) {
    const head = columns ?? cellsOf(lines[0]?.text ?? '');
    for (const line of columns ? lines : lines.slice(1)) push(units, 'row', text, line.start, line.end, head);
    return units;
  }
  const first = lines.findIndex((line) => FENCE.test(line.text));
  let head = columns;
  let rowsOf: { group: string; head: string[] | undefined } | undefined;
  let under: string | undefined;
  let entry: string | undefined;
  let at = frontMatterEnd(lines);
  const place = (from: number): void => {
    if (under !== undefined) for (const unit of units.slice(from)) unit.under = under;
  };
  if (first > 0 && endsCode(written, first)) {
    pushCode(units, text, lines.slice(0, first));
    at = first + 1;
  }
  for (let done = units.length; at < lines.length; place(done)) {
    done = units.length;
    const line = lines[at] as Line;
    if (line.text.trim() === '') {
      at += 1;
    } else if (LEADS_ELSEWHERE.test(line.text) || NUMBERED_TITLE.test(line.text)) {
      push(units, 'noise', text, line.start, line.end);
      at += 1;
    } else if (isLiteral(lines, at)) {
      const last = literalEnd(lines, at);
      pushCode(units, text, lines.slice(at, last + 1).filter(isNoOption));
      at = last + 1;
    } else if (UNSEEN.test(line.text)) {
      at = unseenEnd(lines, at) + 1;
    } else if (HTML_HEADING.test(line.text)) {
      // "<h3>", its words, "</h3>", each on a line of its own.
      const last = Math.min(at + 1, lines.length - 1);
      push(units, 'heading', text, (lines[last] as Line).start, (lines[last] as Line).end);
      under = units.at(-1)?.text;
      at = last + 1;
    } else if (FENCE.test(line.text)) {
      head = undefined;
      let last = at + 1;
      while (last < lines.length - 1 && !FENCE.test((lines[last] as Line).text)) last += 1;
      last = Math.min(last, lines.length - 1);
      pushCode(units, text, lines.slice(at + 1, FENCE.test((lines[last] as Line).text) ? last : last + 1));
      at = last + 1;
    } else if (!isHeading(line.text) && (ROW.test(line.text) || isBareRow(lines, at, head))) {
      const next = lines[at + 1];
      if (next && RULE_ROW.test(next.text) && next.text.includes('-')) {
        head = cellsOf(line.text);
        push(units, 'heading', text, line.start, line.end);
        at += 2;
      } else if (head?.length !== cellsOf(line.text).length && !ROW.test(line.text) && !/\d/.test(line.text)) {
        // A table that came out of a page or a sheet: its first row is its head.
        head = cellsOf(line.text);
        push(units, 'heading', text, line.start, line.end);
        at += 1;
      } else {
        const cells = cellsOf(line.text);
        const fits = ROW.test(line.text) || head?.length === cells.length;
        const group = fits ? groupOf(cells) : undefined;
        if (group !== undefined) {
          rowsOf = { group, head };
          push(units, 'noise', text, line.start, line.end);
        } else if (!RULE_ROW.test(line.text)) {
          push(units, 'row', text, line.start, line.end, fits ? head : undefined);
          const row = units.at(-1);
          if (row && rowsOf && rowsOf.head === head) row.lead = rowsOf.group;
        }
        at += 1;
      }
    } else if (isHeading(line.text) || isUnderlined(lines, at) || (isPlain && standsOver(lines, at))) {
      const hasLine = isUnderlined(lines, at) && !isHeading(line.text);
      push(units, 'heading', text, line.start, line.end);
      const heading = units.at(-1)?.text ?? '';
      if (isEntry(heading)) entry = heading;
      else if (hasLine || /^\s*##?\s/.test(heading)) entry = undefined;
      under = entry === undefined || entry === heading ? heading : `${entry} > ${heading}`;
      at += hasLine ? 2 : 1;
    } else if (isQuestion(line.text)) {
      const last = questionEnd(lines, at);
      push(units, 'heading', text, line.start, (lines[last] as Line).end);
      under = units.at(-1)?.text.replace(/\s+/g, ' ');
      at = last + 1;
    } else if (UNSEEN_DIRECTIVE.test(line.text)) {
      at = bodyEnd(lines, at) + 1;
    } else if (NOISE.test(line.text) || UNDERLINE.test(line.text) || LONG_UNDERLINE.test(line.text)) {
      push(units, 'noise', text, line.start, line.end);
      at += 1;
    } else {
      // The head of a table may go on below its first line.
      if (!/\S {3,}\S/.test(line.text)) head = undefined;
      const last = blockEnd(lines, at);
      const isIndented = /^(?: {4}|\t)/.test(line.text) && at > 0;
      const block = lines.slice(at, last + 1);
      const term = isPlain && !ITEM.test(line.text) ? termIn(block) : undefined;
      const isSaid = (): boolean => isProseBlock(lines, at, last) || (isPlain && isProse(block));
      const kind = ITEM.test(line.text)
        ? 'item'
        : (isIndented && !isSaid()) || (isPlain && areGapped(block))
          ? 'code'
          : 'sentence';
      if (term) {
        const end = (block[term.line] as Line).start + term.to;
        push(units, 'sentence', text, line.start, end);
        const named = units.at(-1);
        if (named) named.isTerm = true;
        pushSentences(units, 'sentence', text, end, (lines[last] as Line).end);
      } else if (isPlain && isIndented && (areFields(block) || arePairs(block))) {
        for (const { start, end } of block) push(units, 'item', text, start, end);
      } else if (kind === 'code') pushCode(units, text, block);
      else pushSentences(units, kind, text, line.start, (lines[last] as Line).end);
      at = last + 1;
    }
  }
  leadIn(units, text);
  return units;
}

/** The first line behind what stands between `---` and `---` above a page; 0 where nothing does. */
function frontMatterEnd(lines: readonly Line[]): number {
  if (lines[0]?.text.trim() !== '---' || !/^[\w.-]+:/.test(lines[1]?.text ?? '')) return 0;
  const end = lines.findIndex(({ text }, line) => line > 0 && text.trim() === '---');
  return lines.slice(1, Math.max(1, end)).every(({ text }) => FIELD.test(text)) ? end + 1 : 0;
}

const FIELD = /^(?:[\w.-]+:|\s|[-#]|$)/;

/** The last line of a program, or of styles, in a page: they say nothing to its reader. To the end, where they are cut off. */
function unseenEnd(lines: readonly Line[], at: number): number {
  const end = `</${UNSEEN.exec(lines[at]?.text ?? '')?.[1]?.toLowerCase() ?? ''}>`;
  let last = at;
  while (last < lines.length - 1 && !lines[last]?.text.toLowerCase().includes(end)) last += 1;
  return last;
}

/** The last line of a question with its mark: before a blank line, or its answer. */
function questionEnd(lines: readonly Line[], at: number): number {
  const end = lines.findIndex(({ text }, line) => line > at && (text.trim() === '' || isAnswer(text)));
  return (end < 0 ? lines.length : end) - 1;
}

/** A title with a line of marks under it. */
function isUnderlined(lines: readonly Line[], at: number): boolean {
  const [title, below] = [lines[at]?.text ?? '', lines[at + 1]?.text ?? ''];
  return (
    UNDERLINE.test(below) ||
    (LONG_UNDERLINE.test(below) && /\p{L}/u.test(title) && below.trim().length >= title.trim().length)
  );
}

/** A line between blank ones, or right above a table, that is a heading though nothing marks it. */
const standsOver = (lines: readonly Line[], at: number): boolean =>
  isBareHeading(lines[at]?.text ?? '') &&
  (lines[at - 1]?.text ?? '').trim() === '' &&
  ((lines[at + 1]?.text ?? 'x').trim() === '' || beginsTable(lines, at + 1));

const beginsTable = (lines: readonly Line[], at: number): boolean =>
  SPACED_ROW.test(lines[at]?.text ?? '') && isBareRow(lines, at, undefined);

/** What stands indented under an item, or under a question, and is said in sentences. */
function isProseBlock(lines: readonly Line[], from: number, to: number): boolean {
  const text = lines
    .slice(from, to + 1)
    .map((line) => line.text.trim())
    .join(' ');
  return (
    /^\p{Lu}/u.test(text) &&
    /[.!?:]["')]?$/.test(text) &&
    !CODE_LINE.test(text) &&
    /^\p{Lu}[\p{L}\p{N}'’-]*[,.]?(?: |$)/u.test(text)
  );
}

/** A row with nothing but a name in it, first or in all cells, names those below it. */
function groupOf([first = '', ...cells]: readonly string[]): string | undefined {
  const isAlone = cells.every((cell) => cell === '') || cells.every((cell) => cell === first);
  return isAlone && cells.length > 1 && /\p{L}/u.test(first) ? first : undefined;
}

/** A row without bars at its ends: among rows of as many cells, or of cells that stand under each other. */
function isBareRow(lines: readonly Line[], at: number, head: readonly string[] | undefined): boolean {
  const text = lines[at]?.text ?? '';
  const near = [at - 2, at - 1, at + 1, at + 2, at + 3].map((line) => lines[line]?.text ?? '');
  if (SPACED_ROW.test(text)) return near.some((line) => SPACED_ROW.test(line));
  if (!BARE_ROW.test(text)) return false;
  const cells = cellsOf(text).length;
  return head?.length === cells || near.some((line) => BARE_ROW.test(line) && cellsOf(line).length === cells);
}

/** The last line of the paragraph or list item that begins at `at`. */
function blockEnd(lines: Line[], at: number): number {
  let last = at;
  for (;;) {
    const next = lines[last + 1];
    if (!next || next.text.trim() === '') return last;
    if (FENCE.test(next.text) || isHeading(next.text) || ITEM.test(next.text) || ROW.test(next.text)) return last;
    if (NOISE.test(next.text) || isUnderlined(lines, last + 1) || MEANING.test(next.text)) return last;
    if (beginsTable(lines, last + 1)) return last;
    last += 1;
  }
}

/** ": It is …" below a term. */
const MEANING = /^ {0,3}:\s+\S/;

/** Whether a passage begins inside code, so that its first fence is the end of one. */
function endsCode(lines: readonly Line[], first: number): boolean {
  if (!/^\s*(?:```|~~~)\s*$/.test(lines[first]?.text ?? '')) return false;
  // Nothing that is open is opened with a name: "```json" behind a bare one.
  const next = lines.slice(first + 1).find((line) => FENCE.test(line.text));
  if (next && /[\p{L}\p{N}]/u.test(next.text)) return true;
  const before = lines.slice(0, first).filter((line) => line.text.trim() !== '');
  return before.filter((line) => CODE_LINE.test(line.text)).length * 2 > before.length;
}

const CODE_LINE =
  /[;{}(,[\]]\s*$|^\s*(?:\/\/|\/\*|\*(?!\*)|[)}\]]|(?:import|export|const|let|var|return|function|await)\b)/;

/** Code that stands where prose should: a passage cut inside its fence. */
const LOOKS_LIKE_CODE =
  /[;{}]\s*$|=>\s*[{(]|^\s*(?:import|export|const|let|var|return|await)\b.*[;({=]|^[\w$.]+\([^)]*\);?$/;

const COMMENT = /^\s*(?:\/\/+|\/\*+|\*+(?!\/)|#(?!!|[a-z]+\b(?=[<"]))) ?(?=\S)/;

/** Code is quoted by the line, and the comments in it by the sentence. */
function pushCode(units: Unit[], text: string, lines: readonly Line[]): void {
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] as Line;
    const mark = COMMENT.exec(line.text);
    if (!mark) {
      push(units, 'code', text, line.start, line.end);
      at += 1;
      continue;
    }
    let last = at;
    while (last + 1 < lines.length && COMMENT.test((lines[last + 1] as Line).text)) last += 1;
    const end = (lines[last] as Line).end;
    const slice = text.slice(line.start, end);
    pushSentences(
      units,
      'comment',
      text,
      line.start + mark[0].length,
      end - (/\s*\*+\/\s*$/.exec(slice)?.[0].length ?? 0),
    );
    at = last + 1;
  }
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const stop = text.indexOf('\n', start);
    const end = stop < 0 ? text.length : stop;
    lines.push({ start, end, text: text.slice(start, Math.min(end, start + 2000)) });
    start = end + 1;
  }
  return lines;
}

/** Cuts a block at the ends of sentences; the first part of a list item keeps its kind. */
function pushSentences(units: Unit[], kind: UnitKind, text: string, start: number, end: number): void {
  let from = start;
  // "1. Stop it.": the mark of an item ends no sentence.
  const mark = kind === 'item' ? (ITEM.exec(text.slice(start, end))?.[0].length ?? 0) : 0;
  for (const stop of [...sentenceEnds(text, start + mark, end), end]) {
    if (from >= stop) continue;
    for (let end = clauseEnd(text, from, stop); end < stop; end = clauseEnd(text, from, stop)) {
      push(units, from === start ? kind : 'sentence', text, from, end);
      from = end + (text[end] === ';' ? 1 : 0);
    }
    push(units, from === start || kind === 'comment' ? kind : 'sentence', text, from, stop);
    // The mark of the next comment line is no part of its sentence.
    const next = kind === 'comment' ? /^\s*\n\s*(?:\/\/+|\*+|#)\s*/.exec(text.slice(stop, stop + 200)) : null;
    from = stop + (next?.[0].length ?? 0);
  }
}

/** Where a sentence that is too long for a quote is cut: after a clause. */
function clauseEnd(text: string, from: number, stop: number): number {
  if (stop - from <= MAX_QUOTE) return stop;
  const stretch = text.slice(from, from + MAX_QUOTE);
  const at = Math.max(...['; ', ';\n', '--'].map((mark) => stretch.lastIndexOf(mark)));
  return at > MAX_QUOTE / 3
    ? from + at
    : from + Math.max(stretch.lastIndexOf(', '), stretch.lastIndexOf(' ', MAX_QUOTE / 2), MAX_QUOTE / 3) + 1;
}

function push(units: Unit[], kind: UnitKind, text: string, start: number, end: number, head?: string[]): void {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text[from] as string)) from += 1;
  while (to > from && /\s/.test(text[to - 1] as string)) to -= 1;
  // What is not Latin may count thrice where a quote is looked for.
  const most =
    kind === 'row' && !/[\u0250-\u1dff\u2e80-\uffff]/.test(text.slice(from, from + MAX_WHOLE)) ? MAX_WHOLE : MAX_QUOTE;
  if (to - from > most) {
    const space = text.lastIndexOf(' ', from + most);
    to = space > from + most / 2 ? space : from + most;
    if (/[\ud800-\udbff]/.test(text[to - 1] ?? '')) to -= 1;
  }
  if (to - from < 2) return;
  const slice = text.slice(from, to);
  units.push({
    kind: (kind === 'sentence' || kind === 'comment') && LOOKS_LIKE_CODE.test(slice) ? 'code' : kind,
    text: slice,
    start: from,
    end: to,
    ...(head && { head }),
    isCut: isCut(kind, slice, from, end, text),
  });
}

/** A passage ends between paragraphs as a rule; a long one may end, or begin, inside a sentence. */
function isCut(kind: UnitKind, slice: string, from: number, end: number, text: string): boolean {
  if (kind === 'sentence' && from < 3 && /^[\p{Ll},;)]/u.test(slice) && !/^[a-z]+\p{Lu}/u.test(slice)) return true;
  const isLast = end >= text.length - 2;
  return isLast && text.length > 400 && slice.length > 40 && !/[.!?。！？:;)\]"'”`*_|]$/.test(slice);
}
