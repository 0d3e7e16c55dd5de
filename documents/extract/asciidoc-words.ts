// asciidoc-words.ts: the words of a line of AsciiDoc as Markdown: what references, macros and attributes show. Each pattern looks
// only so far.

import type { NamedValues } from './named-values.ts';

/** What stands for a sign. */
export const SIGNS: ReadonlyMap<string, string> = new Map([
  ['empty', ''],
  ['sp', ' '],
  ['nbsp', ' '],
  ['vbar', '|'],
  ['plus', '+'],
  ['asterisk', '*'],
  ['tilde', '~'],
  ['backtick', '`'],
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['apos', "'"],
  ['quot', '"'],
  ['startsb', '['],
  ['endsb', ']'],
  ['caret', '^'],
  ['two-colons', '::'],
  ['two-semicolons', ';;'],
  ['cpp', 'C++'],
]);

const ATTRIBUTE = /\{([\w-]{1,60})\}/g;
const ANCHOR = /\[\[[^[\]]{1,120}\]\]|\[\[\[[^[\]]{1,120}\]\]\]/g;
/** `[.path]_Gemfile_` */
const ROLE = /\[[.#][\w.#% -]{0,80}\](?=[_*`#+])/g;
const REFERENCE = /<<([^<>,]{1,160})(?:,([^<>]{1,240}))?>>/g;
const CROSS = /\b(?:xref|link|mailto):([^\s[\]]{1,300})\[([^\]]{0,300})\]/g;
const ADDRESS = /\b(https?:\/\/[^\s[\]<>]{1,400})\[([^\]]{0,300})\]/g;
/** A link whose address another file gives. */
const ELSEWHERE = /\{[\w-]{1,60}\}[^\s[\]]{0,300}\[([^\]]{1,300})\]/g;
const IMAGE = /\b(?:image|icon):{1,2}[^\s[\]:]{1,240}\[([^\],]{0,240})[^\]]{0,240}\]/g;
const MENU = /\bmenu:([^[\]]{1,80})\[([^\]]{0,120})\]/g;
const KEYS = /\bkbd:\[([^\]]{1,80})\]/g;
const FOOTNOTE = /\bfootnote:[\w-]{0,60}\[([^\]]{0,600})\]/g;
const SHOWN = /\b(?:btn|pass|stem|asciimath|latexmath|indexterm2):[a-z,]{0,20}\[([^\]]{0,400})\]/g;
const PASSED = /(?<![\w+])\+{1,3}(?=[^\s+])([^+\n]{0,200}[^\s+])?\+{1,3}(?![\w+])/g;
const BOLD = /(?<![\w*\\])\*(?=[^\s*])([^*\n]{0,300}[^\s*])?\*(?![\w*])/g;

/** The words of a line. @param values what attributes stand for */
export function asciidocWords(line: string, values: NamedValues): string {
  return line
    .replace(ATTRIBUTE, (all, name: string) => values.get(name) ?? SIGNS.get(name.toLowerCase()) ?? all)
    .replace(ANCHOR, '')
    .replace(ROLE, '')
    .replace(REFERENCE, (_, id: string, text?: string) => (text ?? id).trim())
    .replace(CROSS, (_, target: string, text: string) => caption(text) || target)
    .replace(ADDRESS, (_, url: string, text: string) => (caption(text) ? `[${caption(text)}](${url})` : url))
    .replace(ELSEWHERE, (_, text: string) => caption(text))
    .replace(IMAGE, '$1')
    .replace(MENU, (_, first: string, rest: string) => (rest === '' ? first : `${first} > ${rest}`))
    .replace(KEYS, '`$1`')
    .replace(FOOTNOTE, (_, text: string) => (text === '' ? '' : ` (${text})`))
    .replace(SHOWN, '$1')
    .replace(PASSED, (all, text?: string) => text ?? all)
    .replace(BOLD, (all, text?: string) => (text === undefined ? all : `**${text}**`))
    .replace(/ \+$/, '');
}

/** A link's own words: without the mark that it opens elsewhere, and without its settings. */
const caption = (text: string): string =>
  text
    .replace(/,\s*(?:window|role|opts|options|id|subs|rel)=[^]*$/, '')
    .replace(/\^$/, '')
    .replace(/^"([^"]*)"$/, '$1')
    .trim();
