// What README and docs show can be copied: config files are config files, and the rows of the bench are those it takes.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfigFile } from '../../protocol/schemas/config.ts';

const README = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');
const blocks = [...README.matchAll(/```json\n([^]*?)```/g)].map((match) => match[1] ?? '');

test('a reader of the README finds config files for models, embeddings, web and MCP', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(3);
});

test.each(blocks)('a worker would take this config file: %s', (block) => {
  const read = readConfigFile(JSON.parse(block));
  expect('problems' in read ? read.problems : []).toEqual([]);
});

test('docs/bench.md names every row that the bench takes, and no other', () => {
  const read = (path: string): string => readFileSync(resolve(__dirname, '../..', path), 'utf8');
  const table = /const ROWS[^]*?\n};/.exec(read('bench/main.ts'))?.[0] ?? '';
  const rows = [...table.matchAll(/^ {2}'?([a-z-]+)'?: async/gm)].map(([, name]) => name);
  const named = /one of: (.*)/.exec(read('docs/bench.md'))?.[1]?.split(', ');
  expect(rows.length).toBeGreaterThan(10);
  expect(named).toEqual(rows);
});
