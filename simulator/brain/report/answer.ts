// answer.ts: the last step: findings into a report. In short first, then a section for each subtask with the rest.
// Every word comes from the findings; only their order is the offline model's.

import { readQuestion } from '../question/question.ts';
import { isToldIn } from '../quotes/asked.ts';
import { asObject } from '../request/passages.ts';
import { jsonBlock, type Prompt } from '../request/prompt.ts';
import { isRefused, type Refusals } from '../request/reask.ts';
import { nameTerms } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import { isGapOf, isOfAbsent } from './gaps.ts';
import { inItsSection, isBeside, isToReadOn, TO_READ_ON } from './stretch.ts';

interface Claim {
  text: string;
  findings: string[];
}

interface Section {
  heading: string;
  claims: Claim[];
}

/** In its wire shape. */
interface Report {
  sections: Section[];
  gaps: string[];
}

interface Group {
  heading: string;
  claims: Claim[];
  /** What those quote. */
  quotes: string[];
  /** Where a reader may look on. */
  further: { claim: Claim; quote: string }[];
  /** Of these, what a further round found. */
  later: ReadonlySet<Claim>;
  /** Has findings, though they may be listed with another subtask. */
  isFilled: boolean;
  missing: string[];
  /** Whether its whole question, or each part of it, is among what is missing: what was found is only near. */
  isOpen: boolean;
}

const IN_SHORT = 'In short';
const BESIDE = 'Also found';
/** Before the heading of what does not answer its question. */
const NEAREST = 'Nearest to: ';
/** Of a question about one thing, what does not speak of it only stands near; of several, each is told by itself. */
const OF_SEVERAL = /\b(?:and|or|versus|vs|than|between|both|each|differ\w*|compar\w*)\b|,/i;
const MAX_SHORT = 3;
const MAX_FURTHER = 3;
/** Share of the question's words in the first claim that a further one must have: when it adds none, and when it adds
 * some. */
const AS_GOOD = 0.85;
const MUCH = 0.75;
/** And when it speaks of another name. */
const OF_OTHER = 0.5;

/** The report on the findings in the prompt. */
export function answer(prompt: Prompt, refusals: Refusals): Report {
  const groups = readGroups(prompt, refusals);
  const short = inShort(withoutOutdone(groups, prompt), prompt.blocks.get('goal') ?? '');
  const taken = new Set(short);
  const sections: Section[] = short.length > 0 ? [{ heading: IN_SHORT, claims: short }] : [];
  // One question alone is answered in short: what is left was found beside that.
  const isAlone = groups.length === 1 && short.length > 0;
  for (const { heading, claims, isOpen } of groups) {
    const rest = claims.filter((claim) => !taken.has(claim));
    // A reader should not have to come to the gaps, behind all of it, to learn that it is no answer.
    const told = isOpen ? `${NEAREST}${heading}` : isAlone ? BESIDE : heading;
    if (rest.length > 0) sections.push({ heading: told, claims: rest });
  }
  const further = furtherOf(groups);
  if (further.length > 0) sections.push({ heading: TO_READ_ON, claims: further });
  return { sections, gaps: gapsOf(groups, stringsIn(jsonBlock(prompt.blocks, 'gaps'))) };
}

/** Of what the documents disagree about, without the sides that do not hold, where others are left. */
function withoutOutdone(groups: readonly Group[], prompt: Prompt): Group[] {
  const outdone = outdoneIn(jsonBlock(prompt.blocks, 'conflicts'));
  return groups.map((group) => {
    const claims = group.claims.filter(({ findings }) => !findings.every((id) => outdone.has(id)));
    return claims.length > 0 ? { ...group, claims } : group;
  });
}

/** Ids of the findings that say what does not hold. */
function outdoneIn(conflicts: unknown): Set<string> {
  const all = (Array.isArray(conflicts) ? (conflicts as unknown[]) : []).map(asObject);
  return new Set(
    all.flatMap(({ sides, settled }) => {
      const holds = settled === undefined ? undefined : asObject(settled).side;
      if (typeof holds !== 'number' || !Array.isArray(sides)) return [];
      return (sides as unknown[]).flatMap((side, at) => (at === holds ? [] : stringsIn(asObject(side).findings)));
    }),
  );
}

const stringsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).filter((one): one is string => typeof one === 'string');

/** The best claim of each subtask that is answered; of one alone, those that say more of the question, or as much. */
function inShort(groups: readonly Group[], goal: string): Claim[] {
  // What a further round added stands behind, but where there was nothing before.
  const filled = groups.flatMap(({ claims, later, isOpen }) => {
    const own = claims.filter((claim) => !later.has(claim) && !isBeside(claim.text));
    return claims.length > 0 && !isOpen ? [{ claims: own.length > 0 ? own : claims }] : [];
  });
  if (groups.length !== 1) return filled.slice(0, MAX_SHORT).flatMap(({ claims }) => claims.slice(0, 1));
  const asked = new Set(contentTerms(goal));
  const said = ({ text }: Claim): string[] => [...new Set(contentTerms(text))].filter((term) => asked.has(term));
  const [first, ...others] = filled[0]?.claims ?? [];
  if (!first) return [];
  const open = new Set([...asked].filter((term) => !said(first).includes(term)));
  const names = readQuestion(goal, () => false).names.map(({ text }) => nameTerms(text));
  const short = [first];
  for (const claim of others) {
    const terms = said(claim);
    const adds = terms.filter((term) => open.has(term)).length;
    // "Which is higher, A or B?": of each of them something is said.
    const isOfOther = names.some(
      (name) => name.some((term) => open.has(term)) && name.every((term) => terms.includes(term)),
    );
    const enough = isOfOther ? OF_OTHER : adds > 0 ? MUCH : AS_GOOD;
    if (short.length >= MAX_SHORT || terms.length < enough * said(first).length) continue;
    for (const term of terms) open.delete(term);
    short.push(claim);
  }
  return short;
}

/** The subtasks with their claims; a claim that several make stands with the first and cites them all. */
function readGroups(prompt: Prompt, refusals: Refusals): Group[] {
  const found = jsonBlock(prompt.blocks, 'findings');
  const goal = prompt.blocks.get('goal') ?? '';
  const subtasks = (Array.isArray(found) ? (found as unknown[]) : []).map(asObject);
  const headings = headingsFor(subtasks, jsonBlock(prompt.blocks, 'headings'));
  const byText = new Map<string, Claim>();
  const groups = subtasks.map((subtask, index): Group => {
    const claims: Claim[] = [];
    const quotes: string[] = [];
    const further: Group['further'] = [];
    const later = new Set<Claim>();
    let isFilled = false;
    for (const item of Array.isArray(subtask.findings) ? (subtask.findings as unknown[]) : []) {
      const { id, claim, quote } = asObject(item);
      if (typeof id !== 'string' || typeof claim !== 'string' || claim.trim() === '') continue;
      if (refusals.texts.has(id) || isRefused(claim, refusals)) continue;
      isFilled = true;
      const key = (typeof quote === 'string' && quote !== '' ? quote : claim).toLowerCase().replace(/\s+/g, ' ');
      if (isToReadOn(claim)) {
        further.push({ claim: { text: inItsSection(claim), findings: [id] }, quote: key });
        continue;
      }
      quotes.push(key);
      const same = byText.get(key) ?? byText.get(claim.toLowerCase());
      if (same) {
        if (!same.findings.includes(id)) same.findings.push(id);
        continue;
      }
      const made = { text: claim, findings: [id] };
      byText.set(key, made);
      byText.set(claim.toLowerCase(), made);
      claims.push(made);
      if (typeof subtask.subtask === 'string' && !id.startsWith(`${subtask.subtask}/`)) later.add(made);
    }
    const missing = stringsIn(subtask.missing).filter((text) => text.trim() !== '');
    const asked = typeof subtask.goal === 'string' ? subtask.goal : goal;
    const isMissing = (question: string): boolean => missing.some(isGapOf(question));
    const parts = readQuestion(asked, () => false).parts.filter((part) => !isToldIn(asked, part));
    const isOpen =
      isMissing(asked) ||
      (parts.length > 0 && parts.every(isMissing)) ||
      (parts.length === 0 && missing.some(isOfAbsent) && !OF_SEVERAL.test(asked));
    return { heading: headings[index] ?? '', claims, quotes, further, later, isFilled, missing, isOpen };
  });
  return refusals.unnamed === 0 ? groups : groups.map((group) => halved(group, refusals.unnamed));
}

/** Where to look on; nothing that stands in the answer, or twice. */
function furtherOf(groups: readonly Group[]): Claim[] {
  const quotes = groups.flatMap((group) => group.quotes);
  const found: Claim[] = [];
  for (const { claim, quote } of groups.flatMap(({ further }) => further)) {
    if (found.length >= MAX_FURTHER) break;
    if (quotes.some((said) => quote.includes(said) || said.includes(quote))) continue;
    quotes.push(quote);
    found.push(claim);
  }
  return found;
}

/** A complaint that names nothing gets a shorter answer. */
const halved = (group: Group, times: number): Group => ({
  ...group,
  further: [],
  claims: group.claims.slice(0, Math.max(1, Math.ceil(group.claims.length / 2 ** times))),
});

/** The section headings: those of the outline where they fit, else the subtasks' titles. */
function headingsFor(subtasks: readonly Record<string, unknown>[], outline: unknown): string[] {
  const given = (Array.isArray(outline) ? (outline as unknown[]) : []).filter(
    (heading): heading is string => typeof heading === 'string' && heading.trim() !== '',
  );
  const offset = given.length - subtasks.length;
  const fits = offset === 0 || (offset > 0 && given[0]?.toLowerCase() === IN_SHORT.toLowerCase());
  return subtasks.map((subtask, index) => {
    const title = typeof subtask.title === 'string' && subtask.title !== '' ? subtask.title : `Part ${index + 1}`;
    if (given.includes(title)) return title;
    return (fits ? given[index + (offset > 0 ? 1 : 0)] : undefined) ?? title;
  });
}

/** What was not found, each once; a subtask without findings that gave no reason, and is not told of already, is named. */
function gapsOf(groups: readonly Group[], told: readonly string[]): string[] {
  const gaps = new Set<string>();
  for (const { heading, isFilled, missing } of groups) {
    for (const text of missing) gaps.add(text);
    const isTold = told.some((gap) => gap.startsWith(`“${heading}”`));
    if (!isFilled && missing.length === 0 && !isTold) gaps.add(`Nothing was found on: ${heading}`);
  }
  return [...gaps];
}
