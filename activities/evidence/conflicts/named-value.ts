// named-value.ts: the one name that a sentence gives to something: who made it, what it is called, under which license it is.
// Pure. Only relations that have one value at a time.

export interface NamedValue {
  /** What ties it to its subject: `written by`, `under`, `is`. */
  relation: string;
  text: string;
  start: number;
  end: number;
}

const NAME = String.raw`(?:\x60[^\x60]{1,60}\x60|\p{Lu}[\p{L}\p{M}\p{N}.+#’'-]*(?:,?\s(?:\([^)]{1,30}\)|(?:of|de|van|von|da)\s\p{Lu}[\p{L}\p{M}.]*|\p{Lu}[\p{L}\p{M}\p{N}.’'+#-]*|\d+(?:\.\d+)*))*)`;
const END = String.raw`(?=\s*(?:[.,;:!?]|$|\s(?:in|since|from|and|by|as|for|license|until)\b))`;
const MADE =
  'maintained|written|developed|invented|founded|created|designed|discovered|owned|led|directed|composed|painted|built|made|edited|translated|sculpted|authored|sponsored|hosted';
const PATTERNS: readonly RegExp[] = [
  new RegExp(String.raw`\b(?<relation>(?:${MADE}) by)\s(?:the\s)?(?<name>${NAME})`, 'u'),
  new RegExp(String.raw`\b(?<relation>(?:written|implemented|programmed|coded) in)\s(?<name>${NAME})${END}`, 'u'),
  new RegExp(String.raw`\b(?<relation>under) (?:the\s)?(?<name>${NAME})(?:\slicense\b)`, 'iu'),
  new RegExp(String.raw`\b(?<relation>is|was|are) (?:called |named |set to )?(?:the\s)?(?<name>${NAME})${END}`, 'u'),
];
/** "Jonas Lindqvist is the chair of …": only offices and such have one holder. */
const HOLDER = new RegExp(
  String.raw`^(?<name>\p{Lu}[\p{L}\p{M}.’'-]*(?:\s\p{Lu}[\p{L}\p{M}.’'-]*)+)\s(?<relation>is|was)\sthe\s(?:current\s)?(?:chair|capital|head|director|mayor|president|owner|author|founder|maintainer|editor|captain|master|ceo|leader|inventor|largest|smallest|highest|longest|first|default)\b`,
  'iu',
);

export function namedValue(sentence: string): NamedValue | undefined {
  for (const pattern of [...PATTERNS, HOLDER]) {
    const match = pattern.exec(sentence);
    const { relation, name } = match?.groups ?? {};
    if (!match || relation === undefined || name === undefined) continue;
    // A relation that was found with any letters may have met a small one.
    if (!/^[\p{Lu}\x60]/u.test(name)) continue;
    const start = sentence.indexOf(name, pattern === HOLDER ? 0 : match.index + relation.length);
    const text = name.replace(/[.,]+$/, '');
    return { relation: relation.toLowerCase().replace('was', 'is'), text, start, end: start + text.length };
  }
  return undefined;
}

/** Whether two spellings can be one name: one is part of the other, or shortens it. */
export function sameName(a: string, b: string): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length === 0) return true;
  return short.every((part) =>
    long.some((whole) => whole === part || isInitial(part, whole) || isInitial(whole, part)),
  );
}

const isInitial = (one: string, other: string): boolean => one.length === 1 && other.startsWith(one);

const partsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .replace(/\blicense\b|\([^)]*\)/g, ' ')
    .split(/[^\p{L}\p{M}\p{N}+#]+/u)
    .filter((part) => part !== '');
