// asking-headings.ts: whether a heading asks what a question asks: its document's place for the answer.

import { kindOf, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import { contentTerms } from '../words/words.ts';

/** A heading with so much of the question asks it itself: what stands under it is likelier the answer. */
export const ASKED_SHARE = 0.55;
export const YES_NO_SHARE = 0.35;
/** A question that has so much of the question, and half of whose own words are the question's. */
const ALIKE = 0.5;
const ALIKE_SHARE = 0.4;
/** And so many of them: two rare words of seven are about something else. */
const ALIKE_COUNT = 0.35;

/** "Why is a spec needed?" over what is asked so, too, in more words. */
export function asksIt(
  heading: string,
  headed: ReadonlySet<string>,
  { kind, text, weights, words }: Question,
  share: number,
): boolean {
  const isQuestion = heading.endsWith('?') || /^(?:how|why|what|when|where|who)\b/i.test(heading);
  const shared = [...headed].filter((term) => weights.has(term)).length;
  return (
    isQuestion &&
    headed.size > 0 &&
    (kind === 'other'
      ? beginningOf(heading) !== '' && beginningOf(heading) === beginningOf(text)
      : asksAlike(heading.replace(/^[\d.]+\s+/, ''), kind)) &&
    ([...headed].every((term) => weights.has(term)) ||
      share >= ASKED_SHARE ||
      (share >= ALIKE_SHARE && shared >= ALIKE * headed.size && shared >= ALIKE_COUNT * words.length))
  );
}

/** "What happens if …", "what happens when …": kinds that have no name. */
const beginningOf = (question: string): string => /^[\d.]*\s*(what \p{L}+)/iu.exec(question)?.[1]?.toLowerCase() ?? '';

/** "Is there a way to limit it?" asks how to. */
const asksAlike = (heading: string, kind: Kind): boolean =>
  kindOf(heading) === kind ||
  (kind === 'how-to' && /^(?:is (?:there (?:a|any) way|it possible)|can (?:i|you|we|one))\b/i.test(heading));

/** "Why does it not connect when fish is my login shell?" over what tells no how-to. */
export const asksOther = (heading: string, kind: Kind): boolean =>
  kind !== 'other' && heading.endsWith('?') && kindOf(heading) !== 'other' && !asksAlike(heading, kind);

/** "Yes, you can!" under a question. */
export const saysYesOrNo = (text: string, heading: string, { kind }: Question): boolean =>
  kind === 'yes-no' && kindOf(heading) === 'yes-no' && /^(?:yes|no|not|never|only)\b/i.test(text);

/** Whether a heading is of nothing but what is asked: "Retries", "logger.child(bindings) => logger". */
export function isOfThese(heading: string, weights: ReadonlyMap<string, number>, named: ReadonlySet<string>): boolean {
  const call = /^([\w$]+(?:\.[\w$]+)+)\(/.exec(heading)?.[1];
  const terms = contentTerms(call?.replaceAll('.', ' ') ?? heading);
  return terms.length > 0 && terms.every((term) => weights.has(term) && !named.has(term));
}
