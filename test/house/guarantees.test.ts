// A promise in docs/guarantees/ names a test, and that test exists; the page of the guarantees leads to each table.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'test', name), 'utf8'))
  .join('\n');

const TABLES = join(ROOT, 'docs/guarantees');
const names = readdirSync(TABLES).filter((name) => name.endsWith('.md'));

/** The points of the loop are one test's table, and held to it there; soaks are measurements. */
const NOT_BY_ROW = ['crash-points.md', 'soaks.md'];
const rows = names
  .filter((name) => !NOT_BY_ROW.includes(name))
  .flatMap((name) => readFileSync(join(TABLES, name), 'utf8').split('\n'))
  .filter((line) => /^\|(?! what happens| promise|---)/.test(line));

test('the page of the guarantees has a link to each table, and no row of its own', () => {
  const page = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8');
  const linked = [...page.matchAll(/\]\(guarantees\/([^)]+)\)/g)].map(([, name]) => name);
  expect(new Set(linked)).toEqual(new Set(names));
  expect(page).not.toMatch(/^\|/m);
});

test('the guarantees are a table that names a test in each row', () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(row).toMatch(/\| `[^`]+` \|$/);
});

/** A title with a step's name in it is made from a list, so its ending is what stands in the file. */
test.each(rows.map((row) => /`([^`]+)` \|$/.exec(row)?.[1] ?? ''))('the test “%s” is there', (title) => {
  expect(tests).toContain(title.replace(/^in (planning|research|synthesis) /, ''));
});
