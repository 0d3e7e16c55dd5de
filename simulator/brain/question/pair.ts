// pair.ts: the two things that a question tells apart, named or not: "active and passive health checks".

import type { Name } from '../words/names.ts';
import type { Kind } from './kinds.ts';

/** What a thing may be called: as the question does, and with the noun that it shares with the other. */
export type Called = readonly string[];

const PAIRED = [
  /\bdifferences? (?:in .{3,80} )?between (?<one>.+?) and (?<other>.+)/i,
  /\bhow (?:do|does|is|are) (?<one>.+?) (?:differ(?:ent)?) (?:from|to) (?<other>.+)/i,
  /\bhow (?:do|does|are) (?<one>.+?) and (?<other>.+?) (?:differ|different)\b/i,
  /^(?:what (?:is|are) )?(?<one>.+?) (?:vs\.?|versus) (?<other>.+)/i,
];

/** The things that a question about a difference tells apart; none where it asks for something else. */
export function pairOf(text: string, kind: Kind, names: readonly Name[]): Called[] {
  if (kind !== 'difference') return [];
  if (names.length > 1) return names.map(({ text: name }) => [name]);
  const { one, other } = PAIRED.map((pattern) => pattern.exec(text)?.groups).find((found) => found) ?? {};
  if (one === undefined || other === undefined) return [];
  const [first, second] = [bareThing(one), bareThing(other)];
  const [, ...shared] = second.split(' ');
  const thing = second.replace(OF_BOTH, '');
  // "the strict and the stern mode": each is called by its first word alone, too.
  const [alone = '', noun, ...more] = thing.split(' ');
  const isOneWord = !first.includes(' ') && noun !== undefined && more.length === 0;
  return [
    shared.length > 0 ? [first, `${first} ${shared.join(' ')}`] : [first],
    [second, thing, ...(isOneWord ? [alone] : [])],
  ];
}

/** "trial status and full status for a club" */
const OF_BOTH = / (?:for|in|of|on|with|when|as) .*$/i;

const bareThing = (text: string): string => text.replace(/^(?:an?|the) /i, '').replace(/[,;:?].*$/, '');
