// merged.ts: a subtask that was not begun because another one asks for the same: what that one finds is the result of both.

export interface MergedSubtask {
  /** Its title. */
  title: string;
  /** Id of the subtask that is done for both. */
  into: string;
  /** Id of the subtask that delegated it; absent where the planner or a person asked for it. */
  delegatedBy?: string;
}

/** In a sentence, for people. */
export const mergedInWords = ({ title, into, delegatedBy }: MergedSubtask): string =>
  `“${title}”${delegatedBy === undefined ? '' : `, which ${delegatedBy} delegated,`} asks for the same as ${into} and was not done twice.`;
