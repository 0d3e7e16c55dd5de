// skipped.ts: what of a task's sources was not read, so that an answer never rests on less than it seems to.

export interface SkippedFile {
  path: string;
  reason: string;
  /** Left out by an ignore rule, as the rules of the folder and of Muster have it; absent for what somebody may miss. */
  ignored?: true;
}

/** In a task's result. */
export interface Skipped {
  /** Files, or parts of files, that somebody may miss. */
  count: number;
  /** The first of them; all, and what ignore rules left out, where they were read from `ref`. */
  files: SkippedFile[];
  /** Blob of all of them as a JSON array; absent when `files` holds all there is. */
  ref?: string;
}
