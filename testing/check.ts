// check.ts: what a contract suite is made of: named checks for any test runner.

/** One promise of a contract. `run` rejects with an AssertionError that says what was broken. */
export interface Check {
  name: string;
  run: () => Promise<void>;
}
