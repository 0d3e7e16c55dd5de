// A promise in docs/guarantees.md names a test, and that test exists.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'test', name), 'utf8'))
  .join('\n');

// The points of the loop are one test's table, and held to it there.
const rows = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8')
  .replace(/\n## (?:Each point of the loop|Soaks)[^]*?(?=\n## Models)/, '')
  .split('\n')
  .filter((line) => /^\|(?! what happens| promise|---)/.test(line));

test('the guarantees are a table that names a test in each row', () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(row).toMatch(/\| `[^`]+` \|$/);
});

/** A title with a step's name in it is made from a list, so its ending is what stands in the file. */
test.each(rows.map((row) => /`([^`]+)` \|$/.exec(row)?.[1] ?? ''))('the test “%s” is there', (title) => {
  expect(tests).toContain(title.replace(/^in (planning|research|synthesis) /, ''));
});
