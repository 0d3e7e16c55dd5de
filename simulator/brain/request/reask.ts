// reask.ts: what was refused of earlier answers. A refused item is known by its place or by its words in <problems>.

import { textOf, type ChatMessage } from '../../wire.ts';
import { MIN_QUOTE } from '../text/unit.ts';
import { blocksOf, looseJson } from './prompt.ts';

export interface Refusals {
  /** Strings of refused items: claims, quotes, ids, titles. An answer leaves out whatever holds one of them. */
  texts: Set<string>;
  /** Refusals that name no item: each halves how much is answered. */
  unnamed: number;
}

const MIN_WORDS = 8;

/** Goes through the messages after the task: each answer with the complaint that followed it. */
export function refusalsIn(after: ChatMessage[]): Refusals {
  const refusals: Refusals = { texts: new Set(), unnamed: 0 };
  let answer: unknown;
  for (const message of after) {
    if (message.role === 'assistant' && !message.tool_calls?.length) answer = looseJson(textOf(message));
    if (message.role !== 'user') continue;
    const problems = blocksOf(textOf(message)).get('problems');
    if (problems === undefined) continue;
    const before = refusals.texts.size;
    collect(answer, '', problems, refusals.texts);
    if (refusals.texts.size === before) refusals.unnamed += 1;
  }
  return refusals;
}

/** Whether a text is a refused one, or holds one. */
export function isRefused(text: string, refusals: Refusals): boolean {
  if (refusals.texts.has(text)) return true;
  for (const refused of refusals.texts) if (refused.length >= MIN_QUOTE && text.includes(refused)) return true;
  return false;
}

/** Finds the objects in lists that the problems name, and notes all their strings. */
function collect(value: unknown, path: string, problems: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      const at = `${path}[${index}]`;
      const inner = new Set<string>();
      collect(item, at, problems, inner);
      // The innermost named item is the one to leave out: a claim, not its whole section.
      if (inner.size > 0) inner.forEach((text) => into.add(text));
      else if (isNamed(item, at, problems)) stringsOf(item).forEach((text) => into.add(text));
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const isLeaf = key === 'citations' || (Array.isArray(item) && !item.some((one) => typeof one === 'object'));
      if (!isLeaf) collect(item, path === '' ? key : `${path}.${key}`, problems, into);
    }
  }
}

function isNamed(item: unknown, path: string, problems: string): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const slashed = `/${path.replaceAll('[', '/').replaceAll(']', '').replaceAll('.', '/')}`;
  const dotted = slashed.slice(1).replaceAll('/', '.');
  if ([path, slashed, dotted].some((form) => standsIn(problems, form))) return true;
  return stringsOf(item).some((text) => text.length >= MIN_WORDS && problems.includes(text.slice(0, 80)));
}

/** Whether a place is named, and not merely the beginning of another (`findings.1` in `findings.12`). */
function standsIn(problems: string, path: string): boolean {
  for (let at = problems.indexOf(path); at >= 0; at = problems.indexOf(path, at + 1)) {
    if (!/[\w]/.test(problems[at + path.length] ?? ' ')) return true;
  }
  return false;
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  if (typeof value === 'object' && value !== null) {
    // A source is shared by good items and bad ones.
    return Object.entries(value).flatMap(([key, item]) => (key === 'source' || key === 'kind' ? [] : stringsOf(item)));
  }
  return [];
}
