// conflict-transcript.test.ts: docs/coordination.md's transcript of two documents that contradict each other is repeatable: typed into a
// shell it prints what the page says. Only `npm run test:long` types it.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LONG } from '../rig/long.ts';
import { emptyFolder } from './support.ts';
import { blocksOf, missing, openShell } from './transcripts.ts';

const PAGE = readFileSync(resolve(__dirname, '../../docs/coordination.md'), 'utf8');
const block = blocksOf(PAGE).find(({ name }) => name === 'Two documents that contradict each other');

test('docs/coordination.md shows two documents that contradict each other, open and settled', () => {
  const prints = block?.typed.flatMap((one) => one.prints).join('\n') ?? '';
  expect(prints).toContain('What was read does not say which holds.');
  expect(prints).toContain('45 minutes holds');
});

(LONG ? test : test.skip)(
  'what docs/coordination.md says of two documents is printed',
  async () => {
    const shell = openShell(emptyFolder(), '0');
    try {
      for (const { command, prints } of block?.typed ?? []) {
        const out = await shell.type(command);
        expect([command, missing(prints, out)]).toEqual([command, undefined]);
      }
    } finally {
      await shell.type('npx muster down');
      await shell.close();
    }
  },
  300_000,
);
