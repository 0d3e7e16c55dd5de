// people.ts: who a statement says did something, or is something: "written by Ada Novak", "Ada Novak wrote", "the maintainers Ada
// Novak and Bo Lind". A name that merely stands in the statement is nobody.

import { contentTerms } from '../words/words.ts';
import { isForm } from './field-name.ts';

const PART = String.raw`\p{Lu}[\p{L}'’.-]{0,40}`;
/** "MINOR" is no name of anybody. */
const LAST = String.raw`\p{Lu}[\p{L}'’-]{0,40}\p{Ll}`;
const PERSON = String.raw`(?:${PART}(?:\s+(?:(?:de|van|von|der|la|bin|al)\s+)?${PART}){0,2}\s+(?:(?:de|van|von|der|la|bin|al)\s+)?${LAST}|@[\w-]+)`;
const ADDRESS = String.raw`(?:\s+<?[\w.+-]{1,64}@[\w.-]+>?)?`;
/** Several, with or without their addresses. */
const PEOPLE = String.raw`${PERSON}${ADDRESS}(?:(?:,\s+(?:and\s+)?|\s+and\s+)${PERSON}${ADDRESS})*`;

const BY = new RegExp(String.raw`^[^.;:]{0,40}?\bby\s+(${PEOPLE})`, 'u');
const IS = new RegExp(String.raw`^(?:\s*:|\s*,|\s+(?:is|are|was|were))?\s+(${PEOPLE})`, 'u');
const DID = new RegExp(String.raw`(${PEOPLE})\s+(?:also\s+|originally\s+|first\s+|has\s+|have\s+)?$`, 'u');
const BEING = new RegExp(String.raw`(${PEOPLE})(?:,|\s+(?:is|are|was|were))\s+(?:the\s+|an?\s+)?$`, 'u');
const OF = /^s?\s+(?:of|for)\s+(?:the\s+)?\P{L}{0,2}([\p{L}\p{N}_-]+)/u;
const NAME = new RegExp(`^${PERSON}$`, 'u');
/** Of a text before a word, where a name may end. */
const BEFORE = 120;
/** An agent, as against what is done by one. */
const ROLE = /(?:er|or|ers|ors|ent|ents|ary|aries|lead|leads|chair|chairs)$/;

/** The names of people in a text that is nothing else, or begins with one. */
export const namesIn = (text: string): string[] => {
  const all = new RegExp(`^\\s*(${PEOPLE})`, 'u').exec(text)?.[1] ?? '';
  return all
    .replace(/\s+/g, ' ')
    .replace(/<?(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+>?/g, '')
    .split(/,\s+(?:and\s+)?|\s+and\s+/)
    .map((one) => one.replace(/\s+/g, ' ').trim())
    .map((one) => (/\.\p{Lu}\.$|\s\p{Lu}\.$/u.test(one) ? one : one.replace(/\.$/, '')))
    .filter((one) => NAME.test(one));
};

/**
 * @param role what they are, in words of the field: `maintainer`, `author`.
 * @param goal what is asked about; who is the author of another thing is not meant.
 */
export function peopleIn(statement: string, role: readonly string[], goal: string): string[] {
  const asked = new Set(contentTerms(goal));
  const said = new Set(contentTerms(statement));
  const others = [...asked].filter((one) => !role.some((word) => isForm(one, word)));
  for (const { 0: word, index } of statement.matchAll(/\p{L}+/gu)) {
    if (!role.some((one) => isForm(word.toLowerCase(), one))) continue;
    const behind = statement.slice(index + word.length);
    const before = statement.slice(Math.max(0, index - BEFORE), index);
    const of = OF.exec(behind)?.[1];
    if (of !== undefined && goal !== '' && !contentTerms(of).some((one) => asked.has(one))) continue;
    const found = ROLE.test(word.toLowerCase())
      ? (IS.exec(behind)?.[1] ?? BEING.exec(before)?.[1])
      : (BY.exec(behind)?.[1] ?? DID.exec(before)?.[1]);
    const isOfIt = ROLE.test(word.toLowerCase()) || others.length === 0 || others.some((one) => said.has(one));
    if (found !== undefined && isOfIt) return namesIn(found);
  }
  return [];
}
