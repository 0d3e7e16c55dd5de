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

/** Of one task: more would be no help to a reader, and each may cost a question. */
export const MAX_CONFLICTS = 8;
