// `muster measure`, `muster slo` and `muster advise` on the class history of a folder: no server, no task. And the same promise among
// the metrics.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classTable, readConfigFile } from '../../protocol/schemas/config.ts';
import { extensionClasses } from '../../protocol/schemas/extensions.ts';
import { fileStore } from '../../store/file-store.ts';
import { storeFolder } from '../../store/home.ts';
import { Registry } from '../../telemetry/metrics/registry.ts';
import { watchClasses } from '../../telemetry/metrics/class-gauges.ts';
import { answered } from '../protocol/route-rows.ts';
import { emptyFolder, musterHere } from './support.ts';

const cwd = emptyFolder();
const home = join(cwd, '.muster');
const file = join(cwd, 'muster.json');
const CONFIG = {
  classes: { chat: { extends: 'quick', path: 'auto', slo: { percentile: 90, seconds: 3, owner: 'desk' } } },
};
const run = async (...args: string[]) => await musterHere(args, { cwd, env: { MUSTER_CONFIG: file } });
const lines = <T>(out: string): T[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

beforeAll(async () => {
  mkdirSync(home);
  writeFileSync(file, JSON.stringify(CONFIG));
  const store = fileStore(storeFolder(home));
  await store.deploymentId();
  const at = Math.floor(Date.now() / 60_000) - 100;
  for (let n = 0; n < 40; n += 1)
    await store.noteOutcome({ task: { ...answered(at + n, n < 2 ? 7_000 : 1_000), class: 'chat' }, subtasks: [] });
  await store.putTask({
    taskId: 'slow-one-0123456789ab',
    run: `run-${at}`,
    goal: 'g',
    className: 'chat',
    tenant: 'default',
    acceptedAt: 1,
    retentionDays: 9,
  });
  await store.close();
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('muster measure says P50, P95 and P99 of each class and path that a task has closed of', async () => {
  const { code, out } = await run('measure', '--json');
  expect(code).toBe(0);
  expect(lines(out)).toEqual([
    expect.objectContaining({
      class: 'chat',
      path: 'fast',
      tasks: 40,
      p50Ms: 1_000,
      p95Ms: 1_000,
      p99Ms: 7_000,
      timeTold: { tasks: 40, within: 38, byClass: 20 },
    }),
  ]);
  const shown = await run('measure');
  expect(shown.out).toMatch(
    /^class +path +tasks +P50 +P95 +P99[^]* in time told[^]*\nchat +fast +40 +1\.0 s +1\.0 s +7\.0 s +– +95 %/,
  );
  expect(shown.talk).toContain('in time told: of the last 100');
  expect(await run('measure', 'nobody')).toMatchObject({
    code: 2,
    out: '',
    talk: expect.stringContaining('there are quick, standard, thorough, chat'),
  });
});

test('muster slo says what is kept, what is left of the error budget, and the worst tasks by their ids', async () => {
  const { code, out } = await run('slo', 'chat', '--json');
  expect(code).toBe(0);
  expect(lines(out)[0]).toMatchObject({
    class: 'chat',
    owner: 'desk',
    percentile: 90,
    seconds: 3,
    days: 28,
    tasks: 40,
    missed: 2,
    attained: 95,
    budgetLeft: 0.5,
  });
  const shown = (await run('slo')).out;
  expect(shown).toMatch(/chat +desk +90 % in 3\.0 s +40 +95\.0 % +2 +50 %/);
  expect(shown).toMatch(/worst of chat:\n[^]*7\.0 s {2}fast {2}slow-one-0123456789ab/);
  expect(shown).toContain('of the last 40 answers at once 2 came late');
  // Nothing of that class ended so lately.
  expect(lines((await run('slo', 'quick', '--days', '1', '--json')).out)[0]).toMatchObject({ tasks: 0, worst: [] });
});

test('muster advise says how to answer, why, what is open, and prints a config that can be used', async () => {
  const { code, out } = await run(
    'advise',
    'chat',
    '--people',
    'wait',
    '--no',
    'costly,partial,person,audit',
    '--json',
  );
  expect(code).toBe(0);
  const [advice] = lines<{ verdict: string; open: string[]; config: object }>(out);
  expect(advice).toMatchObject({ class: 'chat', verdict: 'whole', open: [] });
  const read = readConfigFile(advice?.config);
  expect('config' in read && classTable(read.config).get('chat')).toMatchObject({ path: 'fast' });
  const shown = (await run('advise', 'chat', '--p95', '12')).out;
  expect(shown).toMatch(/^chat: give an id[^]*95 of 100 take up to 12\.0 s[^]*\? {4}costly[^]*open: [^]*"path":"deep"/);
  expect(await run('advise', '--yes', 'audit', '--no', 'audit')).toMatchObject({ code: 2 });
  expect(await run('advise', '--yes', 'busy')).toMatchObject({ code: 2, talk: expect.stringContaining('There are') });
});

test('a folder in which nothing ever ran is told so', async () => {
  expect(await musterHere(['slo'])).toMatchObject({ code: 3, talk: expect.stringContaining('there is no store') });
});

test('metrics say of each class what muster slo says, asked of the store at most once a minute', async () => {
  const [own, store] = [new Registry(), fileStore(storeFolder(home))];
  let asked = 0;
  const read = readConfigFile(CONFIG);
  const classes = 'config' in read ? [...classTable(read.config).values()] : [];
  // A class that is defined once more, as one of an extension is, is the same.
  const chat = classes.find(({ name }) => name === 'chat')!;
  expect(extensionClasses({ file: 'f', classes: [chat] } as never).values[0]).toMatchObject({
    slo: chat.slo,
    path: 'auto',
  });
  const end = watchClasses(own, { outcomes: (of, most) => ((asked += 1), store.outcomes(of, most)) }, classes);
  expect(asked).toBe(0);
  await own.collect(['worker']);
  await own.collect(['worker']);
  expect(asked).toBe(2 * classes.length);
  const of = { class: 'chat' };
  expect(own.value('muster_slo_attained_ratio', of)).toBe(0.95);
  expect(own.value('muster_slo_budget_left_ratio', of)).toBe(0.5);
  expect(own.value('muster_slo_target_ratio', of)).toBe(0.9);
  expect(own.value('muster_misroutes', { ...of, kind: 'late' })).toBe(2);
  end();
  await store.close();
});
