// labels.ts: numbers that say which one of several things is meant: part 12, berth 3, step 4. Pure; by English words. They are no
// amounts: two labels of one word are two things.

/** A number behind the noun that it belongs to. */
export interface Label {
  noun: string;
  number: string;
  /** What follows shows that it names a subject; else it may be a value, as in "listens on port 80". */
  isSure: boolean;
  start: number;
  end: number;
}

/** Behind these a number is how much or how many. */
const NO_NOUN = new RegExp(
  String.raw`^(?:is|are|was|were|be|been|has|have|had|of|to|in|on|at|by|for|from|with|within|under|over|above|below|after|before|per|than|and|or|` +
    String.raw`the|an?|its|their|these|those|about|around|nearly|only|exactly|all|every|each|least|most|up|as|until|since|between|` +
    String.raw`set|use|uses|allow|allows|take|takes|give|gives|keep|keeps|hold|holds|cost|costs|need|needs|accept|accepts|default|defaults)$`,
  'i',
);
const LABEL = /(?<![\p{L}\p{N}])(?<noun>\p{L}{2,})\s#?(?<number>\d{1,4}[a-z]?)(?![\p{L}\p{N}%°]|[.,:/-]\p{N})/gu;
/** Else a number counts or measures what stands behind it. */
const IS_LAST = /^(?:$|[.,;:)]|\s(?:in|on|at|with|by|for|since|until|and|or|of|from|to)\b)/;
/** What is said of a subject: a verb, and whatever it needs. */
const IS_SUBJECT =
  /^(?:,?\s(?:is|are|was|were|has|have|had|holds?|takes?|needs?|does|do|can|may|must|will|costs?|weighs?|gets?|runs?|uses?|keeps?|gives?|allows?|accepts?|opens?|closes?)\s|\s\p{Ll}+s\s(?:the|an?|its|their|both|every|each|no|all|up|at|two|three|four|five|\d)\s?|:\s)/u;

/**
 * The labels in a sentence, in order.
 * @param taken slices that are something else, such as dates.
 */
export const labelsIn = (sentence: string, taken: readonly { start: number; end: number }[]): Label[] =>
  Array.from(sentence.matchAll(LABEL)).flatMap((match): Label[] => {
    const { noun = '', number = '' } = match.groups ?? {};
    const [start, end] = [match.index, match.index + match[0].length];
    if (NO_NOUN.test(noun) || taken.some((one) => start < one.end && end > one.start)) return [];
    const behind = sentence.slice(end);
    const isSure = IS_SUBJECT.test(behind);
    return isSure || IS_LAST.test(behind) ? [{ noun: noun.toLowerCase(), number, isSure, start, end }] : [];
  });
