// comparison.ts: finds the sides of a comparison and asks the whole of it about each side.

import { isStopWord } from '../words/words.ts';
import { kindOf } from './kinds.ts';

export interface Side {
  name: string;
  /** The question, about this side only. */
  question: string;
  /** What is compared, in few words; empty when nothing is said. */
  aspect: string;
}

const MAX_LENGTH = 1000;
const MAX_SIDES = 12;
const ASPECT =
  /[,:]?\s+(?:with (?:respect|regards?) to|in (?:terms|respect) of|regarding|concerning|when it comes to|as to|based on|on the basis of|in how they|by how they|in|on|by|for|under|as)\s+/i;
const PLAIN_ASPECT =
  /[,:]?\s+(?:with (?:respect|regards?) to|in (?:terms|respect) of|regarding|concerning|when it comes to|as to|based on|on the basis of)\s+/i;
const BETWEEN = /\s*,\s*(?:and|or|vs\.?|versus)?\s+|\s+(?:and|or|vs\.?|versus|with|to|against)\s+/i;
const PLAIN_BETWEEN = /\s*,\s*(?:and |or |vs\.? |versus )?\s*|\s+(?:and|or|vs\.?|versus)\s+/i;

/**
 * The sides of a comparison, or undefined when the question is none. `isName` tells which words are names here: a list
 * of plain words is compared only when the question says "compare".
 */
export function sidesOf(question: string, isName: (word: string) => boolean): Side[] | undefined {
  const text = question.trim().replace(/[.?!\s]+$/, '');
  if (text.length > MAX_LENGTH) return undefined;
  return (
    compareWords(text, isName) ??
    differenceWords(text, isName) ??
    versusWords(text, isName) ??
    listedNames(asList(text), isName)
  );
}

/** "Compare A, B and C with respect to X", "Compare the X of A, B and C", "Compare how A and B do X". */
function compareWords(text: string, isName: (word: string) => boolean): Side[] | undefined {
  const body = /^(?:please )?(?:compare|contrast)(?: and contrast)?\s+(.+)$/is.exec(text)?.[1];
  if (body === undefined) return undefined;
  const how = /^(?:how|what|which|whether|when|why)\s/i.exec(body);
  if (how) return listedNames(body, () => true);
  const [head, tail] = cutAt(body, PLAIN_ASPECT);
  const owned =
    /^(?:the\s+)?(.{3,120}?)\s+(?:of|in|between|across|from|offered by|provided by|used by|for)\s+(.+)$/is.exec(head);
  if (owned && splitList(owned[1] ?? '', BETWEEN).length < 2) {
    const names = splitList(owned[2] ?? '', BETWEEN);
    const aspect = [owned[1], tail].filter(Boolean).join(', ');
    if (areSides(names)) return describe(names, aspect, isName);
  }
  const [list, loose] = tail === '' ? cutAt(body, ASPECT) : [head, tail];
  const names = splitList(list, BETWEEN);
  return areSides(names) ? describe(names, loose, isName) : undefined;
}

/** "What is the difference between A and B in X?" */
function differenceWords(text: string, isName: (word: string) => boolean): Side[] | undefined {
  const match = /\bdifferences?\s+(?:in\s+(.{3,120}?)\s+)?between\s+(.+)$/is.exec(text);
  if (!match) return undefined;
  const [list, tail] = cutAt(match[2] ?? '', ASPECT);
  const names = splitList(list, BETWEEN);
  const aspect = match[1] ?? tail;
  // Where no aspect is said, what tells them apart may stand in one sentence: "the inverse of B".
  return areSides(names) && aspect !== '' ? describe(names, aspect, isName) : undefined;
}

/** "A vs B vs C: X" */
function versusWords(text: string, isName: (word: string) => boolean): Side[] | undefined {
  if (!/\s(?:vs\.?|versus)\s/i.test(text)) return undefined;
  const [list, tail] = cutAt(text, /\s*[:,]\s+|\s+(?:with respect to|in terms of|regarding|for|in|on)\s+/i);
  const names = list.split(/\s+(?:vs\.?|versus)\s+/i).map((name) => name.trim());
  if (!areSides(names) || !names.every((name) => name.split(' ').length < 4 || isName(name))) return undefined;
  return describe(names, tail, isName);
}

const LIST_WORD = /[\p{L}\p{N}@`"'][\p{L}\p{N}@._/+#`"'-]*/gu;

/** "How do A, B and C handle X?": a list of names somewhere in the question, replaced by each of them. */
function listedNames(text: string, isName: (word: string) => boolean): Side[] | undefined {
  // Answered by yes or no, or by one of the names, it is one question.
  if (kindOf(text) === 'yes-no' || JOINTLY.test(text)) return undefined;
  // "How do A and B differ in C?": what tells them apart may stand in one sentence, whatever they are parts of.
  const where = DIFFER.exec(text);
  if (where && (where[1] === undefined || isName(where[1]))) return undefined;
  const list = findList(text, isName);
  if (!list || (list.isChoice && CHOICE.test(text))) return undefined;
  const before = text.slice(0, list.start);
  const after = text.slice(list.end);
  const aspect = `${before} ${after}`.replace(/\s+/g, ' ').trim();
  return list.names.map((name) => ({
    name,
    question:
      `${asked(before, name, after.replace(/^\s+(?:each|both|all|differ in|differ on|compare in)\b/i, ''))}?`.replace(
        /^./,
        (first) => first.toUpperCase(),
      ),
    aspect: withoutLead(aspect),
  }));
}

/** "in A, in B and in C", "in A compared with B": a list of names like any other. */
const asList = (text: string): string =>
  text
    .replace(/,?\s+(?:as )?(?:compared|opposed) (?:with|to)\s+(?:in\s+)?/gi, ' and ')
    .replace(
      AGAIN,
      (_, __, first: string, more: string, joint: string) => `${first}${more.replace(EACH, ', ')}${joint}`,
    );
const AGAIN = /(?<=\b(in|for|with|by|of|from|on)\s+)(\S+)((?:,\s+\1\s+[^\s,]+)*)(,?\s+(?:and|or)\s+)\1\s+/gi;
const EACH = /,\s+\p{L}+\s+/gu;
/** What things do together can't be asked of each alone. */
const JOINTLY =
  /\b(?:shar(?:e|es|ed|ing)|together|each other|one another|in common|at the same time|differences? between|differs? from)\b/i;
const DIFFER = /\bdiffer(?: (?:in|for) ([\w@./-]+))?$/i;
const CHOICE = /^\s*(?:which|who|what|whose|of)\b|[,:]\s*(?:which|who)\b/i;

/** "what A and B do", "how A and B are built": a question about one begins with its verb. */
function asked(before: string, name: string, after: string): string {
  if (!/^(?:how|what|when|where|why)\s+$/i.test(before)) return `${singular(before)}${name}${after}`;
  const [verb = '', first] = /^\s+(are|were|have|can|could|may|must|should|will|would)\b/i.exec(after) ?? [];
  return `${singular(`${before}${first ?? 'do'} `)}${name}${after.slice(verb.length)}`;
}

const singular = (before: string): string =>
  before
    .replace(/\b(?:each of|both of|both|all of|all three,?|the)\s+$/i, '')
    .replace(/\bdo(\s+)$/i, 'does$1')
    .replace(/\bare(\s+)$/i, 'is$1')
    .replace(/\bwere(\s+)$/i, 'was$1')
    .replace(/\bhave(\s+)$/i, 'has$1');

interface List {
  start: number;
  end: number;
  names: string[];
  /** Joined by "or". */
  isChoice: boolean;
}

/** The longest run of names joined by commas and a last "and" or "or". */
function findList(text: string, isName: (word: string) => boolean): List | undefined {
  const all = itemsOf(text);
  let best: List | undefined;
  for (let at = 0; at < all.length; at += 1) {
    const names: string[] = [];
    let cursor = at;
    let joined = false;
    let isChoice = false;
    let end = 0;
    for (;;) {
      const item = all[cursor];
      if (!item || isStopWord(item.word.toLowerCase()) || !isNamed(bare(item.word), isName)) break;
      names.push(bare(item.word));
      end = item.start + item.word.length;
      const next = all[cursor + 1];
      if (!next || joined) break;
      const gap = text.slice(end, next.start);
      const isJoint = /^(?:and|or|vs|versus)$/i.test(next.word);
      if (isJoint && /^,?\s+$/.test(gap)) {
        joined = true;
        isChoice = /^or$/i.test(next.word);
        cursor += 2;
      } else if (/^,\s+$/.test(gap)) cursor += 1;
      else break;
    }
    if (joined && names.length >= 2 && names.length > (best?.names.length ?? 1) && names.length <= MAX_SIDES) {
      best = { start: all[at]?.start ?? 0, end, names, isChoice };
    }
  }
  return best && new Set(best.names).size === best.names.length ? best : undefined;
}

/** The words of a text, those of a name of several words as one: "Ed Wood" is one side, not the end of another. */
function itemsOf(text: string): { word: string; start: number }[] {
  const items: { word: string; start: number }[] = [];
  const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word) && !isStopWord(word.toLowerCase());
  for (const match of text.matchAll(LIST_WORD)) {
    const word = match[0].replace(/[.'"`]+$/, '');
    const before = items.at(-1);
    const isNext = before && text.slice(before.start + before.word.length, match.index) === ' ';
    if (isNext && ((isCapital(word) && isCapital(before.word)) || isVersionOf(word, before.word)))
      before.word = `${before.word} ${word}`;
    else items.push({ word, start: match.index });
  }
  return items;
}

/** "sedmod v1.0", "Redis 6.2": the version belongs to what stands before it. */
const isVersionOf = (word: string, before: string): boolean =>
  !isStopWord(before.toLowerCase()) &&
  ((VERSION.test(word) && /^\p{L}\S*$/u.test(before)) || (/^\d+$/.test(word) && /^\p{Lu}\S*$/u.test(before)));
const VERSION = /^v?\d+\.\d[\w.]*$/i;

const isNamed = (name: string, isName: (word: string) => boolean): boolean =>
  isName(name) || /^\S+ v?\d[\w.]*$/i.test(name);

const bare = (word: string): string => word.replace(/^[`"']+|[`"']+$/g, '');

/** What it is of is no aspect of it: "in ripgrep". */
const IS_OPTION = /^--?[a-z]/i;

function describe(names: string[], aspect: string, isName: (word: string) => boolean): Side[] {
  const what = aspect
    .replace(/^[\s:,;–-]+/, '')
    .replace(/^(?:their|its|the)\s+/i, '')
    .trim();
  return names.map((name) => {
    // In quotes, what no document is called still counts as a name to look for.
    const called = name.split(/\s+/).some(isName) ? name : `"${name}"`;
    return {
      name,
      question: IS_OPTION.test(name)
        ? `What does ${name} do?`
        : what === ''
          ? `What is ${called}, what does it do, and how does it work?`
          : `Describe ${called} with respect to ${what}.`,
      aspect: what,
    };
  });
}

function splitList(text: string, joint: RegExp): string[] {
  const commas = text.includes(',');
  return text
    .split(commas ? PLAIN_BETWEEN : joint)
    .map((name) => bare(name.trim().replace(/^(?:the|a|an|both|between|how)\s+/i, '')))
    .filter((name) => name !== '');
}

const areSides = (names: string[]): boolean =>
  names.length >= 2 &&
  names.length <= MAX_SIDES &&
  new Set(names).size === names.length &&
  names.every((name) => name.split(/\s+/).length <= 5 && !isStopWord(name.toLowerCase()));

function cutAt(text: string, joint: RegExp): [string, string] {
  const match = joint.exec(text);
  return match ? [text.slice(0, match.index), text.slice(match.index + match[0].length)] : [text, ''];
}

/** An aspect for a title: the question without its opening. */
const withoutLead = (aspect: string): string =>
  aspect
    .replace(/^[\s:,;–-]+/, '')
    .replace(/^(?:how|what|which|why|when|where|compare|do|does|is|are|has|have|can|the|of|in|\s)+\b/i, '')
    .replace(/\s+(?:do|does|did|can|should|will|must)(?:\s+(?:need|have|use|do|take|give|support|require)s?)?$/i, '')
    .trim();
