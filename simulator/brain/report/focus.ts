// focus.ts: the one word of a question that its answer must speak of: what is counted, or done something to.

import { EXTREME, type Kind } from '../question/kinds.ts';
import { MEASURE } from '../question/question.ts';
import { contentTerms } from '../words/words.ts';

/** "How many developers", "what is the phone number of", "why is it so cheap": its term; none where a question has no such word. */
export function focusOf(asked: string, kind: Kind): string[] {
  // "How many people died": a column "Deaths" does not speak of people.
  const counted = /\bhow (?:many|much) (?!(?:people|persons)\b)([\p{L}-]+)/iu.exec(asked.replace(MEASURE, 'how'))?.[1];
  // "The name of the warship": the warship.
  const valued =
    /\b(?:what|which) (?:is|are|was|were) the (?:name of (?:an?|the) |[\p{L}'’-]+ ){0,4}?(?!name\b)([\p{L}'’-]+) (?:of|in|for|on|at|that|which)\b/iu.exec(
      asked,
    )?.[1];
  const most = new RegExp(`\\b(${EXTREME})\\b`, 'i').exec(asked)?.[1];
  const wondered = /^\W*why\b.* so (\p{L}{3,})\s*\?*$/iu.exec(asked)?.[1];
  const meant = MEANT[kind]?.exec(asked)?.[1];
  return contentTerms(counted ?? most ?? valued ?? wondered ?? meant ?? '').slice(0, 1);
}

/** "How do I send alerts to Slack?", "Do we get a sabbatical?": what a how-to ends in, or what is asked whether there is any of; its term. */
export const targetOf = (asked: string, kind: Kind): string | undefined =>
  contentTerms(TARGETS[kind]?.exec(asked)?.[1] ?? '')[0];
const TARGETS: Partial<Record<Kind, RegExp>> = {
  'how-to':
    /\b(?:to|on|onto|with|via|into|from|using|through) (?:(?:an?|the|my|our|your) )?([\p{L}\p{N}-]{3,40})\W*$/iu,
  'yes-no':
    /^\W*(?:do|does|did|can|could|will|is|are|has|have) (?:i|we|you|they|it|there|(?:the )?[\p{L}\p{N}-]{1,40})(?: (?:get|have|offer|need|use|set|see|add))? (?:an?|any) ([\p{L}\p{N}-]{3,40})/iu,
};

/** "How much can I spend on a hotel?": what is paid for, its term; whatever else of the question a quote says, it must say that. */
export const paidFor = (asked: string): string | undefined => contentTerms(PAID.exec(asked)?.[1] ?? '')[0];
const PAID = /\bhow much [^?]{0,60}\b(?:spend|pay|cost) (?:on|for) (?:an?|the|my|our|one) ([\p{L}-]{3,40})/iu;

const MEANT: Partial<Record<Kind, RegExp>> = {
  // "How do I delete my npm account?": the account.
  'how-to':
    /\bhow (?:(?:do|can|could|should|must|would) (?:i|you|we|one)|to) \p{L}{1,40} (?:(?:back|in|out|off|on|up|down|away) )?(?:an?|the|my|our|your|its|this|that) (?:[\p{L}\p{N}-]{1,40} ){0,2}?([\p{L}\p{N}-]{1,40})(?= (?:in|on|for|with|to|of|by|at|from|about|through|when|while|if|so|and|or|before|after|without|as|into|out|using|that|which|over|the|than)\b|\W*$|[,;?])/iu,
  // "Which plugin manager should I use?": the manager.
  other:
    /\b(?:what|which) (?!(?:should|must|can|could|may|do|does|did|will|would|is|are|was|were|has|have)\b)(?:[\p{L}-]{1,40} ){0,2}?([\p{L}-]{1,40}) (?:should|must|can|could|may|do|does|did|will|would|is|are|was|were|has|have)\b/iu,
};
