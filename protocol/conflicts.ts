// conflicts.ts: findings that can't all be true, as they travel between the steps that find, settle and tell them.

/** What two or more sources say of one thing, differently. */
export interface FoundConflict {
  /** In words of the sources, without the values: `cache of the server holds … pages`. */
  about: string;
  kind: 'amount' | 'date' | 'yes or no' | 'name';
  /** Two or more, in the order of the findings. */
  sides: ConflictSide[];
  /** Which holds, and what says so; absent while it is open. */
  settled?: {
    /** Index of the side that holds. */
    side: number;
    /** Id of the finding that says so. */
    finding: string;
  };
}

/** One of the values, and who gives it. */
export interface ConflictSide {
  /** As written: `30 seconds`. */
  value: string;
  /** The sentence that gives it. */
  claim: string;
  /** Name of its first source. */
  source: string;
  /** Ids of the findings that say so. */
  findings: string[];
}

/** Conflicts that one sub-agent is asked about at once. */
const MOST_ASKED = 3;

/** What a sub-agent is asked about what is open: it names all sides, and where they stand. */
export function reaskGoal(open: readonly FoundConflict[]): string {
  const asked = open.slice(0, MOST_ASKED).map(({ about, sides }) => {
    const said = sides.map(({ source, value, claim }) => `${source} says ${value}: “${claim}”`).join('; ');
    return `Documents disagree about “${about}”: ${said}.`;
  });
  return `${asked.join(' ')} Which of them holds? Look for what was changed, in which version or since when, and for what each applies to.`;
}

/** Of one task: more would be no help to a reader, and each may cost a question. */
export const MAX_CONFLICTS = 8;
