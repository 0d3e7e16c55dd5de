// estimate.ts: mutants of what is told of a task before it is started.

import type { Mutant } from './mutant.ts';

const PURE = 'test/protocol/estimate.test.ts';

const rows: Mutant[] = [
  {
    row: 'an estimate is made of the tasks of its class and path that completed, and says how many they are',
    file: 'protocol/estimate.ts',
    find: `.filter(({ ending }) => ending === 'completed')`,
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'without a history an estimate has the class’s own numbers, and says so',
    file: 'protocol/estimate.ts',
    find: `if (basis === 'class') return { ...about, ...kept };`,
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'tasks over about as many documents count more',
    file: 'protocol/estimate.ts',
    find: 'const alike = weigh(done, corpus?.documents);',
    put: 'const alike = weigh(done, undefined);',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'a budget bounds an estimate, and it is told how many tasks would have kept it',
    file: 'protocol/estimate.ts',
    find: 'one.tokens <= (tokens ?? Infinity)',
    put: 'one.tokens > 0',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'muster estimate says what a task would take, and from how many tasks',
    file: 'client/estimate.ts',
    find: 'store.outcomes({ class: row.name, path }, ETA_ROWS)',
    put: 'store.outcomes({ class: path, path }, ETA_ROWS)',
    test: 'test/cli/estimate.test.ts',
    needs: 'server',
  },
];

export default rows;
