// What a task could not read is told whole: by how many in the summary, and file by file by `muster result ID --skipped`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskResult } from '../../protocol/result.ts';
import type { Skipped } from '../../protocol/skipped.ts';
import { serverAddress, testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { musterHere, type Ended } from './support.ts';

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await testDeployment();
  await deployment.startWorker();
});
afterAll(() => deployment.stop());

const cli = (...args: string[]): Promise<Ended> =>
  musterHere(args, { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: deployment.home } });

test('result --skipped prints every file that was not read, with its reason, plain and as JSON', async () => {
  const docs = join(deployment.docs, 'more');
  mkdirSync(docs);
  writeFileSync(join(docs, 'harbour.md'), '# Harbour\n\nThe harbour service listens on port 7070.\n');
  writeFileSync(join(docs, 'photo.png'), 'x');
  const broken = Array.from({ length: 30 }, (_, i) => `broken-${i}.txt`);
  for (const name of broken) writeFileSync(join(docs, name), Buffer.from([0, 1, 2, 3]));
  const { out, code } = await cli('run', 'On which port does harbour listen?', '--docs', docs, '--json');
  expect(code).toBe(0);
  const { result } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { result: TaskResult };
  expect(result.skipped?.count).toBe(30);
  const all: Skipped['files'] = [
    ...broken.map((path) => ({ path, reason: 'binary content' })),
    { path: 'photo.png', reason: 'no text is read from .png files', ignored: true },
  ];
  const inOrder = (files: Skipped['files']) => files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  expect(inOrder(result.skipped?.files ?? [])).toEqual(inOrder(all));

  const told = await cli('result', result.taskId, '--skipped');
  expect(told.code).toBe(0);
  expect(told.out.trim().split('\n').toSorted()).toEqual(
    all.map(({ path, reason }) => `${path}: ${reason}`).toSorted(),
  );
  expect(told.talk).toContain('30 files not read · 1 left out: ignored, or of a kind that has no text');
  const json = JSON.parse((await cli('result', result.taskId, '--skipped', '--json')).out) as Skipped;
  expect(json).toMatchObject({ type: 'skipped', taskId: result.taskId, count: 30 });
  expect(inOrder(json.files)).toEqual(inOrder(all));

  // Where the task is closed, its status says what is missing, too.
  expect((await cli('status', result.taskId)).out).toMatch(
    /^Not found\n(?: {2}– .*\n(?: {4}.*\n)*)*? {2}– Not read: broken-/m,
  );
  expect((await cli('result', result.taskId)).talk).toContain('30 files not read (muster result --skipped)');
});

test('result --skipped of a task that read everything prints nothing', async () => {
  const docs = join(deployment.docs, 'whole');
  mkdirSync(docs);
  writeFileSync(join(docs, 'harbour.md'), '# Harbour\n\nThe harbour service listens on port 7070.\n');
  const { out } = await cli('run', 'On which port does harbour listen?', '--docs', docs, '--json');
  const { result } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { result: TaskResult };
  expect(result).not.toHaveProperty('skipped');
  const { out: told, code } = await cli('result', result.taskId, '--skipped');
  expect([code, told]).toEqual([0, '']);
});
