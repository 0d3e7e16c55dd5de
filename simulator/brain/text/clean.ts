// clean.ts: makes a quotable unit readable on its own: Markdown noise goes, the words stay.

import { helpInWords } from './help-lines.ts';
import { isCodeSource, isCommonName, nameOfSource, plainWords } from '../words/names.ts';
import { isEntry, shortEntry, withoutMark } from './headings.ts';
import { withoutRoles } from './restructured.ts';
import { cellsOf, isProse, rowInWords } from './tables.ts';
import { ITEM_MARK, type Unit } from './unit.ts';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'" };

/** Text without Markdown noise: links to their words, no images, HTML, list marks or emphasis. Code ticks stay. */
export function cleanMarkdown(text: string): string {
  // Code is kept as it is: inside ticks nothing is markup, and emphasis may stand around it.
  const code: string[] = [];
  const prose = withoutRoles(text.replace(BOUND, '')).replace(CODE, (_, twice?: string, once?: string) => {
    code.push(`\`${(twice ?? once ?? '').trim().replace(/\s+/g, ' ')}\``);
    return `\ue000${code.length - 1}\ue001`;
  });
  return (
    cleanProse(
      prose
        .replace(/^\s*>+(?![>=\d]) ?/gm, '')
        .replace(/\\\r?\n/g, '; ')
        .replace(/^\s*\[![A-Z]+\]\s*/, ''),
    )
      // "[[Sync|Obsidian Sync]]", "[[Sync#Plans]]": pages of one vault.
      .replace(/\[\[(?:[^[\]|\n]{1,200}\\?\|)?([^[\]|\n]{1,200})\]\]/g, (_, page: string) => page.replace('#', ', '))
      .replace(/\[([^[\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
      .replace(/\[((?:[^[\]]|\[(?:[^[\]]|\[[^[\]]*\])*\])*)\]\((?:#|https?:)[^()\s]*\)/g, '$1')
      .replace(/\[([^[\]]+)\]\[[^[\]]*\]/g, '$1')
      .replace(/\s+/g, ' ')
      .replace(/^(?:[-*+•:]|\d{1,3}[.)]|#\.|#{1,6}|>)\s+/, '')
      .replace(/^\[[ xX]\]\s+/, '')
      .replace(/\s+([,;:!?])/g, '$1')
      .replace(/\s+\.(?=\s|$)/g, '.')
      .trim()
      .replace(/\ue000(\d+)\ue001/g, (_, at: string) => code[Number(at)] ?? '')
  );
}

/** Alone on its line: what it begins or ends is no part of a sentence that goes on behind it. */
const BOUND = /^[ \t]*(?:`{3,}|~{3,}|:{3,})[ \t]*$/gm;
/** In one tick or two, as reStructuredText has them. */
const CODE = /``([^`]+)``|`([^`]*)`/g;

/** Elements of HTML, whatever has attributes or ends like one, and comments; "<user>" in a path is none. */
const TAG =
  /<\/[a-z][\w.-]*\s*>|<[a-z][\w.-]*(?:\s[^<>]*)?\/>|<[a-z][\w.-]*\s[^<>]*=[^<>]*>|<(?:abbr|b|blockquote|br|center|cite|code|d[dlt]|del|details|div|em|figcaption|figure|h[1-6r]|i|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|span|strong|sub|summary|sup|t[dhrt]|table|tbody|thead|u|ul|var|wbr)>|<!--.*?-->/gi;

function cleanProse(text: string): string {
  return (
    text
      .replace(/!\[[^[\]]*\]\([^()]*\)/g, '')
      .replace(/!\[[^[\]]*\]\[[^[\]]*\]/g, '')
      .replace(/<(https?:[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>/g, '$1')
      .replace(TAG, '')
      // 2**16 is a number and no emphasis.
      .replace(/(?<!\w)(?:\*\*|__)(?=\S)|(?:\*\*|__)(?=[^\s\d])/g, '')
      .replace(/(\S)(?:\*\*(?!\d)|__)/g, '$1')
      .replace(/(^|\s)\*\*(?=\s)/g, '$1')
      .replace(/(^|[\s("',])[*_](?=[^\s*_])([^*_\n]*)[*_](?=$|[\s.,;:!?)"'])/g, '$1$2')
      .replace(/\\([\\`*_{}[\]()#+.!|<>-])/g, '$1')
      .replace(/\[\^[^\]]{1,20}\]/g, '')
      // The document's own notes are none of the answer's.
      .replace(/(?<![\w\])])\[(\d{1,3})\](?![\w([:])/g, '($1)')
      .replace(/&(#?\w{2,6});/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
  );
}

/** What is led in by "A request is ready when:" says when, and what stands under "--keep" names an option; else its words. */
export const answerIn = (unit: Unit): string =>
  OPENS.test(unit.lead ?? '') ? `${unit.lead} ${inWords(unit)}` : inWords(unit);
const OPENS = /\b(?:when|if|once|unless|until|because|after|before)$|^--?[a-z]/i;

/** What a unit says, on one line. */
export function inWords(unit: Unit, asks?: (column: string) => boolean): string {
  if (unit.kind === 'row')
    return rowInWords(cellsOf(unit.text).map(cleanMarkdown), unit.head?.map(cleanMarkdown), asks);
  if (unit.kind === 'comment') return cleanMarkdown(unit.text.replace(/\n\s*(?:\/\/+|\*+|#)\s?/g, ' '));
  if (unit.kind === 'code') {
    const lines = unit.text.split('\n').filter((line) => line.trim() !== '');
    const typed = lines.filter((line) => /^\s*\$ /.test(line));
    // Commands stand one a line, with what they print; what a bracket holds together is one.
    const parts = typed.length > 0 ? typed : /[({[,\\]\s*$/m.test(unit.text) ? [unit.text] : lines;
    return parts.map((part) => `\`${part.trim().replace(/\s+/g, ' ').replaceAll('`', "'")}\``).join('; ');
  }
  const help = unit.kind === 'item' ? helpInWords(unit.text) : undefined;
  if (help !== undefined) return cleanMarkdown(help);
  if (unit.kind === 'item' && LIST.test(unit.text))
    return unit.text
      .split(LIST)
      .map(cleanMarkdown)
      .join('; ')
      .replace(/([.:;,]);(?= )/g, '$1');
  return cleanMarkdown(withoutMark(unit.text));
}

/** Between the items of a list. */
const LIST = new RegExp(String.raw`\n\s*(?=${ITEM_MARK}\s)`);

const BETWEEN = /\s+[›>»|]\s+|\n/;

/** Where a unit stands, for what a sentence alone does not say. */
export interface Place {
  source: string;
  heading: string;
}

const NEEDS_SUBJECT =
  /^(?:(?:added|changed|removed|deprecated) (?:in|since) version|it|its|this|these|those|that|they|their|them|he|she|his|her|such|here|there|the (?:former|latter|same|following|above)|both|each|also|however|but|and|or|so|then|otherwise|in (?:this|that|these) cases?|for (?:this|that) reason|when (?:set|true|false|enabled)|if (?:set|true|false|enabled|not)|defaults?\b|default value|(?:type|value|values|required|example|since|optional):|set to|used to|whether)\b/i;

/** Whether what is quoted is understood without where it stands. */
function standsAlone(unit: Unit, text: string): boolean {
  if (unit.kind === 'row') return cellsOf(unit.text).slice(1).some(isProse);
  const isWhole = !NEEDS_SUBJECT.test(text) && !/^\p{Ll}/u.test(text) && /[.!?。！？)"'`:]$/.test(text);
  if (unit.kind === 'item') return isWhole && unit.lead === undefined && /[.!?]$/.test(text) && isProse(text);
  return unit.kind === 'sentence' && isWhole;
}

/** The claim that a unit makes, readable without its surroundings. `subjects` are the names it should speak of. */
export function claimOf(
  unit: Unit,
  place: Place,
  { subjects, asks }: { subjects: readonly string[]; asks?: (column: string) => boolean },
): string {
  const text = inWords(unit, asks);
  const name = isCodeSource(place.source)
    ? (place.source.split('/').at(-1) ?? place.source)
    : nameOfSource(place.source);
  const heading = lastHeading(place.heading);
  const lower = text.toLowerCase();
  const isFragment = !standsAlone(unit, text);
  const lead: string[] = [];
  const isOfAnother = subjects.length > 0 && !subjects.some((subject) => lower.includes(subject.toLowerCase()));
  const isSubject = subjects.some((subject) => subject.toLowerCase() === name.toLowerCase());
  const saysName = lower.includes(name.toLowerCase()) || isCommonName(name);
  const isUnsaid = heading !== '' && !lower.includes(heading.toLowerCase());
  const isNews = isUnsaid && heading.toLowerCase() !== name.toLowerCase();
  // "0001-dependencies, Dependencies: why these" says it twice.
  const isInHeading = plainWords(heading).includes(plainWords(name.replace(/^\d+-/, '')));
  if ((isFragment || (isOfAnother && isSubject)) && !saysName && !(isNews && isInHeading)) lead.push(name);
  // What stands under the name of an option or a function is about it: "Whether the process failed."
  const isUnderName =
    (/^[\w$.-]+(?:\([^)]*\))?$/.test(heading) && /[(._-]|\p{Ll}\p{Lu}|^\p{Ll}+$/u.test(heading)) ||
    OPTIONS.test(heading);
  // An item is one of those under its heading: "up to 16 weeks", where each heading is a state.
  const isPartOf = (isFragment || isEntry(heading) || unit.kind === 'item') && isNews;
  if (isPartOf || (isUnderName && isUnsaid && !lead.includes(name))) lead.push(heading);
  const led = cleanMarkdown(unit.lead ?? '');
  // What names what it is about needs no beginning of its item before it.
  const isOwnWord = unit.isOfItem === true && !isFragment && subjects.length > 0 && !isOfAnother;
  if (!lower.includes(led.toLowerCase()) && !isOwnWord) lead.push(led);
  const claim = lead.length === 0 ? text : `${lead.join(' › ')}: ${text}`;
  if (claim.length <= MAX_CLAIM) return claim;
  const end = Math.max(claim.lastIndexOf('; ', MAX_CLAIM), claim.lastIndexOf(' ', MAX_CLAIM - 1));
  return `${claim.slice(0, end)}…`;
}

/** "--lf, --last-failed". */
const OPTIONS = /^--?[a-z][\w-]*(?:[ =]\S{1,30})?(?:, --?[a-z][\w-]*(?:[ =]\S{1,30})?){0,5}$/i;

/** A longer claim is refused. */
export const MAX_CLAIM = 1_000;
/** A longer heading leads no claim in. */
const MAX_LED = 60;

/** "## Fixes", "** Fixes". */
const HEADED = /^\s*(?:#+\s*|\*{1,4}\s+)/;

/** What stands under it says nothing without the heading over that: "Options", of which command? */
const OF_ANY =
  /^(?:options|arguments|parameters|params|flags|usage|syntax|examples?|properties|fields|attributes|returns)\W*$/i;

/** The innermost heading of a path of headings, clean and short, with the version or the command that it belongs to.
 * @param above headings over it */
export function lastHeading(heading: string, above = '', most = MAX_LED): string {
  const parts = heading.split(BETWEEN);
  const inner = parts.at(-1) ?? '';
  const outer = [...above.split(BETWEEN), ...parts.slice(0, -1)];
  const bare = (one: string): string => one.replace(HEADED, '');
  const saysMore = (one: string): boolean => bare(one) !== bare(inner) && !OF_ANY.test(bare(one));
  const of = outer.findLast(isEntry) ?? (OF_ANY.test(bare(inner)) ? outer.findLast(saysMore) : undefined);
  const last = of === undefined || of === '' || isEntry(inner) ? inner : `${bare(of)}, ${bare(inner)}`;
  const clean = cleanMarkdown(withoutMark(shortEntry(last).replace(HEADED, '')))
    .replaceAll('`', '')
    .replace(/:+$/, '');
  return clean.length > most ? '' : clean;
}
