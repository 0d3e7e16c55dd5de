// As many workers as the config file asks for, over real processes that stand for workers: what a worker does is none of its
// supervisor's business.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leastWorkers, startWorkers } from '../../client/stack/start-workers.ts';
import type { Supervised } from '../../client/stack/supervised.ts';
import type { StackFile } from '../../store/stack-file.ts';
import { until } from '../rig/until.ts';
import { emptyFolder } from './support.ts';

const children: Supervised[] = [];
afterAll(() => Promise.all(children.map((child) => child.stop())));

test('keeps as many workers up as the config file asks for, and starts one that is killed again', async () => {
  const folder = emptyFolder();
  const config = join(folder, 'muster.json');
  writeFileSync(config, '{ "minWarmWorkers": 2 }');
  const script = join(folder, 'worker.cjs');
  writeFileSync(script, 'console.log(`ready pid=${process.pid} roots=["/a"]`); setInterval(() => 0, 1e6);');
  const stack: StackFile = {
    v: 1,
    supervisor: process.pid,
    temporal: { address: '', uiUrl: '', started: false },
    roots: [],
  };
  let saved = 0;
  const restarted: string[] = [];
  await startWorkers({
    count: leastWorkers(config),
    args: [script],
    env: {},
    stack,
    shared: (name) => ({
      logFile: join(folder, `${name}.log`),
      onRestart: (who) => void restarted.push(who),
    }),
    add: async (child) => {
      children.push(child);
      await child.start();
    },
    save: () => void (saved += 1),
    say: () => undefined,
  });
  const [other = 0] = stack.moreWorkers ?? [];
  expect(stack.moreWorkers).toHaveLength(1);
  expect(new Set([stack.worker?.pid, other, 0]).size).toBe(3);
  expect([saved, stack.roots]).toEqual([3, ['/a']]);
  process.kill(other, 'SIGKILL');
  await until('another one has taken its place', () => stack.moreWorkers?.[0] !== other);
  expect([restarted, stack.moreWorkers?.length]).toEqual([['worker 2'], 1]);
});

test.each([
  ['asks for none', '{ "minWarmWorkers": 0 }'],
  ['is none', '{ "minWarmWorkers": '],
  ['says nothing of it', '{}'],
])('has one where the config file %s', (_what, text) => {
  const config = join(emptyFolder(), 'muster.json');
  writeFileSync(config, text);
  expect(leastWorkers(config)).toBe(1);
  expect(leastWorkers(undefined)).toBe(1);
});
