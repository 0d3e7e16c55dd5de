// What a whole task is told, at the sub-agents' side and without a server: one list, watched once, heard by each in full; and
// which pause counts for which visit.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Commands } from '../../activities/loop/commands.ts';
import { listenToAll } from '../../activities/loop/commands-to-all.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { TO_ALL, type SubAgentCommand } from '../../protocol/commands.ts';
import { fileStore } from '../../store/file-store.ts';
import type { Command, Store } from '../../store/store.ts';
import { until } from '../rig/until.ts';

const ALL = { run: 'r', subtask: TO_ALL, generation: 1 };
const note = (id: string, at = 1): SubAgentCommand => ({ id, at, kind: 'note', text: id });

let store: Store;
beforeEach(() => {
  store = fileStore(mkdtempSync(join(tmpdir(), 'muster-to-all-')));
});
afterEach(() => store.close());

/** Counts how often a list is watched, and may fail at it. */
function counting(of: Store, fails = 0) {
  const counts = { opened: 0, open: 0, fails };
  const counted = new Proxy(of, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'watchCommands') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (key: typeof ALL, after: number, onCommand: (command: Command) => void) => {
        if ((counts.fails -= 1) >= 0) throw new Error('the store is away');
        counts.opened += 1;
        counts.open += 1;
        const watch = await target.watchCommands(key, after, onCommand);
        return { close: () => watch.close().finally(() => (counts.open -= 1)) };
      };
    },
  });
  return { store: counted, counts };
}

test('fifty sub-agents of a process watch one list, each hears all of it from where it was, and none is left watching', async () => {
  const { store: counted, counts } = counting(store);
  await store.sendCommand(ALL, note('a'));
  await store.sendCommand(ALL, note('b'));
  const heard = Array.from({ length: 50 }, (): string[] => []);
  const listeners = await Promise.all(
    heard.map((list, i) => listenToAll(counted, 'r', i % 2, ({ id }) => void list.push(id))),
  );
  expect(counts).toMatchObject({ opened: 1, open: 1 });
  expect(heard.slice(0, 2)).toEqual([['a', 'b'], ['b']]);
  await store.sendCommand(ALL, note('c'));
  await until('all hear it', () => heard.every((list) => list.includes('c')));
  await listeners[0]?.close();
  await store.sendCommand(ALL, note('d'));
  await until('the others hear it', () => heard.slice(1).every((list) => list.includes('d')));
  expect(heard[0]).toEqual(['a', 'b', 'c']);
  for (const one of listeners.slice(1)) await one.close();
  expect(counts.open).toBe(0);
  // Another task, and one that begins later.
  const late: string[] = [];
  const again = await listenToAll(counted, 'r', 0, ({ id }) => void late.push(id));
  expect(late).toEqual(['a', 'b', 'c', 'd']);
  await again.close();
});

test('a list that could not be watched is watched by the next who asks', async () => {
  const { store: counted, counts } = counting(store, 1);
  await expect(listenToAll(counted, 'r', 0, () => undefined)).rejects.toThrow('the store is away');
  const watch = await listenToAll(counted, 'r', 0, () => undefined);
  expect(counts).toMatchObject({ opened: 1, open: 1 });
  await watch.close();
});

/** A visit of s1 with this number, which has applied what there is. */
async function visit(number: number) {
  const key = { run: 'r', subtask: 's1', generation: 1 };
  const log = await SubtaskLog.open(store, key, { expected: 0, worker: 'w', visit: number });
  const commands = await Commands.open(store, log, number);
  await commands.apply(1);
  return {
    commands,
    log,
    end: async () => {
      await commands.close();
      await log.close();
    },
  };
}

test('what all were told and what one was told are in its log once each, over all its visits', async () => {
  const own = { run: 'r', subtask: 's1', generation: 1 };
  await store.sendCommand(ALL, note('to all'));
  await store.sendCommand(own, note('to s1'));
  const first = await visit(5);
  expect(first.commands.notes(1).sort()).toEqual(['to all', 'to s1']);
  await first.end();
  await store.sendCommand(ALL, note('to all again'));
  const second = await visit(6);
  expect(second.log.commands.map(({ command, toAll }) => [command.id, toAll])).toEqual(
    expect.arrayContaining([
      ['to all', true],
      ['to s1', undefined],
      ['to all again', true],
    ]),
  );
  expect(second.log.commands).toHaveLength(3);
  await second.end();
});

test('a pause ends the visits that were sent before it, comes it early or late, and none that was sent after', async () => {
  await store.sendCommand(ALL, { id: 'p', at: 10, kind: 'pause' });
  const before = await visit(9);
  expect(before.commands.endsVisit).toBe('paused');
  await before.end();
  // The same visit by another worker, after a crash.
  const again = await visit(9);
  expect(again.commands.endsVisit).toBe('paused');
  await again.end();
  const after = await visit(11);
  expect(after.commands.endsVisit).toBeUndefined();
  await after.end();
});
