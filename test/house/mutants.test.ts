// A promise bites: each row of docs/guarantees/ has a change of the code that turns its test red, each such change can
// still be made, and a few of them, others with each commit, are made here. `npm run mutants` makes all.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutants/mutant.ts';

const ROOT = resolve(__dirname, '../..');
const FOLDER = join(__dirname, 'mutants');
const tables = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && name !== 'mutant.ts');
const mutants = tables.flatMap((name) => (require(join(FOLDER, name)) as { default: Mutant[] }).default);

const GUARANTEES = join(ROOT, 'docs/guarantees');
const guarantees = readdirSync(GUARANTEES)
  .map((name) => readFileSync(join(GUARANTEES, name), 'utf8'))
  .join('\n');
/** Rows of its tables name their test last; the table of the loop's points names one for all of them. */
const promised = [...guarantees.matchAll(/\| `([^`]+)` \|$/gm), ...guarantees.matchAll(/at the tools: `([^`]+)`/g)];

const OUTSIDE = new Set(['.git', '.muster', 'node_modules', 'dist', 'test', 'docs']);
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (OUTSIDE.has(entry.name) || (entry.isDirectory() && entry.name.startsWith('.'))) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
/** The rules and the dashboard are run by who takes them over. */
const sources = [...filesIn('.'), ...filesIn('./docs/metrics')];

test('each promise has a mutant, and each mutant breaks a promise that there is', () => {
  expect(promised.length).toBeGreaterThan(50);
  const rows = new Set(promised.map(([, title]) => title));
  expect([...rows].filter((title) => !mutants.some(({ row }) => row === title))).toEqual([]);
  expect(mutants.map(({ row }) => row).filter((row) => !rows.has(row))).toEqual([]);
});

test.each(mutants.map((one) => [`${one.file}: ${one.row}`, one] as const))(
  'the mutant of %s can be made: its text stands once in one file',
  (_name, { file, find, put, test: testFile }) => {
    expect(existsSync(join(ROOT, testFile))).toBe(true);
    const paths = sources.filter((path) => path.endsWith(`/${file}`));
    expect(paths).toHaveLength(1);
    expect(readFileSync(join(ROOT, paths[0] ?? ''), 'utf8').split(find)).toHaveLength(2);
    expect(put).not.toBe(find);
  },
);

/** The commit's hash, so that each commit makes others; without git always the same ones. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, stdio: 'pipe' }).toString().trim();
  } catch {
    return 'no commit';
  }
}

test('three mutants that this commit picks are killed by the tests of their promises', () => {
  const run = [join(FOLDER, 'run.mjs'), '--pick', commit(), '--count', '3', '--again'];
  expect(execFileSync(process.execPath, run, { cwd: ROOT }).toString()).toMatch(/\n3 killed, 0 not\n$/);
});
