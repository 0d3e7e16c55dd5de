// What the README shows can be copied: its config files are config files.

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
