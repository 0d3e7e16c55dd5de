// A trace goes out once, whoever is told twice that it is over, and is kept while its receiver is away.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Span } from '../../protocol/trace.ts';
import { fileStore } from '../../store/file-store.ts';
import type { Store } from '../../store/store.ts';
import { traceExports } from '../../worker/export-traces.ts';
import { until } from '../rig/until.ts';
import { finished, numbered, planned, RUN, T0 } from './recorded-task.ts';

const EVENTS = numbered([
  [0, { type: 'task.accepted', goal: 'g', class: 'standard' }],
  [10, { type: 'plan.ready', subtasks: [planned('s1')] }],
  [20, { type: 'subtask.started', subtask: 's1', generation: 1 }],
  finished('s1', 900),
  [1_000, { type: 'task.closed', outcome: 'completed' }],
]);
const ENDED = { id: 'task-1', run: RUN, n: EVENTS.length };

describe('a task’s trace', () => {
  let folder: string;
  let store: Store;
  let sent: Span[][];
  let isAway: boolean;
  let said: string[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-export-'));
    store = fileStore(folder);
    [sent, isAway, said] = [[], false, []];
    const head = { taskId: 'task-1', run: RUN, goal: 'g', className: 'standard', tenant: 'acme', retentionDays: 7 };
    await store.putTask({ ...head, acceptedAt: T0 });
    await store.appendEvents('task-1', EVENTS);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const worker = (ratio = 1) =>
    traceExports({
      store,
      sampler: { ratio, heedsCaller: true },
      say: (line) => said.push(line),
      sender: {
        send: async (spans) => {
          await new Promise((done) => setTimeout(done, 20));
          if (isAway) throw new Error('nobody answers');
          sent.push([...spans]);
        },
        close: async () => undefined,
      },
    });

  test('goes out once, although its end is told twice and two workers look', async () => {
    const [one, another] = [worker(), worker()];
    await Promise.all([one.closed(ENDED), another.closed(ENDED)]);
    another.start();
    await Promise.all([one.stop(), another.stop()]);
    const again = worker();
    await again.closed(ENDED);
    again.start();
    await again.stop();
    expect(sent.map((spans) => spans.map(({ name }) => name))).toEqual([
      ['invoke_workflow muster', 'invoke_agent researcher'],
    ]);
    expect(said).toEqual([]);
  });

  test('is kept while its receiver is away, which is said once, and goes out when it is back', async () => {
    isAway = true;
    const one = worker();
    await one.closed(ENDED);
    one.start();
    await until('it was tried', () => said.length > 0);
    await one.stop();
    expect(said).toEqual([expect.stringMatching(/kept for a day.*nobody answers/)]);
    isAway = false;
    const another = worker();
    another.start();
    await until('it is sent', () => sent.length === 1);
    await another.stop();
    expect(await store.listRecords('trace-due')).toEqual([]);
  });

  test('does not go out where it is not to be kept, and writes and reads nothing for it', async () => {
    const asked: PropertyKey[] = [];
    store = new Proxy(store, {
      get(of, name: keyof Store) {
        asked.push(name);
        return of[name].bind(of);
      },
    });
    const one = worker(0);
    await one.closed(ENDED);
    await one.stop();
    expect(sent.flat()).toEqual([]);
    expect(asked).toEqual(['getTask']);
  });
});
