// two-words.ts: verbs that people ask with in two words, and that documents have in one: "turn off" and "disable". Only those whose
// words say little by themselves.

const IN_ONE_WORD: readonly [RegExp, string][] = [
  [/\b(?:get|gets|getting|got) rid of\b/gi, 'remove'],
  [/\bthrow(?:s|ing|n)? away\b|\bthrew away\b/gi, 'remove'],
  [/\bleav(?:e|es|ing) out\b/gi, 'exclude'],
  [/\bturn(?:s|ed|ing)? off\b/gi, 'disable'],
  [/\bturn(?:s|ed|ing)? on\b/gi, 'enable'],
];

/** A question with these verbs as documents have them. */
export const inOneWord = (text: string): string =>
  IN_ONE_WORD.reduce((said, [verb, word]) => said.replace(verb, word), text);
