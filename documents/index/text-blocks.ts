// text-blocks.ts: reads a text's lines as blocks: headings, paragraphs, list items, tables, fenced code. Chunking packs them.

import type { TextShape } from '../extract/extracted.ts';
import { isOverline, isUnderline, plainMark, TitleLevels } from './underlines.ts';

export interface Block {
  kind: 'heading' | 'text' | 'fence';
  /** Offsets in the text; `end` is after the last line's own end, without blank lines. */
  start: number;
  end: number;
  /** First and last line, from 1. */
  line: number;
  endLine: number;
  /** Of headings. */
  level?: number;
  title?: string;
  /** Of tables: the cells of the head. */
  columns?: string[];
}

interface Line {
  start: number;
  text: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const ATX = /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/;
/** Alone on its line, with the words below it. */
const HTML_HEADING = /^<h([1-6])(?:\s[^<>]*)?>\s*$/i;
/** A comment of reStructuredText: two dots, and what stands indented below them. */
const COMMENT = /^\.\.[ \t]*$/;
const ITEM = /^ {0,3}(?:[-*+]|\d{1,3}[.)]|#\.)[ \t]+\S/;
/** `2.1.  Terms`, `Section 3. Scope`, `Appendix B - Names`: but neither a sentence nor a line of a table of contents. */
const NUMBERED =
  /^ {0,3}(?:(?:Chapter|CHAPTER|Section|SECTION|Article|ARTICLE|Appendix|APPENDIX)[ \t]+)?(\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6})[.):]?[ \t]+\p{Lu}[^.]*[^.\d\s]$/u;
/** `TERMS AND CONDITIONS`, `SYNOPSIS`. */
const CAPITALS = /^ {0,3}(?=(?:.*\p{Lu}){4})[\p{Lu}\d][\p{Lu}\d\s,'’"&()./:-]*$/u;
/** An entry of a changelog: `Version 4.3 (19 Jan 2020)`, `8.1.0`, `openssh (1:9.2p1-1) unstable; urgency=medium`. */
const ENTRY =
  /^(?:[a-z\d][\w.+-]* )?(?:(?:version|release) v?\d|\(?(?:\d:)?v?\d+\.\d)[\w.:~+-]*\)?(?:$|,?[ \t]+(?:[-–—(/]|[\p{L}-]+;).*|,?[ \t]+[^.]*\b\d{4}\b.*)$/iu;
/** As GNU has them: `* Noteworthy changes in release 4.9 (2022-11-06) [stable]`, and below it `** Bug fixes`. */
const OUTLINED_ENTRY =
  /^(?:\* )?(?:[\p{L}'’-]+ ){0,2}(?:changes|news|new|fixes|features) in (?:[\w+-]+ ){0,3}v?\d+\.\d/iu;
const OUTLINED = /^\*{2,4} \p{Lu}[^.]{2,58}[^.,;:\s]$/u;
/** A question of a list of such: `Q: Why is it slow?`, `Q3. …`. */
const QUESTION = /^ {0,3}(?:Q\d{0,3}|Question(?: \d{1,3})?)[.:)][ \t]+\S/;
/** One that nothing marks but that it stands alone: `Why is it slow?`. */
const BARE_QUESTION = /^ {0,3}(?:\d{1,3}(?:\.\d{1,3})*[.)]?[ \t]+)?\p{Lu}(?:[^.]|\.(?!\s))*\?[ \t]*$/u;
/** `History and Command Re-entry`: each word but the small ones with a capital. */
const TITLED =
  /^(?=.{4,60}$)\p{Lu}[\p{L}\p{N}'’/-]*(?: (?:\p{Lu}[\p{L}\p{N}'’/-]*|and|or|of|the|an?|in|on|to|for|with|by|from|as|at|vs))+$/u;
const ANSWER = /^ {0,3}(?:A\d{0,3}|Answer)[.:)](?:[ \t]|$)/;
const MAX_TITLE = 100;
const FRONT_MATTER_TITLE = /^title:[ \t]*["']?(.+?)["']?[ \t]*$/;

/** The blocks of a text in order; blank lines lie between them. */
export function readBlocks(text: string, shape: TextShape): Block[] {
  const lines = splitLines(text);
  const blocks: Block[] = [];
  let at = 0;
  if (shape === 'table')
    return [{ ...block('text', lines, 0, lines.length - 1), columns: cellsOf(lines[0]?.text ?? '') }];
  const levels = shape === 'markdown' ? new TitleLevels(lines) : undefined;
  if (levels) at = readFrontMatter(lines, blocks);
  while (at < lines.length) {
    if (isBlank(lines, at)) at += 1;
    else
      at =
        (shape === 'code' ? undefined : readQuestion(lines, at, blocks)) ??
        (levels ? readMarkdown(lines, at, blocks, levels) : readPlain(lines, at, blocks, shape));
  }
  return blocks;
}

function readMarkdown(lines: Line[], at: number, blocks: Block[], levels: TitleLevels): number {
  const text = lines[at]?.text ?? '';
  const fence = FENCE.exec(text);
  if (fence?.[1] && !(fence[1].startsWith('`') && fence[2]?.includes('`'))) {
    const end = fenceEnd(lines, at, fence[1]);
    blocks.push(block('fence', lines, at, end));
    return end + 1;
  }
  const level = HTML_HEADING.exec(text)?.[1];
  if (level !== undefined && !isBlank(lines, at + 1) && /^<\/h/i.test(lines[at + 2]?.text ?? '')) {
    const title = plainTitle(lines[at + 1]?.text ?? '');
    blocks.push({ ...block('heading', lines, at, at + 2), level: Number(level), title });
    return at + 3;
  }
  const atx = isInLiteral(lines, at) ? null : ATX.exec(text);
  if (atx?.[1] && atx[2]) {
    blocks.push({ ...block('heading', lines, at, at), level: atx[1].length, title: plainTitle(atx[2]) });
    return at + 1;
  }
  if (COMMENT.test(text) && /^\s+\S/.test(lines[at + 1]?.text ?? '')) {
    const end = commentEnd(lines, at);
    blocks.push(block('text', lines, at, end));
    return end + 1;
  }
  const below = lines[at + 1]?.text ?? '';
  if (startsOverlined(lines, at)) {
    const level = levels.of(text, true);
    blocks.push({ ...block('heading', lines, at, at + 2), level, title: plainTitle(below) });
    return at + 3;
  }
  if (isUnderline(below, text) && !ITEM.test(text) && text.length < 200 && !/^[\s|>]/.test(text)) {
    blocks.push({ ...block('heading', lines, at, at + 1), level: levels.of(below, false), title: plainTitle(text) });
    return at + 2;
  }
  let end = at;
  while (end + 1 < lines.length && !isBlank(lines, end + 1) && !startsBlock(lines, end + 1)) end += 1;
  if (end === at && blocks.length === 0 && isTitle(lines, at)) {
    blocks.push(titleBlock(lines, at, 1));
    return end + 1;
  }
  const { columns } = columnsOf(lines, at, end);
  if (columns) end = tableEnd(lines, end, columns.length);
  blocks.push({ ...block('text', lines, at, end), ...(columns && { columns }) });
  return end + 1;
}

/** The last row of a table whose rows stand on the lines where the file has them, with blank ones between. */
function tableEnd(lines: Line[], from: number, columns: number): number {
  let end = from;
  for (let next = nextFilled(lines, end + 1); isRow(lines, next, columns); next = nextFilled(lines, next + 1)) {
    if (next > end + 1 && RULE_ROW.test(lines[next + 1]?.text ?? '')) break;
    end = next;
  }
  return end;
}

const RULE_ROW = /^\|(?:\s*:?-+:?\s*\|)+\s*$/;
const isRow = (lines: Line[], at: number, columns: number): boolean =>
  /^\|.*\|\s*$/.test(lines[at]?.text ?? '') && cellsOf(lines[at]?.text ?? '').length === columns;

/** "# a comment", indented below "::" or below a directive: code of reStructuredText. */
function isInLiteral(lines: Line[], at: number): boolean {
  if (!/^ {1,3}#/.test(lines[at]?.text ?? '')) return false;
  let above = at - 1;
  while (above >= Math.max(0, at - MOST_LITERAL) && /^(?:\s|$)/.test(lines[above]?.text ?? '')) above -= 1;
  return /::\s*$|^\.\. /.test(lines[above]?.text ?? '');
}
const MOST_LITERAL = 200;

/** The last line of a comment: "# for parts" in it is no heading. */
function commentEnd(lines: Line[], at: number): number {
  let end = at;
  for (let next = at + 1; next < lines.length && /^(?:\s|$)/.test(lines[next]?.text ?? ''); next += 1)
    if (!isBlank(lines, next)) end = next;
  return end;
}

const titleBlock = (lines: Line[], at: number, level: number): Block => ({
  ...block('heading', lines, at, at),
  level,
  title: plainTitle((lines[at]?.text ?? '').replace(/^ {0,3}(?:#{1,6}|\*{1,4}) /, '')),
});

/** A short first line that stands alone: what a text without markup is called. */
function isTitle(lines: Line[], at: number): boolean {
  const text = (lines[at]?.text ?? '').trim();
  return (
    text.length <= MAX_TITLE &&
    /\p{L}/u.test(text) &&
    !/[:;,{]$/.test(text) &&
    at + 2 < lines.length &&
    isBlank(lines, at + 1)
  );
}

/** The level of a heading in a plain text, as RFCs, licences and manuals have them: marked, numbered, or all in capitals. */
function plainLevel(lines: Line[], at: number): number | undefined {
  const text = lines[at]?.text ?? '';
  const below = lines[at + 1]?.text ?? '';
  if (text.trim().length > MAX_TITLE) return undefined;
  const isOver = below.trim() === '';
  if (
    (ENTRY.test(text) || OUTLINED_ENTRY.test(text)) &&
    !isTitlePage(lines, at) &&
    (isOver || /^[ \t]*[-*•=]/.test(below))
  )
    return ENTRY_LEVEL;
  // A manual's words stand indented right below; those of a numbered line would make it an item of a list.
  if (CAPITALS.test(text)) return isOver || /^[ \t]/.test(below) ? ENTRY_LEVEL + 1 : undefined;
  if (!isOver) return undefined;
  const marked = ATX.exec(text)?.[1];
  if (marked) return marked.length;
  if (OUTLINED.test(text)) return ENTRY_LEVEL + 1;
  if (BARE_QUESTION.test(text)) return QUESTION_LEVEL;
  if (TITLED.test(text) && !isBlank(lines, nextFilled(lines, at + 1))) return ENTRY_LEVEL + 1;
  const numbered = NUMBERED.exec(text)?.[1];
  return numbered === undefined ? undefined : numbered.split('.').filter((part) => part !== '').length + ENTRY_LEVEL;
}

/** The version of a text, and not of what a changelog tells: who has the rights in it stands below. */
const isTitlePage = (lines: Line[], at: number): boolean =>
  /^\s*(?:copyright\b|©|\(c\) )/i.test(lines[nextFilled(lines, at + 1)]?.text ?? '');

/** Below the title of a text. Sections stand below an entry, and questions below sections. */
const ENTRY_LEVEL = 2;
const QUESTION_LEVEL = 6;

/** The last line of a question that begins here, before a blank line or its answer. */
function questionEnd(lines: Line[], at: number): number | undefined {
  if (!QUESTION.test(lines[at]?.text ?? '')) return undefined;
  let end = at;
  while (!isBlank(lines, end + 1) && !ANSWER.test(lines[end + 1]?.text ?? '')) end += 1;
  return end - at < MAX_QUESTION ? end : undefined;
}

const MAX_QUESTION = 5;

function readQuestion(lines: Line[], at: number, blocks: Block[]): number | undefined {
  const end = questionEnd(lines, at);
  if (end === undefined) return undefined;
  const text = lines.slice(at, end + 1).map((line) => line.text.trim());
  const title = plainTitle(text.join(' ').replace(/^\w[\w ]*[.:)]\s+/, ''));
  blocks.push({ ...block('heading', lines, at, end), level: QUESTION_LEVEL, title });
  return end + 1;
}

const NUMBER = /^\d{1,3}(?:\.\d{1,3})*[.)]?\s+/;

/** A heading with a line of `=` or `-` under it. */
function plainUnderlined(lines: Line[], at: number, isFirst: boolean): Block | undefined {
  const text = lines[at]?.text ?? '';
  const mark = plainMark(lines[at + 1]?.text ?? '');
  if (mark === undefined || text.length > MAX_TITLE || /^\s|\||\S {2,}\S/.test(text.replace(NUMBER, '')))
    return undefined;
  const level = isFirst ? 1 : mark === '=' ? ENTRY_LEVEL : ENTRY_LEVEL + 1;
  return { ...block('heading', lines, at, at + 1), level, title: plainTitle(text) };
}

/** The head of a table, when these lines are one: rows of as many cells, with or without a line under the first. */
function columnsOf(lines: Line[], from: number, to: number): { columns?: string[] } {
  if (to === from || !lines[from]?.text.includes('|')) return {};
  const columns = cellsOf(lines[from].text);
  const isTable = columns.length > 1 && cellsOf(lines[from + 1]?.text ?? '').length === columns.length;
  return isTable ? { columns } : {};
}

/** The cells of a row: between bars, tabs, semicolons or commas, whichever the row has. */
function cellsOf(row: string): string[] {
  const line = row.trim().replace(/^\||(?<!\\)\|$/g, '');
  const mark = ['|', '\t', ';'].find((one) => line.includes(one)) ?? ',';
  return line.split(mark === '|' ? /(?<!\\)\|/ : mark).map((cell) => cell.trim().replace(/^"|"$/g, ''));
}

/** Paragraphs; in code a blank line ends one only before a line that is not indented, so that functions stay whole. */
function readPlain(lines: Line[], at: number, blocks: Block[], shape: TextShape): number {
  if (shape === 'plain') {
    if (startsOverlined(lines, at)) {
      const level = blocks.length === 0 ? 1 : ENTRY_LEVEL;
      blocks.push({ ...block('heading', lines, at, at + 2), level, title: plainTitle(lines[at + 1]?.text ?? '') });
      return at + 3;
    }
    const underlined = plainUnderlined(lines, at, blocks.length === 0);
    if (underlined) {
      blocks.push(underlined);
      return at + 2;
    }
    const level = blocks.length === 0 && isTitle(lines, at) ? 1 : plainLevel(lines, at);
    if (level !== undefined) {
      blocks.push(titleBlock(lines, at, level));
      return at + 1;
    }
  }
  let end = at;
  for (let next = at + 1; next < lines.length; next += 1) {
    if (!isBlank(lines, next)) end = next;
    else if (shape === 'plain' || !/^[ \t})\]]/.test(lines[nextFilled(lines, next)]?.text ?? '')) break;
  }
  blocks.push({ ...block('text', lines, at, end), ...(shape === 'plain' ? columnsOf(lines, at, end) : {}) });
  return end + 1;
}

function nextFilled(lines: Line[], from: number): number {
  let at = from;
  while (at < lines.length && isBlank(lines, at)) at += 1;
  return at;
}

const startsOverlined = (lines: Line[], at: number): boolean =>
  isOverline(lines[at]?.text ?? '', lines[at + 1]?.text ?? '', lines[at + 2]?.text ?? '');

function startsBlock(lines: Line[], at: number): boolean {
  const text = lines[at]?.text ?? '';
  if (FENCE.test(text) || (ATX.test(text) && !isInLiteral(lines, at)) || ITEM.test(text)) return true;
  if (startsOverlined(lines, at)) return true;
  const below = lines[at + 1]?.text ?? '';
  // A table may stand right below what it is called.
  if (RULE_ROW.test(below) && text.startsWith('|')) return true;
  return isUnderline(below, text) && below.trim().length >= 3 && lines[at - 1]?.text.trim() === '';
}

function fenceEnd(lines: Line[], at: number, opening: string): number {
  for (let end = at + 1; end < lines.length; end += 1) {
    const text = (lines[end]?.text ?? '').trim();
    if (text.startsWith(opening) && text === text.charAt(0).repeat(text.length)) return end;
  }
  // Never closed: a fence in name only, which must not swallow the headings below it.
  return at;
}

/** Skips `---` … `---` at the top; its title is the first heading. */
function readFrontMatter(lines: Line[], blocks: Block[]): number {
  if (lines[0]?.text.trim() !== '---') return 0;
  const end = lines.findIndex((line, i) => i > 0 && line.text.trim() === '---');
  if (end < 1 || end > 60) return 0;
  const title = lines.slice(1, end).flatMap((line) => FRONT_MATTER_TITLE.exec(line.text)?.[1] ?? [])[0];
  blocks.push(
    title ? { ...block('heading', lines, 0, end), level: 1, title: plainTitle(title) } : block('text', lines, 0, end),
  );
  return end + 1;
}

function block(kind: Block['kind'], lines: Line[], from: number, to: number): Block {
  const last = lines[to];
  return {
    kind,
    start: lines[from]?.start ?? 0,
    end: (last?.start ?? 0) + (last?.text.length ?? 0),
    line: from + 1,
    endLine: to + 1,
  };
}

/** A heading's words without its markup: badges, links, anchors, emphasis. */
function plainTitle(title: string): string {
  return title
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/[`*]|\{#[^}]*\}/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 160);
}

const isBlank = (lines: Line[], at: number): boolean => (lines[at]?.text ?? '').trim() === '';

function splitLines(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    // What DocBook writes as text has spaces that do not break: "Chapter\u00a01."
    const found = { start, text: line.replaceAll('\u00a0', ' ') };
    start += line.length + 1;
    return found;
  });
}
