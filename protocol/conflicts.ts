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

/** A conflict as people see it while its task is at work. */
export interface SeenConflict {
  about: string;
  sides: Pick<ConflictSide, 'source' | 'value'>[];
  /** Id of the subtask that is asked which side holds; absent where none is. */
  asks?: string;
  /** Index of the side that holds; absent while that is open. */
  holds?: number;
}

export const seenConflict = ({ about, sides, settled }: FoundConflict, asks?: string): SeenConflict => ({
  about,
  sides: sides.map(({ source, value }) => ({ source, value })),
  ...(asks === undefined ? {} : { asks }),
  ...(settled ? { holds: settled.side } : {}),
});

/** What a side says, as events have it: `a.md says 30 minutes`. */
export const sideInWords = ({ source, value }: Pick<ConflictSide, 'source' | 'value'>): string =>
  `${source} says ${value}`;

/** @param sides each in words. */
export const openInWords = ({ about, sides, asks }: { about: string; sides: string[]; asks?: string }): string =>
  `the documents disagree about “${about}”: ${sides.join(', ')}${asks === undefined ? '' : `; ${asks} looks for which holds`}`;

/** @param value of the side that holds. */
export const settledInWords = ({ about, value, source }: { about: string; value: string; source: string }): string =>
  `“${about}”: ${value} holds, as ${source} says`;

/** How it stands, in a sentence for people. */
export function conflictInWords({ sides, holds, ...one }: SeenConflict): string {
  const held = holds === undefined ? undefined : sides[holds];
  return held ? settledInWords({ ...one, ...held }) : openInWords({ ...one, sides: sides.map(sideInWords) });
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
