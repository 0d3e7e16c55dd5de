// builds-on.ts: a question that can only be answered with what another one finds: "Which of X's authors also …" needs X's authors
// first. Only what says so plainly: what merely leans on the clause before it stays whole (clauses.ts).

export interface BuildsOn {
  /** Asked first; it stands by itself. */
  first: string;
  /** What is asked of its answer, for a title: the subtask that asks it has the whole question. */
  second: string;
}

const TOO = '(?:(?:are|is|were|was|have|had|has|can|do|did|will) )?also [^?]+';
const THINGS = String.raw`(?<things>[\p{L}-]+(?: [\p{L}-]+)??)`;
/** "Which of X's authors also …" */
const OF_WHOSE = new RegExp(
  String.raw`^(?:which|who|what)(?: ones?)? of (?<owner>[^,;?]+?)(?:['’]s|(?<=s)['’]) ${THINGS},? ${TOO}\??$`,
  'iu',
);
/** "Which authors of X also …" */
const OF_THOSE = new RegExp(
  String.raw`^(?:which|who|what)(?: ones?)?(?: of)?(?: the)? ${THINGS} (?:of|behind) (?<owner>[^,;?]+?),? ${TOO}\??$`,
  'iu',
);

/** "Which …, and which of them …": the second is about the answer to the first. */
const OF_THEM =
  /^(?<first>(?:which|what|who)\s[^?;]{6,}?)(?:\?|[,;])\s+(?:and\s+)?(?<second>(?:which|who|what|how many|(?:is|are|was|were|do|does|did|has|have|can) any)(?: ones?)? of (?:them|these|those)\s[^?]+)\??$/iu;

/** The two of them; undefined for a question that asks nothing of another one's answer. */
export function buildsOn(question: string): BuildsOn | undefined {
  const text = question.trim();
  const { first, second } = OF_THEM.exec(text)?.groups ?? {};
  if (first !== undefined && second !== undefined) return { first: `${first}?`, second };
  const { owner, things } = OF_WHOSE.exec(text)?.groups ?? OF_THOSE.exec(text)?.groups ?? {};
  if (owner === undefined || things === undefined) return undefined;
  return { first: `${PEOPLE.test(things) ? 'Who' : 'What'} are the ${things} of ${owner}?`, second: text };
}

const PEOPLE = /(?:[eo]rs|ists|ians|people|women|men|members)$/i;
