// aspects.ts: cuts a question about several aspects of one thing: "How does X do A, B and C?" asks three things.
// Lists of names are sides of a comparison and belong to comparison.ts.

import { isStopWord } from '../words/words.ts';

/** Words after which a list says what is asked about. */
const LEAD =
  /\b(?:do|does|handles?|deals? with|copes? with|supports?|treats?|implements?|configures?|about|regarding|concerning|with|for|limits?|sets?)\s+$/i;
/** What no item of such a list has: it would be a clause. */
const CLAUSE =
  /\b(?:what|how|which|why|when|where|who|whose|is|are|was|were|does|do|did|can|should|will|has|have|it|its|they|their|that|this|than|if)\b/i;
const LIST = /^(.*?\b[\p{L}-]+)\s+((?:[^,]+,\s+){1,6}[^,]+?),?\s+(?:and|or|as well as)\s+([^,]+)$/iu;
const PREPOSITION = /^(?:in|on|for|with|to|of|by|at|from|about|under|during)\s+/i;
const MAX_ITEM_WORDS = 4;
const MAX_ITEMS = 6;

/** The question once for each aspect; undefined when it is not about three or more of one thing. */
export function aspectsOf(question: string): string[] | undefined {
  const text = question.trim().replace(/[.?!\s]+$/, '');
  const match = LIST.exec(text);
  if (!match) return undefined;
  const list = match[2] ?? '';
  // The first item begins right after the word that leads it in.
  const head = `${match[1] ?? ''} `;
  const whole = head + list;
  const at = leadEnd(whole, whole.indexOf(','));
  if (at === undefined) return undefined;
  const lead = whole.slice(0, at);
  const items = [...whole.slice(at).split(/,\s+/), match[3] ?? ''].map((item) => item.trim());
  const preposition = PREPOSITION.exec(items[1] ?? '')?.[0];
  const bare = items.map((item) => (preposition ? item.replace(PREPOSITION, '') : item));
  if (bare.length < 3 || bare.length > MAX_ITEMS || !bare.every(isItem)) return undefined;
  return bare.map((item) => `${lead}${item}?`);
}

/** Where the list begins: after the last leading word before the first comma. */
function leadEnd(text: string, comma: number): number | undefined {
  const starts = [...text.slice(0, comma).matchAll(/\S+\s+/g)].map(({ 0: word, index }) => index + word.length);
  return starts.findLast((start) => LEAD.test(text.slice(0, start)));
}

function isItem(item: string): boolean {
  const words = item.split(/\s+/);
  return words.length <= MAX_ITEM_WORDS && !CLAUSE.test(item) && words.some((word) => !isStopWord(word.toLowerCase()));
}
