// worth.ts: what the form of a unit is worth to a question: whether it looks like what a person would quote in answer, whatever
// words it has.

import { asksNumber, forbids, holds, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import type { Passage } from '../request/passages.ts';
import { inWords } from '../text/clean.ts';
import { termOf } from '../text/leads.ts';
import type { Unit } from '../text/unit.ts';
import { plainWords } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import { saysMaker } from './by-form.ts';
import { isAnsweredBy } from './value-behind.ts';

/** What a unit of a form is worth, whatever it says. */
export const FORM: Record<Unit['kind'], number> = {
  sentence: 1,
  item: 0.97,
  row: 1,
  comment: 0.5,
  code: 0.3,
  heading: 0,
  noise: 0,
};

/** What changed is no word on how a thing is. */
const NEWS = 0.6;
const OF_NEWS: ReadonlySet<Kind> = new Set(['when', 'date', 'version', 'change', 'list', 'who', 'why']);
/** Whether a changelog may answer. */
export const asksOfNews = ({ kind, text }: Question): boolean =>
  OF_NEWS.has(kind) || /\d\.\d|\b(?:chang|add|remov|fix|releas|introduc|deprecat|since|new(?:er|est)?\b)/i.test(text);
/** Whether a passage is of a changelog. */
export const isOfNews = ({ source }: Passage): boolean =>
  /(?:^|[\\/])(?:changelog|changes|history|news|release-?notes)\b/i.test(source);

/** Factor of all that a document says: less where it is a changelog, and the question asks for no change. */
export const worthOfSource = (passage: Passage, question: Question): number =>
  !asksOfNews(question) && isOfNews(passage) ? NEWS : 1;

const ASKED = 1.5;
/** What every project's pages say and nobody asks for: badges, licence lines, directives to tools. */
const BOILERPLATE =
  /\b(?:sponsor(?:s|ed|ship)?|donat(?:e|ions?)|tidelift|copyright|all rights reserved|licen[sc]ed? (?:under|is)|spdx-license|eslint-|oxlint-|prettier-ignore|markdownlint|@ts-|istanbul ignore|c8 ignore|noqa|pylint:|shellcheck|img\.shields\.io|redistributions? (?:and use in|of|in) source|software is provided|must not be misrepresented|merchantability)\b/i;

/** "This page documents …": what is told elsewhere on it. */
const OF_PAGE =
  /^(?:note:? )?(?:this|the following) (?:page|section|chapter|document|manual|guide|article|tutorial) (?:documents|describes|explains|covers|shows|lists|contains|provides|gives|discusses|details|is about)\b/i;

/** "As a size (e.g. `10%`)": what it leads in reckons with a number that is none of the document's. */
const EXAMPLE = /\be\.g\.|\bfor (?:example|instance)\b/i;
/** "What happens if it is full?": "If it is full, …", "It will …". */
const OF_OUTCOME = /\bwhat (?:happens|will happen|would happen|if|when)\b/i;
const TELLS_OUTCOME =
  /^should an?\b|\b(?:if|when(?:ever)?|once|unless|otherwise|as soon as|in (?:this|that|such) cases?|will|would|cannot|can['’]t|no longer|never)\b/i;
const ASIDE = /(?:\bsuch as\b|\be\.g\.|\bfor instance\b)([^.;)]*)/i;

const APART = 1.3;
/** "`off`, `auto`, or `max`", "red, green and blue". */
const ENUMERATES = /(?:[\w`'’"”)]{2}, [^,;.]{1,60}){1,}(?:,? (?:and|or)\b|,)|`[^`]{1,60}`[^`]{1,20}`[^`]{1,60}`/;
const IS_LIST = 1.15;
const OF_LISTED = 2.2;
const NO_LIST = 0.6;

/** What leads in the list that was asked for. */
const LISTED = 1.3;

/** Whether a text says of things that are to be told apart what the one is to the other: not merely "A and B are …". */
function tellsApart(text: string, { kind, pair }: Question): boolean {
  if (pair.length < 2) return false;
  const said = ` ${plainWords(text)} `;
  const keys = pair.map(([name = '']) => plainWords(name));
  const isPair = keys.some((one) => keys.some((other) => said.includes(` ${one} and ${other} `)));
  return (
    !isPair &&
    keys.every((key) => said.includes(` ${key} `)) &&
    (holds(kind, text) ||
      keys.some((key) => new RegExp(`^ (?:the |an? )?${key} (?:is|are|was|were|has|have|does|do|can) `).test(said)))
  );
}

/** Whether a text says what the very thing is that is asked: "pod: what one Activity carries", "A pod is what …". */
export function defines(text: string, { kind, words }: Question): boolean {
  const term = kind === 'definition' ? termOf(text) : undefined;
  const named = new Set(contentTerms(term ?? ''));
  const things = words.filter(({ isName }) => !isName);
  const asked = things.length > 0 ? things : words;
  return (
    asked.length > 0 && named.size <= words.length && asked.every((word) => word.terms.some((one) => named.has(one)))
  );
}

/** "Linux and macOS:" says nothing alone. */
const SHORT_LEAD = 40;

/** Of a default value. */
const DEFAULT = /\bdefaults? (?:value )?(?:is|to|of|=)|\bdefault: /i;
const IS_DEFAULT = 1.2;

/** "By default …", "the default key is …", "Default: 5"; not "instead of the default key". */
const SAYS_DEFAULT =
  /\bby default\b|\bdefaults?\b[*_`)]*(?: \S+){0,3}? (?:is|are|was|to|of|=)|\bdefaults?[*_`]*(?: value)?\s*[:=]|\((?:the )?default\b|\bdefault\)|\b(?:unset|unless|if not)\b/i;
const NO_DEFAULT = 0.7;

/** "Default: 5", which is of what it stands under. */
export const DEFAULT_LINE = /^[*_\s-]*default(?: value)?[*_]*:/i;
/** "level", of the heading "level (String)". */
export const nameIn = (heading: string): string => heading.replace(/\s*[([].*$/, '');

/** A default under a heading all of whose words are asked for. */
function isDefaultUnder(text: string, heading: string, { weights }: Question): boolean {
  if (!DEFAULT_LINE.test(text)) return false;
  const headed = contentTerms(nameIn(heading));
  return headed.length > 0 && headed.every((term) => weights.has(term));
}
const IS_DEFAULT_UNDER = 1.6;

/** "Code: `E_LOST`", where the code is asked for. */
function isField(text: string, { weights }: Question): boolean {
  const name = contentTerms(/^\W*([^:.,;`]{1,40}): \S/.exec(text)?.[1] ?? '');
  return name.length > 0 && name.every((term) => weights.has(term));
}
/** Of somebody: whoever asks whom to write to wants it. */
export const ADDRESS = /[\w.+-]{1,64}@[\w-]{1,63}\.\w/;
const IS_ADDRESS = 1.8;
/** What says it in so many words. */
const SAYS_SO = 1.2;
/** "It is licensed under …". */
const LICENSED = /\b(?:licen[sc]ed|released|distributed|published|provided|available) under\b/i;

/** How a unit stands among others. */
interface Standing {
  isUnderIt: boolean;
  isAsked: boolean;
  isLead: boolean;
  /** A row of a table of what is to be listed. */
  isListed: boolean;
  /** The sentence behind it that tells a default. */
  behind: string;
  /** The one that goes on with it, where a list is asked for. */
  next: string;
}

/** How much a unit looks like something a person would quote in answer to this question. */
export function worth(
  { unit, heading }: { unit: Unit; heading: string },
  size: number,
  question: Question,
  { isUnderIt, isAsked, isLead, isListed, behind, next }: Standing,
): number {
  const text = inWords(unit);
  // The heading of a version with its date: nothing else in it says when.
  let factor = unit.kind === 'heading' ? 1 : FORM[unit.kind];
  // What stands in ticks is spoken of, not said.
  if (
    BOILERPLATE.test(unit.text.replace(/`[^`]*`/g, '')) &&
    !BOILERPLATE.test(question.text) &&
    question.kind !== 'licence' &&
    !(question.kind === 'who' && saysMaker(unit.text))
  )
    factor *= 0.05;
  if (OF_PAGE.test(unit.text)) factor *= 0.4;
  // What a program printed: more figures and marks than words.
  const isProse = unit.kind !== 'row' && text.length > 80;
  if (isProse && (text.match(/\p{L}/gu)?.length ?? 0) < 0.6 * (text.match(/\S/g)?.length ?? 1)) factor *= 0.3;
  // What is named as an example is spoken of in passing.
  if (contentTerms(ASIDE.exec(text)?.[1] ?? '').some((term) => question.weights.has(term))) factor *= 0.75;
  if (OF_OUTCOME.test(question.text) && !TELLS_OUTCOME.test(text)) factor *= 0.75;
  if (asksNumber(question.kind) && EXAMPLE.test(unit.lead ?? '')) factor *= 0.75;
  // "Defaults to `100kb`." is all there is to say.
  const asksDefault = question.weights.has('default');
  if (asksDefault && isDefaultUnder(unit.text, heading, question)) factor *= IS_DEFAULT_UNDER;
  else if (question.kind === 'default' && !SAYS_DEFAULT.test(`${text} ${behind}`)) factor *= NO_DEFAULT;
  else if (asksDefault && DEFAULT.test(`${text} ${behind}`)) factor *= IS_DEFAULT;
  else if (!isAsked) factor *= Math.min(1, 0.6 + 0.1 * size);
  if (isField(text, question) || (question.kind === 'licence' && LICENSED.test(text))) factor *= SAYS_SO;
  if (question.kind === 'contact' && ADDRESS.test(text)) factor *= IS_ADDRESS;
  if (question.kind === 'how-to' && forbids(text)) factor *= 0.65;
  if (text.endsWith('?') || (text.endsWith(':') && !isLead)) factor *= text.length < SHORT_LEAD ? 0.3 : 0.6;
  const isApart = tellsApart(text, question);
  if (isApart) factor *= APART;
  if (unit.kind === 'row' && question.kind === 'how-to') factor *= 0.7;
  if (isListed) factor *= OF_LISTED;
  if (isLead && question.kind === 'list') factor *= LISTED;
  else if (question.kind === 'list' && unit.kind === 'sentence')
    factor *= ENUMERATES.test(`${text} ${next}`) ? IS_LIST : NO_LIST;
  if (unit.isCut) factor *= 0.85;
  if (unit.text.length > 350 && unit.kind !== 'row') factor *= 0.85;
  return factor * (isUnderIt ? ASKED : isApart || isAnsweredBy(question, { unit, heading, behind }) ? 1 : 0.65);
}
