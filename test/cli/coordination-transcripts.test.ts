// coordination-transcripts.test.ts: docs/coordination.md's transcripts are repeatable: each is typed into a shell, with the local stack
// behind it, and prints what the page says, but for times, ids and numbers. Only `npm run test:long` types them.

import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LONG } from '../rig/long.ts';
import { until } from '../rig/until.ts';
import { planFor } from '../simulator/support.ts';
import { emptyFolder } from './support.ts';
import { blocksOf, missing, openShell, type Shell } from './transcripts.ts';

const PAGE = readFileSync(resolve(__dirname, '../../docs/coordination.md'), 'utf8');
const DOCUMENTS = JSON.stringify(readdirSync(resolve(__dirname, '../fixtures/docs')));
const BLOCKS = blocksOf(PAGE).filter(({ typed }) => typed.length > 0);
const CONFLICT = 'Two documents that contradict each other';

test('docs/coordination.md shows a quorum, a second life, the answer now, a budget that runs out, a further round, the board, and documents that contradict each other', () => {
  expect(BLOCKS.map(({ name }) => name)).toEqual([
    'A quorum',
    'A second life beside a slow one',
    'The answer now',
    'A budget that runs out',
    'A further round',
    'The board',
    CONFLICT,
  ]);
});

test('what the transcripts hold up, or have fail, is a question that the planner asks', () => {
  const asked = BLOCKS.flatMap(({ typed }) => typed).flatMap(({ command }) => {
    const [, goal] = /(?:run|start) "([^"]+)" --docs docs/.exec(command) ?? [];
    return goal === undefined ? [] : planFor(goal, `<documents>${DOCUMENTS}</documents>`).map((one) => one.goal);
  });
  const matches = [...PAGE.matchAll(/"contains":"([^"]+)"/g)].map(([, match = '']) => match);
  expect(matches).toHaveLength(2);
  for (const match of matches) expect(asked).toContainEqual(expect.stringContaining(match));
});

async function typeAll(shell: Shell, name: string): Promise<void> {
  for (const { command, prints } of BLOCKS.find((block) => block.name === name)?.typed ?? []) {
    const [, slept, rest = ''] = /^(sleep \d+; )?(.*)$/s.exec(command) ?? [];
    // A person waits until it has come so far; a test until it is seen.
    if (slept !== undefined)
      await until('two are done', async () => /2 done/.test(await shell.type('npx muster status $id')));
    const out = await shell.type(rest);
    expect([rest, missing(prints, out)]).toEqual([rest, undefined]);
  }
}

(LONG ? describe : describe.skip)('typed into a shell', () => {
  const folder = emptyFolder();
  let shell: Shell;
  beforeAll(async () => {
    cpSync(resolve(__dirname, '../fixtures/docs'), join(folder, 'docs'), { recursive: true });
    shell = openShell(folder, '0');
    const [, lines = ''] = /```sh\n([^]*?)```/.exec(PAGE) ?? [];
    for (const line of lines.trim().split('\n').slice(1)) await shell.type(line);
  }, 300_000);
  afterAll(async () => {
    await shell.type('npx muster down');
    await shell.close();
  }, 120_000);

  test.each(BLOCKS.map(({ name }) => name).filter((name) => name !== CONFLICT))(
    'prints what docs/coordination.md says: %s',
    async (name) => await typeAll(shell, name),
    300_000,
  );
});

(LONG ? test : test.skip)(
  'what docs/coordination.md says of two documents is printed',
  async () => {
    const own = openShell(emptyFolder(), '0');
    try {
      await typeAll(own, CONFLICT);
    } finally {
      await own.type('npx muster down');
      await own.close();
    }
  },
  300_000,
);
