// The failure catalogue and its table in the docs say the same, in both directions.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FAILURES } from '../../protocol/failures.ts';

const table = readFileSync(resolve(__dirname, '../../docs/failures.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const cells = /^\| `(\w+)` \| (yes|no) \| (\w+) \| (.*) \|$/.exec(line);
    return cells ? [{ type: cells[1], retryable: cells[2] === 'yes', mender: cells[3], hint: cells[4] }] : [];
  });

test('the docs list every failure of the catalogue with its row, and no other', () => {
  const catalogue = Object.entries(FAILURES).map(([type, row]) => ({ type, ...row }));
  expect(table).toEqual(catalogue.map(({ type, retryable, mender, hint }) => ({ type, retryable, mender, hint })));
});
