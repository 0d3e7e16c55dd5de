// missing.ts: names what the question names or asks and no passage holds.

import { nameTerms, mentions, type Name } from './names.ts';
import { askedWords, type Question } from './question.ts';
import { has, type Ranked, type Ranking } from './rank.ts';

/** What the question names or asks and no passage holds, in sentences. */
export function missingOf(question: Question, ranking: Ranking): string[] {
  const absent = absentNames(question, ranking);
  const missing = absent.slice(0, 4).map((name) => `Nothing was found about ${name.text}.`);
  for (const part of question.parts.length > 0 ? question.parts : [question.text]) {
    const isSaid = absent.some((name) => part.toLowerCase().includes(name.key));
    if (!isSaid && coverOf(part, ranking) < SCARCE) missing.push(`Nothing was found that answers: ${brief(part)}`);
  }
  return missing;
}

/** A part is not answered when no passage has even this share of its words. */
const SCARCE = 0.34;

/** The largest share of a text's words that one passage has. */
function coverOf(part: string, { ranked }: Ranking): number {
  const terms = [...new Set(askedWords(part).flatMap((word) => word.terms.slice(0, 1)))];
  if (terms.length === 0) return 1;
  const best = ranked.map((one) => terms.filter((term) => one.counts.has(term) || one.titleTerms.has(term)).length);
  return Math.max(0, ...best) / terms.length;
}

/** Names that no passage mentions. */
function absentNames(question: Question, { ranked }: Ranking): Name[] {
  return question.names.filter((name) => {
    const terms = nameTerms(name.text);
    return !ranked.some(
      (one) =>
        mentions(one.lower, name) ||
        mentions(one.passage.source.toLowerCase(), name) ||
        terms.every((term) => one.titleTerms.has(term)),
    );
  });
}

/**
 * Findings about something else are no findings: when all that the question names is unknown, only what matches nearly
 * all of its other words may stay.
 */
export function isOffTopic(question: Question, ranking: Ranking): boolean {
  if (question.names.length === 0 && question.parts.length === 0) return coverOf(question.text, ranking) < SCARCE;
  const absent = absentNames(question, ranking);
  if (absent.length === 0 || absent.length < question.names.length) return false;
  const gone = new Set(absent.flatMap((name) => nameTerms(name.text)));
  const rest = question.words.filter((word) => !word.terms.some((term) => gone.has(term)));
  const best = Math.max(
    0,
    ...ranking.ranked.map((one) => rest.filter((word) => word.terms.some((term) => one.counts.has(term))).length),
  );
  return rest.length < 3 || best / rest.length < 0.75;
}

/** Said beside findings that are about the right thing, of what is asked and stands in none of their passages. */
export function notMentioned({ names, words }: Question, quoted: readonly Ranked[]): string[] {
  const about = names.slice(0, 3).map((name) => name.text);
  const asked = words
    .filter((word) => !word.isName && !quoted.some((one) => word.terms.some((term) => has(one, term))))
    .slice(0, 6);
  if (asked.length === 0) return [];
  const of = about.length > 0 ? ` about ${about.join(', ')}` : '';
  return [`No passage${of} speaks in so many words of: ${asked.map((word) => word.text).join(', ')}.`];
}

const brief = (text: string): string => {
  const clean = text.replace(/\s+/g, ' ').trim();
  return clean.length > 160 ? `${clean.slice(0, 159)}…` : clean;
};
