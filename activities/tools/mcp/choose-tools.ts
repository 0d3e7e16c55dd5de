// choose-tools.ts: which tools a model is offered when more are allowed than a provider takes, or than a model reads for
// what it may spend: those nearest to the subtask's words. The same list and words always give the same choice.

export interface Candidate {
  /** What it is about, for words to be found in; its name counts more. */
  name: string;
  description: string;
  /** What its declaration takes of a request. */
  bytes: number;
  /** Among those of its own server: without a better reason, no server's tools go before all of another's. */
  place: number;
}

const NAME_WEIGHT = 3;

/** @returns the chosen ones in the order in which they came. */
export function chooseTools<T extends Candidate>(
  tools: readonly T[],
  about: string,
  most: { tools: number; bytes: number },
): T[] {
  const bytes = tools.reduce((sum, tool) => sum + tool.bytes, 0);
  if (tools.length <= most.tools && bytes <= most.bytes) return [...tools];
  const scores = scoresOf(tools, wordsOf(about));
  const inOrder = [...tools].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a.place - b.place);
  const chosen = new Set<T>();
  let room = most.bytes;
  for (const tool of inOrder) {
    if (chosen.size >= most.tools || (tool.bytes > room && chosen.size > 0)) continue;
    chosen.add(tool);
    room -= tool.bytes;
  }
  return tools.filter((tool) => chosen.has(tool));
}

/** A word that few tools have says more than one that all have. */
function scoresOf<T extends Candidate>(tools: readonly T[], asked: ReadonlySet<string>): Map<T, number> {
  const words = tools.map((tool) => ({ name: wordsOf(tool.name), all: wordsOf(`${tool.name} ${tool.description}`) }));
  const rarity = new Map(
    [...asked].map((word) => {
      const among = words.filter(({ all }) => all.has(word)).length;
      return [word, among === 0 ? 0 : Math.log(1 + tools.length / among)] as const;
    }),
  );
  return new Map(
    tools.map((tool, i) => {
      let score = 0;
      for (const [word, weight] of rarity) {
        if (words[i]?.name.has(word)) score += NAME_WEIGHT * weight;
        else if (words[i]?.all.has(word)) score += weight;
      }
      return [tool, score];
    }),
  );
}

/** Words in small letters, without short ones and endings that say little; `searchNotes` and `search_notes` are two each. */
function wordsOf(text: string): Set<string> {
  const parted = text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase();
  const words = (parted.match(/[\p{L}\p{N}]{2,}/gu) ?? []).filter((word) => !/^[a-z]{2}$/.test(word));
  return new Set(words.map((word) => (word.length > 3 ? word.replace(/(?:es|s|e)$/, '') : word)));
}
