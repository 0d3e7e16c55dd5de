// tuning.ts: every number that decides which passages are quoted and in what order. Set with the odd questions of
// bench/recall only; `npm run bench -- recall` shows what a change does. Small changes do little: all are round.

export const TUNING = {
  /** How fast more of the same word stops counting, and how much longer passages are held back. */
  saturation: 1.3,
  length: 0.8,
  /** A term in a passage's own heading, and anywhere in its source's name or outer headings. */
  inHeading: 0.4,
  inTitle: 0.3,
  /** Parts of a passage's own score: how strongly and how widely it has the question's words, its best sentence, where
   * searches put it (for the whole question, for a part of it, later), how often its document came up. */
  score: { words: 1, width: 0.15, sentence: 0.5, whole: 0.6, part: 0.5, later: 0.2, document: 0.1 },
  /** Ranks fade as 1 / (rank + this). */
  fade: { whole: 3, part: 6, later: 6 },
  /** Factor by what a passage is about, when the question names something. Its document has the name: 1. */
  about: { titled: 1, mentioned: 0.9, elsewhere: 0.75, unnamed: 0.65 },
  /** How much of a term each further sentence or passage that has it still counts. */
  again: 0.55,
  /** What a sentence says of a term by its heading, its outer headings, or its document's name. */
  says: { byHeading: 1, byTitle: 0.25, byOwnName: 0.1 },
  /** Gain of the next passage: new words, its best sentence, its own score, a link from one chosen, a named document
   * that none was chosen from. */
  next: { words: 1, sentence: 0.7, own: 0.5, linked: 0.5, document: 0.2 },
  /** A sentence that names where another good passage leads. */
  bridge: 0.15,
  /** A finding this much weaker than the first is left out. */
  weakest: 0.2,
  /** The same for a short question: it is about one thing, so what fits much less is beside the point. */
  weakestOfShort: 0.35,
  /** What a list of changes is worth to a question that asks for no change, and a program beside documents. */
  changes: 0.8,
  program: 0.75,
  /** Share of what a short question asks that a quote must speak of. */
  asked: 0.45,
  /** What the form of a further quote from the same passage must be worth. */
  plain: 0.6,
} as const;
