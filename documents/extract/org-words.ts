// org-words.ts: the words of a line of Org as Markdown: what links, macros, times and marks show. Each pattern looks only so far.

import type { NamedValues } from './named-values.ts';

/** What may stand before and behind a mark (Org's manual, "Emphasis and Monospace"). */
const BEFORE = String.raw`(?<![^\s\-("'{])`;
const BEHIND = String.raw`(?![^\s\-.,;:!?'")}\\[])`;
function marked(mark: string): RegExp {
  const own = `\\${mark}`;
  return new RegExp(`${BEFORE}${own}(?=[^\\s${own}])([^${own}\\n]{0,300}[^\\s${own}])${own}${BEHIND}`, 'g');
}

const CODE = [marked('~'), marked('=')];
const BOLD = marked('*');
const ITALIC = marked('/');
const UNDERLINED = marked('_');
const STRUCK = marked('+');
const LINK = /\[\[([^[\]]{1,400})\](?:\[([^[\]]{1,300})\])?\]/g;
/** One that goes on in the next line, and its end there. */
const OPEN_LINK = /\[\[(?:[^[\]]{1,400}\]\[)?([^[\]]{0,300})$/;
const LINK_END = /^([^[\]]{0,300})\]\]/;
const MACRO = /\{\{\{([\w-]{1,60})(?:\(([^{}]{0,300})\))?\}\}\}/g;
const TARGET = /<<<?[^<>\n]{1,120}>>>?/g;
/** `<2024-05-02 Thu 10:00>` and `[2024-05-02 Thu]` */
const TIME = /[<[](\d{4}-\d\d-\d\d(?:[ \t][^<>[\]\n]{0,40})?)[>\]]/g;
const FOOTNOTE = /\[fn:([\w-]{0,60})(?::([^[\]]{0,600}))?\]/g;
const SNIPPET = /@@[\w-]{1,30}:[^@\n]{0,300}@@/g;
/** Of a link without words, what is no word of it: `file:`, `*` before a heading. */
const KIND = /^(?:(?:file|id|info|man|elisp|help|shell|doc):|[*#])/;

/** The words of a line. @param macros what they stand for, by name */
export function orgWords(line: string, macros: NamedValues): string {
  const shown = line
    .replace(MACRO, (_, name: string, given = '') => macroText(name, given as string, macros))
    .replace(LINK, (_, target: string, text?: string) => linkText(target, text))
    .replace(OPEN_LINK, (_, begun: string) => linkText(begun, undefined))
    .replace(LINK_END, '$1')
    .replace(FOOTNOTE, (_, _name: string, text?: string) => (text === undefined ? '' : ` (${text.trim()})`))
    .replace(SNIPPET, '')
    .replace(/\\\\[ \t]*$/, '');
  const withCode = CODE.reduce((text, code) => outsideCode(text, (part) => part.replace(code, ticks)), shown);
  return outsideCode(withCode, plainWords);
}

const ticks = (all: string, text: string): string => (text.includes('`') ? all : `\`${text}\``);

const outsideCode = (text: string, change: (part: string) => string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : change(part)))
    .join('');

const plainWords = (text: string): string =>
  text
    .replace(TARGET, '')
    .replace(TIME, '$1')
    .replace(BOLD, '**$1**')
    .replace(ITALIC, '$1')
    .replace(UNDERLINED, '$1')
    .replace(STRUCK, '~~$1~~');

function linkText(target: string, text: string | undefined): string {
  const isWeb = /^https?:/.test(target);
  if (text !== undefined) return isWeb ? `[${text}](${target})` : text;
  return isWeb ? target : target.replace(KIND, '');
}

/** `{{{kbd(C-x)}}}` is what is typed; of a macro that the file does not name what it is given. */
function macroText(name: string, given: string, macros: NamedValues): string {
  const parts = given.split(',');
  const fill = (stands: string): string => stands.replace(/\$(\d)/g, (_, n: string) => parts[Number(n) - 1] ?? '');
  return macros.get(name, fill) ?? (name === 'kbd' && given !== '' ? `~${given}~` : given);
}
