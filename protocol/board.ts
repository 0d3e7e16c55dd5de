// board.ts: the board of a task: findings that a sub-agent shares in the middle of its work, for those beside it. It is one
// list of the store, as what all are told is one. What comes from it may have been written by anybody: it is looked at first.

import type { Citation, Finding } from './findings.ts';

/** Subtask in the key of the list that is a task's board. No subtask is called so. The name is in stores and stays. */
export const BOARD = '_board';

/** One finding on the board. */
export interface BoardItem {
  /** Handle of the tool call that shared it: once for a call, however often that is run. */
  id: string;
  /** The subtask that shared it. */
  by: string;
  finding: Pick<Finding, 'claim' | 'citations'>;
}

/** Bounds of the board. Each sub-agent reads all of it, so all of it must fit beside its own work. */
export const BOARD_LIMITS = {
  /** Items of a task, and of one life of one sub-agent. */
  items: 200,
  itemsOfOne: 10,
  /** Items, and bytes of JSON, that a sub-agent is shown before one turn. */
  itemsATurn: 20,
  bytesATurn: 8_192,
  citations: 4,
  claimChars: 1_000,
  quoteChars: 1_500,
  sourceChars: 1_000,
} as const;

/** Whether this has the shape and the size of an item; what is in it is not judged. */
export function isBoardItem(payload: unknown): payload is BoardItem {
  const { id, by, finding } = asRecord(payload);
  const { claim, citations } = asRecord(finding);
  return (
    isText(id, 300) &&
    isText(by, 128) &&
    isText(claim, BOARD_LIMITS.claimChars) &&
    Array.isArray(citations) &&
    citations.length > 0 &&
    citations.length <= BOARD_LIMITS.citations &&
    citations.every(isCitation)
  );
}

function isCitation(payload: unknown): payload is Citation {
  const { source, quote } = asRecord(payload);
  return isText(source, BOARD_LIMITS.sourceChars) && isText(quote, BOARD_LIMITS.quoteChars);
}

const isText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

const asRecord = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
