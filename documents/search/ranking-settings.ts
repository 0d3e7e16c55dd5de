// ranking-settings.ts: the numbers that search goes by. Set with the tuning halves of bench/recall and of public
// multi-hop question sets; change one, run that.

export const RANKING = {
  /** BM25: how fast more of the same word stops counting, and how far long passages are held back. */
  text: { saturation: 0.9, length: 0.9 },
  title: { saturation: 0.9, length: 0.3, weight: 0.6 },
  /** Weight of a term by what it is in the query; of terms that stand in for one that no passage has. */
  term: { plain: 1, name: 1.6, part: 0.3, near: 0.3 },
  /** What two words add that stand side by side in the query and in a passage; the best passages that are looked at for it. */
  pairs: { weight: 0.1, among: 60 },
  /** A document whose title the query names. */
  named: 0.7,
  /** Best passages that links are followed from. */
  seeds: 3,
  /** What a seed's link adds to a passage: to one that it names, and to one that names it. */
  link: { to: 1.2, from: 0.2 },
  /** Share of a link's worth whatever its seed leaves open. */
  closed: 0.5,
  /** Passages among which those to show are chosen. */
  pool: 60,
  /** How much of a term in the text still counts with each chosen passage that has it. What a title has stays whole:
   * two passages of one document are as much about it as one. */
  again: 0.7,
  /** A link with a passage that is chosen. */
  linkToChosen: 0.9,
  /** Passages nearest to the question by their vectors that are fused, and as many of the others. */
  nearest: 100,
  /** Passages that share this much of their words are one. */
  sameWords: 0.85,
} as const;
