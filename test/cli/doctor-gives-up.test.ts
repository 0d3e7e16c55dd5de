// A model that never ends its answer is given up by the doctor, also when memory was collected while it wrote.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defineModelProvider } from '../../activities/index.ts';
import { checkModel } from '../../worker/check-models.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('a model that never ends is given up by the doctor, whatever was collected meanwhile', async () => {
  const provider = defineModelProvider({
    model: 'endless',
    offline: false,
    generate: (_request, { signal }) =>
      new Promise((_reply, failed) => {
        const collecting = setInterval(collect, 10);
        signal.addEventListener('abort', () => {
          clearInterval(collecting);
          failed(signal.reason as Error);
        });
      }),
    classify: (error) => ({ type: 'ModelUnavailable', message: String(error) }),
  });
  const { checks } = await checkModel(provider, new AbortController().signal, 100);
  expect(checks.map(({ works }) => works)).toEqual([false, false, false, false]);
  expect(checks[0]?.words).toContain('longer than');
}, 30_000);

test('nowhere is a time limit held by nobody but the signal that is made of it', () => {
  const root = resolve(__dirname, '../..');
  const rooms = ['activities', 'client', 'documents', 'settings', 'simulator', 'store', 'testing', 'worker'];
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, room, name)),
  );
  expect(files.length).toBeGreaterThan(100);
  const any = /AbortSignal\.any\(\[[^\]]*AbortSignal\.timeout\(/;
  expect(files.filter((file) => any.test(readFileSync(file, 'utf8')))).toEqual([]);
});
