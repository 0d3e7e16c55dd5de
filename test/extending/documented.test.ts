// documented.test.ts: what docs/extending.md has to copy, run as who copies it would run it.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { answerShape } from '../../activities/text/prompts/answer-prompt.ts';
import { conflictsShape } from '../../activities/text/prompts/conflicts-prompt.ts';
import { directShape } from '../../activities/text/prompts/direct-prompt.ts';
import { findingsShape } from '../../activities/text/prompts/findings-prompt.ts';
import { planShape } from '../../activities/text/prompts/plan-prompt.ts';
import { roundShape } from '../../activities/text/prompts/round-prompt.ts';
import { verdictsShape } from '../../activities/text/prompts/verdicts-prompt.ts';
import { emptyFolder } from '../cli/support.ts';
import { installed } from './support.ts';

const ROOT = resolve(__dirname, '../..');
const run = promisify(execFile);

/** The blocks of code that begin with their file's name, written into an empty folder. */
function copied(): string {
  const folder = emptyFolder();
  installed(folder);
  const docs = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
  for (const [, code = '', name = ''] of docs.matchAll(/```js\n(\/\/ (\S+\.mjs)[^]*?)```/g))
    writeFileSync(join(folder, name), code);
  return folder;
}

test('what docs/extending.md says that a model answers fits the shape that it is asked for, for each shape there is', () => {
  const docs = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
  const rows = [...docs.matchAll(/^\| `(muster_\w+)` \| [^|]+ \| `(\{.*\})` \|$/gm)].map(([, name, text = '']) => ({
    name,
    text,
  }));
  const shapes = [
    planShape([]),
    findingsShape,
    answerShape,
    directShape,
    roundShape([]),
    conflictsShape,
    verdictsShape,
  ];
  expect(rows.map(({ name }) => name)).toEqual(shapes.map(({ name }) => name));
  for (const [at, { text }] of rows.entries())
    expect([text, shapes[at]?.zod.safeParse(JSON.parse(text)).error]).toEqual([text, undefined]);
});

test('the kind, tool and provider of docs/extending.md keep their contracts, by its own test', async () => {
  // Of the runner that runs this file, and not for one that it starts.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', 'tally.test.mjs'], {
    cwd: copied(),
    env,
  });
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(15);
  expect(stdout).toMatch(/^# fail 0$/m);
});
