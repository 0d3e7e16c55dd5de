// matrix.test.ts: tables of marks, as documents have them for what runs with what: of the column that is asked for the rows that hold.

import { only, research } from './support.ts';

const TABLE = [
  'What runs with what.',
  '',
  '| Engine | Skua 8 | Skua 11 | Note |',
  '|---|---|---|---|',
  '| Engine 14 | ❌ | ❌ | |',
  '| Engine 18 | ✔️ | ❌ | |',
  '| Engine 22 | ✔️ | ✔️ | |',
  '| Engine 24 | :white_check_mark: | :white_check_mark: | |',
  '',
].join('\n');
const claimsOf = (question: string, text = TABLE): string[] =>
  research([only('runs.md', text, 'Compatibility')], question).findings.map(({ claim }) => claim);

test('of a table of marks the rows answer that hold in the column that is asked for', () => {
  expect(claimsOf('Which Engine versions can I use with Skua 11?')).toEqual([
    expect.stringMatching(/Engine 22: Skua 11: ✔️$/),
    expect.stringMatching(/Engine 24: Skua 11: ✓$/),
  ]);
});

test('… or the others, where it is asked what does not hold', () => {
  const all = claimsOf('Which Engine versions are not supported by Skua 11?').join('\n');
  expect(all).toMatch(/Engine 14: Skua 11: ❌\n.*Engine 18: Skua 11: ❌/);
  expect(all).not.toContain('Engine 22');
});

test('… or the one that is named with it, whatever its mark', () => {
  expect(claimsOf('Does Skua 11 run with Engine 18?')).toEqual([expect.stringMatching(/Engine 18: Skua 11: ❌$/)]);
});

test('where cells are no marks a row is said as any other', () => {
  const text = TABLE.replaceAll('❌', 'slow').replaceAll('✔️', 'fast');
  expect(claimsOf('Which Engine versions can I use with Skua 11?', text).join('\n')).toContain(
    'Engine 14: Skua 8: slow',
  );
});
