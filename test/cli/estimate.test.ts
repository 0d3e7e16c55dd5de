// `muster estimate` on the class history of a folder: no server, no task.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { fileStore } from '../../store/file-store.ts';
import { storeFolder } from '../../store/home.ts';
import { planned } from '../protocol/route-rows.ts';
import { emptyFolder, musterHere } from './support.ts';

const cwd = emptyFolder();
const home = join(cwd, '.muster');
const run = async (...args: string[]) => await musterHere(['estimate', 'What is new?', ...args], { cwd });
beforeAll(() => {
  mkdirSync(join(cwd, 'docs'));
  writeFileSync(join(cwd, 'docs', 'a.md'), 'a');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('muster estimate says what a task would take, and from how many tasks', async () => {
  const before = await run('--docs', 'docs');
  expect(before).toMatchObject({ code: 0, talk: '' });
  expect(before.out).toMatch(
    /^time +at most 5 min 00 s, as class standard promises\ntokens +not known yet\n[^]*from +the class alone: no completed task is known, and 20 are needed\n$/,
  );
  mkdirSync(home);
  const store = fileStore(storeFolder(home));
  await store.deploymentId();
  const at = Math.floor(Date.now() / 60_000) - 100;
  for (let n = 0; n < 40; n += 1) {
    const row = { ...planned(at + n), class: BUILT_IN_CLASSES.standard.name, tokens: (n + 1) * 1_000, costUsd: 0.01 };
    await store.noteOutcome({ task: row, subtasks: [] });
  }
  await store.close();
  const { out } = await run('--docs', 'docs', '--budget', '10k', '--budget', '0.5usd');
  expect(out).toMatch(/^time +6\.5 s, 8 of 10 between [^]*\ntokens +10,000, 8 of 10 between 4,000 and 10,000\n/);
  expect(out).toMatch(
    /\ncost +\$0\.0100, [^]*\nsubtasks +3, [^]*\nat most +15 min 00 s, 8 subtasks, 10,000 tokens, \$0\.50\n/,
  );
  expect(out).toMatch(
    /\nwithin +10 of 40 such tasks took no more\nfrom +the last 40 completed tasks of class standard, planned\n$/,
  );
  const json = JSON.parse((await run('--docs', 'docs', '--json')).out) as object;
  expect(json).toMatchObject({ class: 'standard', path: 'deep', basis: 'history', tasks: 40, tokens: { p50: 20_000 } });
  expect(await run('--budget', 'much')).toMatchObject({ code: 2, talk: expect.stringContaining('tokens or dollars') });
});

test('what is asked of an estimate is refused as a task would be', async () => {
  expect(await run('--docs', 'nowhere')).toMatchObject({ code: 2 });
  expect(await run('--class', 'nobody')).toMatchObject({ code: 2, talk: expect.stringContaining('there is no class') });
});
