// truth-in-quotes.ts: whether something is so, by the clauses that speak of it: one that says so, or denies it, of itself and not of
// something else; none where clauses differ, and none where it is only mentioned.

import { foundIn, readName, shareOf, surest, wordsIn, wordsOfName, type Field } from './field-name.ts';
import { labelled } from './labels.ts';

const NO =
  /\b(?:no|not|never|none|false|off|disabled|without|cannot|neither|nor|nothing|unsupported|unavailable|denied|refused|forbidden|prohibited)\b|n['’]t\b/i;
/** What says of a thing that it can be done, or is there. */
const CAN =
  /\b(?:can|may|yes|true|supports?|supported|allows?|allowed|permits?|permitted|provides?|provided|includes?|included|offers?|offered|handles?|handled|reads?|writes?|written|creates?|created|made|runs?|tested|works?|exists?|available|possible|enabled|there (?:is|are))\b/i;
/** What says it of a name that tells itself what is so. */
const IS = /\b(?:is|are|was|were|be|been|being|will|has|have|does|do|on)\b/i;
/** "No dependencies" */
const NONE = /^\W*(?:no|without|none)\b|\b(?:has|have|with|needs?|contains?|are|is) no\b|\bwithout\b/i;
/** What is so only in a case, once was, or is asked or wished. */
const UNSURE =
  /\b(?:if|whether|unless|should|would|could|might|except|only when|used to|formerly|previously|was removed|deprecated|plan(?:s|ned)?|proposed|wish)\b|\?/i;
/** Where another thing is said. */
const CLAUSE =
  /[;:.!?] |, (?:but|and (?:it|they|he|she|this)|while|whereas|although|because|since|so)\b| (?:but|whereas|although) /i;
/** What stands in a text and says nothing: addresses, links and names in code. */
const BESIDE = /:\w{1,20}:`[^`\n]*`|\]\([^)\n]{0,300}\)|https?:\S+|``?[^`\n]*``?/g;
/** What a name of a truth begins with. */
const ASKING = new Set('is has have are was can does do should will'.split(' '));
/** A word that tells itself what is so: `supported`, `threadSafe`; any other thing must be said to be possible. */
const PREDICATE = /(?:ed|able|ible|safe|free|ing)$/;

/** Of a table, or behind a label. */
const CELL = /^(?:yes|no|true|false)$/i;

export function truthFor(field: Field): boolean | null {
  const { words, described, isDenied } = readName(field);
  const cell = labelled(field).find((value) => CELL.test(value));
  if (cell !== undefined) return /^[yt]/i.test(cell) !== isDenied;
  const about = words.filter((word) => !ASKING.has(word));
  const [first = ''] = wordsOfName(field.name);
  const isPredicate = ASKING.has(first) || first.endsWith('s') || about.some((word) => PREDICATE.test(word));
  const speaks = (clause: string): boolean =>
    (about.length > 0 && shareOf(about, clause) === 1) ||
    (described.length > 1 && shareOf(described, clause) >= DESCRIBED && shareOf(about, clause) > 0);
  const found = foundIn(field, (statement) =>
    statement
      .replace(BESIDE, (one) => (one.startsWith('`') ? one.replaceAll('`', ' ') : ' '))
      .replace(/\s+/g, ' ')
      .split(CLAUSE)
      .filter((clause) => speaks(clause) && !UNSURE.test(clause))
      .flatMap((clause) => truthOf(clause, about, isPredicate))
      .map((value) => value !== isDenied),
  );
  return (new Set(found.map(({ value }) => value)).size === 1 ? found[0]?.value : surest(found)) ?? null;
}

const DESCRIBED = 0.5;
/** Words between those of the name, and of what says so. */
const NEAR = 8;

/** The words of the name stand together, and something says that it is so, or not. */
function truthOf(clause: string, about: readonly string[], isPredicate: boolean): boolean[] {
  const all = wordsIn(clause);
  const at = about.map((one) => all.findIndex((word) => shareOf([one], word) === 1)).filter((one) => one >= 0);
  if (Math.max(...at) - Math.min(...at) > NEAR) return [];
  const isSaid = CAN.test(clause) || (isPredicate && IS.test(clause)) || (isPredicate && about.length > 1);
  if (NO.test(clause)) return isSaid || isPredicate || NONE.test(clause) ? [false] : [];
  return isSaid ? [true] : [];
}
