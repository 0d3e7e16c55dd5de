// follow-up.ts: what a question means that leans on the one before it: ordinals, what is left out, pronouns, in this order. A rule for
// English, without a model; where it sees that a question leans and can't say on what, the earlier one is put beside it.

/** A question of the same session, and what it was answered: list items on lines of their own. */
export interface EarlierQuestion {
  question: string;
  answer: string;
}

/** Longer questions say what they mean. */
const MOST_CHARS = 200;
const MOST_EARLIER_CHARS = 500;
/** Words that a question has at most in which something is left out. */
const MOST_LEFT_WORDS = 6;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const AUXILIARIES = words(
  'is are was were am be been do does did has have had can could may might must shall should will would',
);
const PREPOSITIONS = words(
  'about after against at before between by during for from in into of on over per since than through to under until with without',
);
const DETERMINERS = words('the a an each every its their his her this that these those any all some');
/** Bare verbs that stand before an object without an article. */
const VERBS = words(
  'allow ask begin bring burn buy call change close contain cost cover cut do end fit follow get give go have hold join keep last leave let lose make mean move need offer open own pay produce provide read reach require run say see sell send serve show stand start stop store study support take tell use want weigh work write',
);
/** They have the verb behind what the question is about. */
const HELPERS = /^(?:do|does|did|can|could|may|might|must|should|will|would)$/i;
const QUESTION_WORDS = /^(?:when|where|why|how|who|whom|whose|which|what)$/i;

/** @param earlier oldest first. @returns undefined where it stands by itself, or nothing was asked before. */
export function resolveFollowUp(ask: string, earlier: readonly EarlierQuestion[]): string | undefined {
  const usable: EarlierQuestion[] = [];
  for (const { question, answer } of earlier)
    // “And June?” is itself told by what was asked before it.
    if (question.length <= MOST_EARLIER_CHARS) usable.push({ question: meaning(question, usable) ?? question, answer });
  return meaning(ask, usable);
}

function meaning(ask: string, earlier: readonly EarlierQuestion[]): string | undefined {
  const last = earlier.at(-1);
  if (!last || ask.trim().length > MOST_CHARS) return undefined;
  const lead = LEAD.exec(ask)?.[0] ?? '';
  const said = ask.slice(lead.length).trim();
  return (
    byOrdinal(said, earlier) ??
    whatIsLeftOut(said, lead !== '', last.question) ??
    byPronoun(said, last) ??
    (leans(said) || STANDS_FOR_SOME.test(said) || isLeftShort(ask, said) ? beside(said, last.question) : undefined)
  );
}

const LEAD = /^\s*(?:and|but|ok|okay|so|also|then)\b[\s,]*/i;
/** Other languages than English: what begins so, and is short, leans. */
const LEAD_ELSEWHERE = /^\s*(?:und|aber|et|mais|y|pero|e|ma|en|maar|och|og)\s/iu;

const isLeftShort = (ask: string, said: string): boolean =>
  LEAD_ELSEWHERE.test(ask) && said.split(/\s+/).length <= MOST_LEFT_WORDS;

const beside = (said: string, question: string): string => `${sentence(said)} (asked after: “${question.trim()}”)`;

// Ordinals

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const NTH =
  /\b(?:the\s+)?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|former|latter|\d{1,2}(?:st|nd|rd|th))\b(\s+(?:ones?|options?|items?|points?|of (?:them|these|those)|of the two)\b)?(?=([^\p{L}]*)([\p{L}]*))/giu;
/** Asked of one or some of several, or of what was said, whatever these are. */
const STANDS_FOR_SOME =
  /\bthe\s+(?:first|second|third|fourth|fifth|sixth|last)\s+one\b|\bthe\s+(?:former|latter|others|rest)\b|\b(?:which|one|both|all|some|none) of (?:the two|the three|them|these|those)\b|\b(?:that|this|these|those)\s*[?.!]*$|\b(?:step|item|point|number)\s+\d{1,2}\b/i;
const CONNECTING = words('and or with to than then');

function byOrdinal(said: string, earlier: readonly EarlierQuestion[]): string | undefined {
  const items = [...earlier]
    .reverse()
    .map(itemsOf)
    .find(({ length }) => length > 1);
  if (!items) return undefined;
  let isNamed = false;
  const named = said.replace(NTH, (whole, which: string, one: string | undefined, gap: string, next: string) => {
    const isAlone = /[^\s'’]/.test(gap) || next === '' || AUXILIARIES.has(next) || CONNECTING.has(next);
    // “The second chapter” is a chapter of something else.
    if (one === undefined && !isAlone && !/^(?:former|latter)$/i.test(which)) return whole;
    const item = items.at(placeOf(which.toLowerCase()));
    if (item === undefined || !isShortName(item)) return whole;
    isNamed = true;
    return item;
  });
  return isNamed ? sentence(named) : undefined;
}

/**
 * What comes out of an answer may be a document's, and stands in the question from then on, as words of whoever asks: a name at most,
 * no sentence, no address.
 */
const isShortName = (text: string): boolean =>
  text.length <= 40 &&
  text.split(/\s+/).length <= 4 &&
  /^[\p{L}\p{N}\s.'’&+-]+$/u.test(text) &&
  !/[\p{L}\p{N}]\.\p{L}/u.test(text);

function placeOf(ordinal: string): number {
  if (ordinal === 'last') return -1;
  if (ordinal === 'former') return 0;
  if (ordinal === 'latter') return 1;
  return ORDINALS.includes(ordinal) ? ORDINALS.indexOf(ordinal) : Number.parseInt(ordinal, 10) - 1;
}

/** What a question or its answer counts up, in its order. */
function itemsOf({ question, answer }: EarlierQuestion): string[] {
  const inQuestion = countedUp(question);
  if (inQuestion.length > 1) return inQuestion;
  const lines = answer.split('\n').flatMap((line) => /^\s*(?:[-*•]|\d{1,2}[.)])\s+(.+)$/.exec(line)?.[1] ?? []);
  if (lines.length > 1) return lines.map(nameOf);
  return countedUp(answer.replaceAll('\n', ' '));
}

/** `LMDB, RocksDB and SQLite`; of two alone, names: `Platform and Payments`. */
function countedUp(text: string): string[] {
  const name = "[\\p{Lu}\\p{N}][\\p{L}\\p{N}'’.-]*[\\p{L}\\p{N}](?:\\s+[\\p{Lu}\\p{N}][\\p{L}\\p{N}-]*)*";
  const list = new RegExp(`(${name}(?:,\\s*${name})*),?\\s+(?:and|or)\\s+(${name})`, 'u').exec(text);
  if (list) return [...(list[1] ?? '').split(/,\s*/), list[2] ?? ''];
  const plain =
    /((?:[\p{L}\p{N}-]+\s)?[\p{L}\p{N}-]+(?:,\s[\p{L}\p{N}-]+(?:\s[\p{L}\p{N}-]+)?)+),?\s(?:and|or)\s([\p{L}\p{N}-]+)/u.exec(
      text,
    );
  return plain ? [...(plain[1] ?? '').split(/,\s*/), plain[2] ?? ''] : [];
}

/** What an item of a list is about: what stands before its first verb or mark. */
function nameOf(line: string): string {
  const bold = /^\*\*(.+?)\*\*/.exec(line)?.[1];
  const [head = line] = (bold ?? line).split(/[:,;([–—]|\s-\s|\.(?:\s|$)/);
  const all = head.trim().split(/\s+/);
  const verb = all.findIndex((word, at) => at > 0 && (AUXILIARIES.has(word) || isVerbWithS(word, all[at + 1])));
  const name = (verb < 0 ? all : all.slice(0, verb)).join(' ').replace(/^(?:an?|the)\s+/i, 'the ');
  return /^\p{Lu}\p{Ll}+\s\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

const isVerbWithS = (word: string, next = ''): boolean =>
  /^\p{Ll}+[^s]s$/u.test(word) && (DETERMINERS.has(next) || PREPOSITIONS.has(next));

// What is left out

function whatIsLeftOut(said: string, hasLead: boolean, question: string): string | undefined {
  const about = /^(?:what|how)\s+about\s+(.+)$/i.exec(said)?.[1];
  const rest = (about ?? said).replace(/[?.!\s]+$/, '');
  const all = rest.split(/\s+/);
  const first = all[0] ?? '';
  const whole = question.trim().replace(/[?.!\s]+$/, '');
  if (rest === '' || all.length > MOST_LEFT_WORDS) return undefined;
  if (about === undefined && all.some((word) => AUXILIARIES.has(word.toLowerCase()))) return undefined;
  const asks = all.slice(PREPOSITIONS.has(first.toLowerCase()) ? 1 : 0);
  if (asks.length > 1 && startsAlike(question, all))
    return sentence([rest, ...question.split(/\s+/).slice(all.length)].join(' '));
  if (QUESTION_WORDS.test(asks[0] ?? ''))
    return asks.length <= 2 ? `${whole}, and ${rest.charAt(0).toLowerCase()}${rest.slice(1)}?` : undefined;
  if (PREPOSITIONS.has(first.toLowerCase())) return withPhrase(whole, first.toLowerCase(), rest);
  if (!hasLead && about === undefined && !/^\p{Lu}[\p{L}\p{N}-]*\?$/u.test(said)) return undefined;
  return withThing(whole, rest) ?? beside(said, question);
}

/** `at which temperature`, where `At which pressure …` was asked. */
function startsAlike(question: string, asks: readonly string[]): boolean {
  const tokens = question.trim().toLowerCase().split(/\s+/);
  const before = asks.slice(0, -1).map((word) => word.toLowerCase());
  return before.some((word) => QUESTION_WORDS.test(word)) && before.every((word, at) => tokens[at] === word);
}

/** `in 2023` in the place of `in 2022`; behind the question where it has no such phrase. */
function withPhrase(question: string, preposition: string, phrase: string): string {
  const lower = `${preposition}${phrase.slice(preposition.length)}`;
  const tokens = question.split(' ');
  const at = tokens.findLastIndex((word) => word.toLowerCase() === preposition);
  if (at < 0) return `${question} ${lower}?`;
  const end = at + 1 + thingLength(tokens.slice(at + 1));
  // “In metres” is no other survey than “in the survey”.
  if (sortOf(tokens[at + 1]) !== sortOf(lower.split(' ')[1])) return `${question} ${lower}?`;
  // “The new one” is of the sort that stood there.
  const named = lower.replace(/\bones?$/i, tokens[end - 1] ?? '');
  return `${[...tokens.slice(0, at), named, ...tokens.slice(end)].join(' ')}?`;
}

const sortOf = (first = ''): 'thing' | 'name' | 'number' | 'other' =>
  DETERMINERS.has(first.toLowerCase())
    ? 'thing'
    : /^\p{Lu}/u.test(first)
      ? 'name'
      : /^\p{N}/u.test(first)
        ? 'number'
        : 'other';

/** Another thing of the same sort in the place of the one that was asked about; undefined where none is of its sort. */
function withThing(question: string, thing: string): string | undefined {
  const tokens = question.split(' ');
  const own = thing.split(' ');
  const isOne = /^ones?$/i.test(own.at(-1) ?? '');
  const put = (from: number, length: number, words_: readonly string[]): string =>
    `${[...tokens.slice(0, from), ...words_, ...tokens.slice(from + length)].join(' ')}?`;
  const things = tokens.flatMap((word, at) => (DETERMINERS.has(word.toLowerCase()) ? [at] : []));
  for (const at of things) {
    const length = 1 + thingLength(tokens.slice(at + 1), tokens[at - 1]);
    const head = tokens[at + length - 1] ?? '';
    if (isOne && length > 2) return put(at, length, [...own.slice(0, -1), head]);
    if (!isOne && head.toLowerCase() === own.at(-1)?.toLowerCase()) return put(at, length, own);
  }
  if (isOne) return undefined;
  const isName = /^\p{Lu}/u.test(thing);
  const isNumber = /^\p{N}/u.test(thing);
  if (isName || isNumber) {
    const alike = isName ? /^\p{Lu}[\p{L}\p{N}'’.-]*$/u : /^\p{N}[\p{N}.,]*$/u;
    const at = tokens.findLastIndex((word, i) => i > 0 && alike.test(word));
    if (at >= 0) {
      const from = tokens.slice(0, at).findLastIndex((word) => !alike.test(word)) + 1;
      return put(Math.max(1, from), at - Math.max(1, from) + 1, own);
    }
  }
  const [at] = things;
  return at !== undefined && DETERMINERS.has(own[0]?.toLowerCase() ?? '')
    ? put(at, 1 + thingLength(tokens.slice(at + 1), tokens[at - 1]), own)
    : undefined;
}

/**
 * How many of these words name one thing: until a preposition, an auxiliary, a verb.
 * @param before the word before its article.
 */
function thingLength(tokens: readonly string[], before = ''): number {
  const helped = HELPERS.test(before);
  const end = tokens.findIndex(
    (word, at) =>
      at > 0 &&
      ((helped && isVerbAfterHelper(word, tokens[at + 1])) ||
        PREPOSITIONS.has(word) ||
        AUXILIARIES.has(word) ||
        DETERMINERS.has(word) ||
        VERBS.has(word) ||
        /^(?:and|or|when|where|if)$/.test(word) ||
        /^\p{Ll}+ed$/u.test(word)),
  );
  return end < 0 ? tokens.length : end;
}

// Pronouns

const PRONOUN = /\b(it|its|they|them|their|he|him|his|she|her)\b(?=(?:\s+(\p{L}+))?)/giu;
/** `Is it possible to …`, `how long does it take to …`: it stands for nothing. */
const FOR_NOTHING =
  /\bit\s+(?:takes?|costs?)\s+to\b|\bis\s+it\s+(?:possible|true|allowed|likely|necessary|safe|worth)\b/i;

function byPronoun(said: string, last: EarlierQuestion): string | undefined {
  if (!leans(said)) return undefined;
  let isNamed = false;
  const named = said.replace(PRONOUN, (pronoun: string, _which: string, next: string | undefined) => {
    const isPerson = /^(?:he|him|his|she|her)$/i.test(pronoun);
    const topic = isPerson ? personIn(last) : topicOf(last.question);
    if (topic === undefined) return pronoun;
    isNamed = true;
    const follows = next?.toLowerCase() ?? '';
    const isOwner =
      /^(?:its|their|his)$/i.test(pronoun) ||
      (/^her$/i.test(pronoun) && follows !== '' && !PREPOSITIONS.has(follows) && !AUXILIARIES.has(follows));
    return isOwner ? `${topic}${topic.endsWith('s') ? "'" : "'s"}` : topic;
  });
  return isNamed ? sentence(named) : undefined;
}

/** Whether it has a pronoun that nothing before it in the question itself explains. */
function leans(said: string): boolean {
  if (FOR_NOTHING.test(said)) return false;
  const at = said.search(PRONOUN);
  if (at < 0) return false;
  const before = said.slice(0, at).split(/\s+/).slice(1);
  return !before.some((word) => /^(?:the|an?)$/i.test(word) || /^\p{Lu}/u.test(word)) && !/^(?:the|an?)\s/i.test(said);
}

const NAME =
  /(?:(?:Dr|Mr|Mrs|Ms|Prof)\.\s+)?\p{Lu}[\p{L}-]+(?:\s+(?:(?:van|von|de|da|der)\s+)?\p{Lu}[\p{L}-]+)+|(?:Dr|Mr|Mrs|Ms|Prof)\.\s+\p{Lu}[\p{L}-]+/gu;

/** A name in the answer that was not in the question; else the one in the question. */
function personIn({ question, answer }: EarlierQuestion): string | undefined {
  const inAnswer = [...answer.matchAll(NAME)].map(([name]) => name);
  const inQuestion = [...question.replace(/^\s*\S+/, '').matchAll(NAME)].map(([name]) => name);
  return inAnswer.find((name) => !question.includes(name) && isShortName(name)) ?? inQuestion[0];
}

/** What a question is about: behind its auxiliary up to its verb, or its first thing with an article or a name. */
function topicOf(question: string): string | undefined {
  const tokens = question
    .trim()
    .replace(/[?.!\s]+$/, '')
    .split(/\s+/);
  const auxiliary = tokens.findIndex((word) => AUXILIARIES.has(word.toLowerCase()));
  const isThing = (word: string, at: number): boolean =>
    at > auxiliary && at > 0 && (/^(?:the|an?)$/i.test(word) || /^\p{Lu}/u.test(word));
  const named = tokens.findIndex(isThing);
  // “Which suppliers were late”: what is asked about stands before.
  const isAsked =
    auxiliary > 1 && /^(?:which|what|whose)$/i.test(tokens[0] ?? '') && !HELPERS.test(tokens[auxiliary] ?? '');
  const bare = auxiliary >= 0 && !isAsked && /^\p{Ll}{3,}$/u.test(tokens[auxiliary + 1] ?? '') ? auxiliary + 1 : -1;
  const from = named < 0 && !NO_THING.test(tokens[bare] ?? '') ? bare : named;
  if (from < 0) return undefined;
  const rest = tokens.slice(from);
  const helped = HELPERS.test(tokens[auxiliary] ?? '');
  const end = rest.findIndex((word, at) => at > 0 && endsTopic(word, rest[at - 1] ?? '', rest[at + 1], helped));
  const topic = (end < 0 ? rest : rest.slice(0, end)).join(' ').replace(/['’]s$/, '');
  return topic.replace(/^an?\s/i, 'the ');
}

const NO_THING = /^(?:there|they|it|he|she|you|we|one|not|this|that|these|those)$/i;

function endsTopic(word: string, before: string, next: string | undefined, helped: boolean): boolean {
  if (AUXILIARIES.has(word) || /^(?:and|or|when|where|if)$/.test(word)) return true;
  if (!/^\p{Ll}/u.test(word) || DETERMINERS.has(before) || PREPOSITIONS.has(before)) return false;
  if (!helped) return /^\p{Ll}+ed$/u.test(word) || /^(?:kept|made|held|sent|built|sold|paid)$/.test(word);
  if (PREPOSITIONS.has(word) || DETERMINERS.has(word)) return false;
  return isVerbAfterHelper(word, next);
}

/** Behind `does` and the like a verb must come: the last bare word of what stands together. */
const isVerbAfterHelper = (word: string, next: string | undefined): boolean =>
  /^\p{Ll}+$/u.test(word) && (VERBS.has(word) || next === undefined || PREPOSITIONS.has(next) || DETERMINERS.has(next));

/** With a capital letter, and a question mark where it had none of its own. */
function sentence(text: string): string {
  const whole = text.trim().replace(/\s+/g, ' ');
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}${/[?.!]$/.test(whole) ? '' : '?'}`;
}
