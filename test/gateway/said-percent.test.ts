// The percent of a task grows alone, whichever gateway says it, and with nobody to ask.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaidPercent } from '../../gateway/live/said-percent.ts';
import { fileStore } from '../../store/file-store.ts';
import { StoreError } from '../../store/store.ts';

test('what one gateway said of a task’s progress, no other takes back, also where no worker is there to ask', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-percent-'));
  const store = fileStore(folder);
  const [one, other] = [new SaidPercent(store, 't'), new SaidPercent(store, 't')];
  expect(await other.atLeast(undefined)).toBe(0);
  expect(await one.atLeast(40)).toBe(40);
  expect(await one.atLeast(30)).toBe(40);
  expect(await other.atLeast(undefined)).toBe(40);
  expect(await other.atLeast(55)).toBe(55);
  expect(await one.atLeast(60)).toBe(60);
  expect(await other.atLeast(55)).toBe(60);
  expect(await Promise.all([one.atLeast(70), other.atLeast(65)])).toEqual([70, expect.any(Number)]);
  for (const gateway of [one, other, new SaidPercent(store, 't')]) expect(await gateway.atLeast(50)).toBe(70);
  expect(await new SaidPercent(store, 'another').atLeast(undefined)).toBe(0);
  const broken = { getRecord: () => Promise.reject(new StoreError('away')) } as never;
  const alone = new SaidPercent(broken, 't');
  expect([await alone.atLeast(7), await alone.atLeast(undefined), await alone.atLeast(5)]).toEqual([7, 7, 7]);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
