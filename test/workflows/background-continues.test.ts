// A background child whose history has become long goes on in another run, on the real server: whoever asks, reads or is told
// does not see that.

import { BACKGROUND_SIGNALS, backgroundId } from '../../protocol/names.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

let it: TestDeployment;
let shy: Receiver;
let gone: Receiver;

beforeAll(async () => {
  it = await testDeployment();
  [shy, gone] = [await startReceiver(), await startReceiver()];
  await it.startWorker();
});
afterAll(async () => {
  await it.stop();
  await Promise.all([shy.close(), gone.close()]);
});

/** Three of these are as much as the server wants of one history; a fourth has it say so. */
const LARGE = { ids: ['x'.repeat(1_600_000)] };
/** Ends of other runs, as after Resets. */
const MORE_ENDS = 15;

test('a background child that has become long goes on in another run with all that it knew: nothing is sent twice, nothing lost, and its readers go on', async () => {
  shy.answer({ status: 503 });
  gone.answer({ status: 410 });
  const handle = await it.client.start({
    goal: 'Compare harbour and tidebook with respect to their limits',
    sources: [it.docs],
    notify: [shy, gone].map(({ url }) => ({ kind: 'webhook', to: url })),
    background: [{ goal: 'What limits does lighthouse have?' }, { goal: 'Nothing', kind: 'no-such-kind' }],
  });
  const child = it.client.temporal.workflow.getHandle(backgroundId(handle.taskId));
  const known = async () => (await handle.status()).background;
  const deliveries = async (): Promise<string> =>
    ((await known())?.deliveries ?? []).map(({ state, tries }) => `${state} ${tries}`).join();
  const ended = async (): Promise<string> => ((await known())?.subtasks ?? []).map(({ state }) => state).join();
  await until('one waits, one is gone', async () => /^retrying \d,disabled 1$/.test(await deliveries()));
  const seen: TaskEvent[] = [];
  const reading = (async () => {
    for await (const event of handle.events({ background: 'only' })) seen.push(event);
  })();
  // Its third try is half a minute away.
  await until('it has been tried twice', async () => (await deliveries()) === 'retrying 2,disabled 1');
  await until('its subtasks have ended', async () => (await ended()) === 'done,failed');
  const asked = it.model.requests.length;
  const [waiting] = (await known())?.deliveries ?? [];
  const first = await child.describe();

  // Ends come while it hands over: each is one that has to be told.
  const sent = [1, 2, 3, 4].map(() => child.signal(BACKGROUND_SIGNALS.redeliver, LARGE));
  for (let n = 1; n <= MORE_ENDS; n += 1)
    sent.push(child.signal(BACKGROUND_SIGNALS.ended, { v: 1, run: `run-${n}`, outcome: 'completed', at: n }));
  await Promise.all(sent);
  await until('another run goes on', async () => (await child.describe()).runId !== first.runId);
  const second = await child.describe();
  expect(second.raw.workflowExecutionInfo?.firstRunId).toBe(first.runId);
  // The SDK gives a run that goes on no summary: the Web UI has its details.
  const shown = async (): Promise<string> =>
    (await child.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '';
  expect(await shown()).toMatch(/task\.completed.*\| *\u2002retrying[^]*b2/);
  const [started] = (await child.fetchHistory()).events ?? [];
  expect(started?.workflowExecutionStartedEventAttributes?.priority?.priorityKey).toBe(5);
  expect((await known())?.deliveries[0]).toEqual(waiting);
  expect(shy.told.map(({ id }) => id)).toEqual([waiting?.id, waiting?.id]);

  shy.answer({ status: 204 });
  await handle.redeliver([waiting?.id ?? '']);
  await until('all are told', () => shy.told.length === 2 + 1 + MORE_ENDS);
  const of = (await known())?.deliveries.filter(({ to }) => to === waiting?.to) ?? [];
  expect(shy.told.slice(2).map(({ id }) => id)).toEqual(of.map(({ id }) => id));
  expect(new Set(of.map(({ id }) => id)).size).toBe(1 + MORE_ENDS);
  await reading;
  expect(seen.at(-1)).toMatchObject({ type: 'background.settled', done: 1, failed: 1, delivered: 1 + MORE_ENDS });
  expect(seen.map(({ run, n }) => `${run} ${n}`)).toEqual(seen.map((_event, at) => `${first.runId} ${at + 1}`));
  expect(it.model.requests.length).toBe(asked);
  expect(gone.told).toHaveLength(1);

  // Where nothing is at work it goes on, too, and says nothing anew.
  for (let n = 0; n < 4; n += 1) await child.signal(BACKGROUND_SIGNALS.redeliver, LARGE);
  await until('a third run goes on', async () => (await child.describe()).runId !== second.runId);
  gone.answer({ status: 204 });
  const rest: TaskEvent[] = [];
  await handle.redeliver();
  await until('it has settled again', async () => {
    rest.splice(0);
    const after = { run: first.runId, n: seen.length };
    for await (const event of handle.events({ background: true, after })) rest.push(event);
    return rest.at(-1)?.type === 'background.settled';
  });
  expect(rest.map(({ n }) => n)).toEqual(rest.map((_event, at) => seen.length + 1 + at));
  expect(rest[0]).toMatchObject({ type: 'background.again' });
  expect(rest.filter(({ type }) => type === 'subtask.finished')).toMatchObject([{ subtask: 'b2', generation: 2 }]);
  expect(gone.told.map(({ id }) => id).slice(1)).toEqual(
    (await known())?.deliveries.filter(({ to }) => to !== waiting?.to).map(({ id }) => id),
  );
  expect(it.model.requests.length).toBe(asked);
  await handle.cancelBackground();
  await expect(child.result()).rejects.toThrow();
  // Of one that is over the store has all.
  const kept: TaskEvent[] = [];
  for await (const event of handle.events({ background: 'only' })) kept.push(event);
  expect(kept.map(({ n }) => n)).toEqual(kept.map((_event, at) => at + 1));
  expect(kept.length).toBeGreaterThan(seen.length);
});
