// mutant.ts: what a mutant is: one small change of the code that must turn the test of one promise red. The tables beside
// this file hold them; `npm run mutants` applies one after the other, to a copy. Nothing here runs anything.

export interface Mutant {
  /** The promise that is broken: its row's test, as docs/guarantees/ names it. */
  row: string;
  /** The changed file: the end of its path, as long as it takes to mean one file. */
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  put: string;
  /** The test file that must go red, in the test named by `row`. */
  test: string;
  /** The test's own title, where a row names it by a part that is filled in. Default: `row`. */
  title?: string;
  /** What the test runs on beside this checkout. */
  needs: 'nothing' | 'server' | 'postgres';
  /** Its test ends only by its time-out: `npm run mutants` waits for that, and `npm test` picks others. Default: no. */
  hangs?: true;
}

/** Makes mutants whose test stands in this file. */
export const mutantsOf =
  (test: string, needs: Mutant['needs'] = 'nothing') =>
  (row: string, file: string, find: string, put: string, title?: string): Mutant => ({
    row,
    file,
    find,
    put,
    test,
    needs,
    ...(title === undefined ? {} : { title }),
  });

/** As `mutantsOf`, for tables whose rows name the file of their test. */
export const mutant = (test: string, ...rest: Parameters<ReturnType<typeof mutantsOf>>): Mutant =>
  mutantsOf(test)(...rest);
