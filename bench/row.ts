// row.ts: what every row of the bench is given.

import type { Cleanup } from './cleanup.ts';

export interface Bench {
  /** Of this row alone: the next one begins on a quiet machine. */
  cleanup: Cleanup;
  /** Pairs or samples of a row, after its warm-up. */
  pairs: number;
  print: (row: { row: string } & Record<string, unknown>) => void;
}
