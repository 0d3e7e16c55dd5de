// two-words.ts: verbs that people ask with in two words, and that documents have in one: "turn off" and "disable". Only those whose
// words say little by themselves.

/** "If I don't choose one", "when nobody sets it", "if I change nothing", "unless told otherwise", "out of the box". */
const UNSET =
  /\b(?:if|when) (?:(?:i|you|we|they) (?:do not|don['’]t|did not|didn['’]t) (?:choose|set|specify|give|pick|configure|name|say|pass|select|change)|(?:nobody|no one|nothing|none)(?: is| was)? (?:chooses?|chosen|sets?|specif(?:y|ies|ied)|gives?|given|picks?|picked|configures?|configured|says?|said|pass(?:es|ed)?|selects?|selected)|(?:i|you|we|they) (?:choose|set|specify|give|pick|configure|name|pass|select|change) (?:none|nothing|no (?:settings?|options?)))(?: (?:it|one|any|anything|that|this|them))?\b|\bunless (?:it is |it['’]s )?(?:told|set|configured|specified) otherwise\b|\bwithout any (?:options?|settings?|flags?)\b|\bout of the box\b/gi;

const IN_ONE_WORD: readonly [RegExp, string][] = [
  [/\b(?:get|gets|getting|got) rid of\b/gi, 'remove'],
  [/\bthrow(?:s|ing|n)? away\b|\bthrew away\b/gi, 'remove'],
  [/\bleav(?:e|es|ing) out\b/gi, 'exclude'],
  [/\bturn(?:s|ed|ing)? off\b/gi, 'disable'],
  [/\bturn(?:s|ed|ing)? on\b/gi, 'enable'],
  [/\bkick(?:s|ed|ing)? (?:out|off)\b/gi, 'disconnect'],
  [/\b(?:runs?|running|ran) out\b(?! of\b)/gi, 'expire'],
  [/\bshow(?:s|ing|n|ed)? up\b/gi, 'appear'],
  [/\bgo(?:ing)? back to (?:an?|the) (?:older|previous|earlier|old) version\b/gi, 'downgrade'],
  [/\b(if|when|after) (i|we|you|they|somebody|someone) quits?\b/gi, '$1 $2 leave'],
  [
    /\b(whom?) (do|should|can|must|could) (i|we|you) (?:talk|speak|complain|turn|go) (?:to|with)\b/gi,
    '$1 $2 $3 contact',
  ],
  [/\bby hand\b/gi, 'manually'],
  [/\bclear[ -]?text\b/gi, 'plaintext'],
  [/\bfor good\b/gi, 'permanently'],
  [/\b(?:right|straight) away\b/gi, 'immediately'],
  [/\bmore than one\b/gi, 'multiple'],
  [/\bget(?:s|ting)? ((?:(?!(?:back|and|or|then|go|come)\b)[\w'’-]+ ){1,4})back\b/gi, 'recover $1'],
  [UNSET, 'by default'],
  // "Does it work on Windows?": nothing says that it works.
  [/^(\s*(?:does|do|will|would|can|could)\b[^?]{1,80}?) work (?=(?:on|with|in|under|for)\b)/gi, '$1 '],
  // "How big can a single message be?"
  [/\bhow (?:big|large)(?: (can|may|could|is|are|must|should))(?: an? single)?\b/gi, 'how size $1'],
  // Documents name them: "Linux and macOS".
  [/\b(what|which) operating systems?\b/gi, '$1'],
  // Whoever asks says so; where it is answered nobody does.
  [/\b(?:on|onto|from|off|for) my (?:own )?(?:machine|computer|laptop|pc|mac)\b/gi, ''],
];

/** A question with these verbs as documents have them. */
export const inOneWord = (text: string): string =>
  IN_ONE_WORD.reduce((said, [verb, word]) => said.replace(verb, word), text);
