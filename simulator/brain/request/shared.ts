// shared.ts: what sub-agents beside this one have found meanwhile, and what this one shows them. What answers the question is
// given as it stands there, with its source, and not searched for again; all else is left alone.

import { textOf, type ChatMessage, type Reply, type ToolSpec } from '../../wire.ts';
import { isAnswer } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import { contentTerms } from '../words/words.ts';
import { asObject } from './passages.ts';
import { blocksOf, jsonBlock } from './prompt.ts';

/** In its wire shape. */
export interface Finding {
  claim: string;
  citations: { source: string; quote: string }[];
}

/** Whether a message shows the board, and is nobody's note. */
export const isBoard = (message: ChatMessage): boolean =>
  message.role === 'user' && blocksOf(textOf(message)).has('board');

/** What the board has shown so far, oldest first. */
export function sharedIn(after: readonly ChatMessage[]): Finding[] {
  return after.filter(isBoard).flatMap((message) => {
    const items = jsonBlock(blocksOf(textOf(message)), 'board');
    return Array.isArray(items) ? items.flatMap(findingOf) : [];
  });
}

function findingOf(item: unknown): Finding[] {
  const { claim, citations } = asObject(item);
  if (typeof claim !== 'string' || !Array.isArray(citations)) return [];
  const cited = citations.map(asObject).flatMap(({ source, quote }) => {
    return typeof source === 'string' && typeof quote === 'string' ? [{ source, quote }] : [];
  });
  return cited.length > 0 ? [{ claim, citations: cited }] : [];
}

/** A finding with so many of the question's words answers it. */
const ANSWERS = 0.6;

/** What of it answers a question; nothing for a question of several parts, which is looked into. */
export function answeredBy({ words, parts, kind, text }: Question, shared: readonly Finding[]): Finding[] {
  if (parts.length > 0 || words.length === 0) return [];
  return shared.filter(({ claim, citations }) => {
    const said = [claim, ...citations.flatMap(({ source, quote }) => [source.replace(/\.\w{1,5}$/, ''), quote])];
    const held = new Set(contentTerms(said.join(' ')));
    const known = words.filter(({ terms }) => terms.some((term) => held.has(term))).length;
    return known >= ANSWERS * words.length && isAnswer({ kind, text }, citations[0]?.quote ?? '');
  });
}

/** Whether it has shared something already. */
export const hasShared = (after: readonly ChatMessage[], share: ToolSpec): boolean =>
  after.some(({ tool_calls: calls = [] }) => calls.some((call) => call.function.name === share.function.name));

export const shareCall = (share: ToolSpec, { claim, citations }: Finding): Reply['toolCalls'][number] => ({
  name: share.function.name,
  arguments: JSON.stringify({ claim: claim.slice(0, 1_000), citations }),
});
