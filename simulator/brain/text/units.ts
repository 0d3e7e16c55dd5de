// units.ts: cuts a passage into what can be quoted: sentences, list items, table rows. Every unit is an exact slice
// of the text. One pass over the lines, whatever is in them: each is taken by the first form that fits it.

import { isEntry, isHeading, isQuestion } from './headings.ts';
import { helpEnd } from './help-lines.ts';
import { areFields, areGapped, arePairs, isProse, termIn } from './indented.ts';
import { leadIn } from './leads.ts';
import {
  blockEnd,
  endsCode,
  FENCE,
  frontMatterEnd,
  groupOf,
  isBareRow,
  isCutCode,
  isProseBlock,
  isUnderlined,
  ITEM,
  linesOf,
  LONG_UNDERLINE,
  NOISE,
  questionEnd,
  ROW,
  RULE_ROW,
  standsOver,
  UNDERLINE,
  UNSEEN,
  unseenEnd,
  type Line,
} from './lines.ts';
import { push, pushCode, pushHelp, pushSentences } from './push-units.ts';
import { bodyEnd, isLiteral, isNoOption, literalEnd, UNSEEN_DIRECTIVE, withoutTextBlocks } from './restructured.ts';
import { cellsOf } from './tables.ts';
import type { Unit } from './unit.ts';

/** A passage longer than this is read to here. */
const MAX_TEXT = 200_000;

/** A line that only leads elsewhere: an item of a table of contents, a row with the pages before and behind. */
const LEADS_ELSEWHERE =
  /^\s*[-*+] +\[[^[\]]+\]\(#[^()\s]*\)\s*$|^\s*\|[^|]*(?:<<|[«←])[^|]*\|\s*(?:up|home|top|index|contents)\s*\|[^|]*\|?\s*$/i;
/** The number and title of a section in bold: it says nothing of what stands below it. */
const NUMBERED_TITLE = /^\s*\*\*\d{1,3}(?:\.\d{1,3})+\.? [^*]+\*\*\s*$/;
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

/** A text that is being cut, and what is known of the place where that is. */
interface Page {
  readonly text: string;
  readonly lines: Line[];
  readonly isPlain: boolean;
  readonly units: Unit[];
  /** Of the table. */
  head: string[] | undefined;
  /** The row that names those below it, in a table with this head. */
  group: { name: string; head: string[] | undefined } | undefined;
  /** The heading. */
  under: string | undefined;
  /** The version of a changelog. */
  entry: string | undefined;
}

/** A form that lines have. */
interface Form {
  /** Whether it begins at a line. */
  fits: (page: Page, at: number, line: string) => boolean;
  /** Takes what has it as units. Returns the line behind. */
  take: (page: Page, at: number) => number;
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
  const page: Page = {
    text,
    lines,
    isPlain,
    units,
    head: columns,
    group: undefined,
    under: undefined,
    entry: undefined,
  };
  const first = lines.findIndex((line) => FENCE.test(line.text));
  let at = frontMatterEnd(lines);
  if (first > 0 && endsCode(written, first)) {
    pushCode(units, text, lines.slice(0, first));
    at = first + 1;
  }
  while (at < lines.length) {
    const done = units.length;
    const line = lines[at]?.text ?? '';
    at = FORMS.find(({ fits }) => fits(page, at, line))?.take(page, at) ?? at + 1;
    if (page.under !== undefined) for (const unit of units.slice(done)) unit.under = page.under;
  }
  leadIn(units, text);
  return units;
}

/** The first that fits takes a line. */
const FORMS: readonly Form[] = [
  { fits: (_, _at, line) => line.trim() === '', take: (_, at) => at + 1 },
  { fits: (_, _at, line) => LEADS_ELSEWHERE.test(line) || NUMBERED_TITLE.test(line), take: takeNoise },
  { fits: ({ lines }, at) => isLiteral(lines, at), take: takeLiteral },
  { fits: (_, _at, line) => UNSEEN.test(line), take: ({ lines }, at) => unseenEnd(lines, at) + 1 },
  { fits: (_, _at, line) => HTML_HEADING.test(line), take: takeHtmlHeading },
  { fits: (_, _at, line) => FENCE.test(line), take: takeFence },
  {
    fits: ({ lines, head }, at, line) => !isHeading(line) && (ROW.test(line) || isBareRow(lines, at, head)),
    take: takeRow,
  },
  {
    fits: ({ lines, isPlain }, at, line) =>
      isHeading(line) || isUnderlined(lines, at) || (isPlain && standsOver(lines, at)),
    take: takeHeading,
  },
  { fits: (_, _at, line) => isQuestion(line), take: takeQuestion },
  { fits: (_, _at, line) => UNSEEN_DIRECTIVE.test(line), take: ({ lines }, at) => bodyEnd(lines, at) + 1 },
  {
    fits: (_, _at, line) => NOISE.test(line) || UNDERLINE.test(line) || LONG_UNDERLINE.test(line),
    take: takeNoise,
  },
  {
    fits: ({ lines, isPlain }, at) => !isPlain && helpEnd(lines, at) >= 0,
    take: ({ units, text, lines }, at) => pushHelp(units, text, lines, at),
  },
  { fits: () => true, take: takeBlock },
];

const lineOf = ({ lines }: Page, at: number): Line => lines[Math.min(at, lines.length - 1)] as Line;

function takeNoise(page: Page, at: number): number {
  const { start, end } = lineOf(page, at);
  push(page.units, 'noise', page.text, start, end);
  return at + 1;
}

function takeLiteral({ units, text, lines }: Page, at: number): number {
  const last = literalEnd(lines, at);
  pushCode(units, text, lines.slice(at, last + 1).filter(isNoOption));
  return last + 1;
}

/** "<h3>", its words, "</h3>", each on a line of its own. */
function takeHtmlHeading(page: Page, at: number): number {
  const { start, end } = lineOf(page, at + 1);
  push(page.units, 'heading', page.text, start, end);
  page.under = page.units.at(-1)?.text;
  return Math.min(at + 1, page.lines.length - 1) + 1;
}

function takeFence(page: Page, at: number): number {
  const { units, text, lines } = page;
  page.head = undefined;
  const close = lines.findIndex((line, index) => index > at && FENCE.test(line.text));
  const end = close < 0 ? lines.length : close;
  pushCode(units, text, lines.slice(at + 1, end));
  return end + 1;
}

function takeRow(page: Page, at: number): number {
  const { units, text, lines } = page;
  const line = lineOf(page, at);
  const below = lines[at + 1]?.text ?? '';
  const isRuled = RULE_ROW.test(below) && below.includes('-');
  const cells = cellsOf(line.text);
  // A table that came out of a page or a sheet: its first row is its head.
  if (isRuled || (page.head?.length !== cells.length && !ROW.test(line.text) && !/\d/.test(line.text))) {
    page.head = cells;
    push(units, 'heading', text, line.start, line.end);
    return at + (isRuled ? 2 : 1);
  }
  const fits = ROW.test(line.text) || page.head?.length === cells.length;
  const group = fits ? groupOf(cells) : undefined;
  if (group !== undefined) {
    page.group = { name: group, head: page.head };
    push(units, 'noise', text, line.start, line.end);
  } else if (!RULE_ROW.test(line.text)) {
    push(units, 'row', text, line.start, line.end, fits ? page.head : undefined);
    const row = units.at(-1);
    if (row && page.group && page.group.head === page.head) row.lead = page.group.name;
  }
  return at + 1;
}

function takeHeading(page: Page, at: number): number {
  const { start, end, text } = lineOf(page, at);
  const hasLine = isUnderlined(page.lines, at) && !isHeading(text);
  push(page.units, 'heading', page.text, start, end);
  const heading = page.units.at(-1)?.text ?? '';
  if (isEntry(heading)) page.entry = heading;
  else if (hasLine || /^\s*##?\s/.test(heading)) page.entry = undefined;
  page.under = page.entry === undefined || page.entry === heading ? heading : `${page.entry} > ${heading}`;
  return at + (hasLine ? 2 : 1);
}

function takeQuestion(page: Page, at: number): number {
  const last = questionEnd(page.lines, at);
  push(page.units, 'heading', page.text, lineOf(page, at).start, lineOf(page, last).end);
  page.under = page.units.at(-1)?.text.replace(/\s+/g, ' ');
  return last + 1;
}

/** A paragraph, an item of a list, or what stands indented. */
function takeBlock(page: Page, at: number): number {
  const { units, text, lines, isPlain } = page;
  const line = lineOf(page, at);
  // The head of a table may go on below its first line.
  if (!/\S {3,}\S/.test(line.text)) page.head = undefined;
  const last = blockEnd(lines, at);
  const end = lineOf(page, last).end;
  const block = lines.slice(at, last + 1);
  const isItem = ITEM.test(line.text);
  const isIndented = /^(?: {4}|\t)/.test(line.text) && at > 0;
  const isSaid = (): boolean => isProseBlock(lines, at, last) || (isPlain && isProse(block));
  const isCode =
    !isItem && ((isIndented && !isSaid()) || (isPlain && areGapped(block)) || (at === 0 && isCutCode(block)));
  const term = isPlain && !isItem ? termIn(block) : undefined;
  if (term) {
    const to = lineOf(page, at + term.line).start + term.to;
    push(units, 'sentence', text, line.start, to);
    const named = units.at(-1);
    if (named) named.isTerm = true;
    pushSentences(units, 'sentence', text, to, end);
  } else if (isPlain && isIndented && (areFields(block) || arePairs(block))) {
    for (const { start, end } of block) push(units, 'item', text, start, end);
  } else if (isCode) pushCode(units, text, block);
  else pushSentences(units, isItem ? 'item' : 'sentence', text, line.start, end);
  return last + 1;
}
