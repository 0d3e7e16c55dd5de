// One delivery as the Activity makes it: from the store, by the notifier that is named, with a receipt whatever happens.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverOnce } from '../../activities/deliver.ts';
import type { Deployment } from '../../activities/deployment.ts';
import { defineNotifier, type NotifyContext, type NotifyMessage, type Sent } from '../../activities/notify/notifier.ts';
import type { Delivery, Receipt } from '../../protocol/background.ts';
import { fileStore } from '../../store/file-store.ts';
import type { Store } from '../../store/store.ts';
import { activitiesOf } from '../../worker/create-worker.ts';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { head, resultOf } from '../store/store-under-test.ts';
import { delivery } from './support.ts';

const TASK = 'compare-them-9f2c';
let store: Store;
beforeEach(() => (store = fileStore(mkdtempSync(join(tmpdir(), 'muster-notify-')))));
afterEach(() => store.close());
afterAll(closeCorpusThread);

/** A notifier that keeps what it is handed, and answers so. */
function recorder(answer: (context: NotifyContext) => unknown = () => ({ status: 'delivered', code: 200 })) {
  const told: { message: NotifyMessage; context: NotifyContext }[] = [];
  const notifier = defineNotifier({
    name: 'recorder',
    timeoutSeconds: 0.2,
    async deliver(message, context) {
      told.push({ message, context });
      return (await answer(context)) as Sent;
    },
  });
  return { told, notify: { notifiers: new Map([['recorder', notifier]]) } };
}

const run = (
  notify: Deployment['notify'],
  more: Partial<Delivery> = {},
  signal = new AbortController().signal,
): Promise<Receipt> =>
  deliverOnce(
    { store, ...(notify ? { notify } : {}) },
    { taskId: TASK, run: 'run-1', delivery: delivery({ notify: { kind: 'recorder', to: 'me' }, ...more }) },
    signal,
  );

const closed = async (more: object = {}): Promise<void> => {
  const record = head(TASK, { tenant: 'acme', goal: 'Compare them' });
  await store.putTask(record);
  await store.putResult(TASK, { ...resultOf(record), goal: 'Compare them', ...more });
};

test('a delivery hands its notifier the task as the store has it, whose it is, and the settings under its name', async () => {
  const answer = {
    sections: [{ heading: 'H', claims: [{ text: 'Both wait.', citations: [] }] }],
    citations: [],
    gaps: [],
    notes: [],
  };
  await closed({ answerRef: await store.putBlob(JSON.stringify(answer)) });
  const { told, notify } = recorder();
  const settings = { recorder: { room: 7 }, other: { secret: 'x' } };
  const receipt = await run({ ...notify, settings, publicUrl: 'https://muster.example.com' });
  expect(receipt).toEqual({ status: 'delivered', code: 200, at: expect.any(Number) as number });
  expect(told[0]?.context).toMatchObject({ to: 'me', tenant: 'acme', settings: { room: 7 } });
  const { data } = JSON.parse(told[0]?.message.body ?? '') as { data: Record<string, unknown> };
  expect(data).toMatchObject({ goal: 'Compare them', answer: expect.stringContaining('Both wait.') as string });
  await run(notify);
  await run(notify);
  // Whoever is told twice is told the same.
  expect(told[2]?.message).toEqual(told[1]?.message);
});

test('what is told before the end says the same on a try that comes behind it', async () => {
  await store.putTask(head(TASK, { goal: 'Compare them' }));
  const { told, notify } = recorder();
  const before = [
    { event: 'task.demoted' },
    { event: 'task.progress', progress: { percent: 40, done: 2, of: 5 } },
  ] as const;
  for (const more of before) await run(notify, more);
  await closed();
  for (const more of before) await run(notify, more);
  expect(told.slice(2).map(({ message }) => message)).toEqual(told.slice(0, 2).map(({ message }) => message));
});

test('a delivery of a task whose result is not there yet is tried again, and of one that is kept no more is not', async () => {
  const { told, notify } = recorder();
  expect(await run(notify)).toMatchObject({ status: 'refused', reason: 'nothing of the task is kept any more' });
  await store.putTask(head(TASK));
  expect(await run(notify)).toMatchObject({ status: 'retry' });
  expect(told).toEqual([]);
  // Of a task that was terminated nothing more comes.
  expect(await run(notify, { event: 'task.failed' })).toMatchObject({ status: 'delivered' });
});

test('a delivery of a task that has left no record of itself is told under the tenant that asked for it, and no other', async () => {
  const { told, notify } = recorder();
  const asked = {
    taskId: TASK,
    run: 'run-1',
    delivery: delivery({ event: 'task.failed', notify: { kind: 'recorder', to: 'me' } }),
  };
  const of = (tenant: string) => deliverOnce({ store, notify }, { ...asked, tenant }, new AbortController().signal);
  await of('acme');
  // Whose it is the store knows better than who asks.
  await store.putTask(head(TASK, { tenant: 'sea' }));
  await of('acme');
  expect(told.map(({ context }) => context.tenant)).toEqual(['acme', 'sea']);
});

test('a delivery by a notifier that this worker does not have is refused with the names of those that it has', async () => {
  const { notify } = recorder();
  const reason = 'this worker has no notifier named "pager"; there are: recorder';
  expect(await run(notify, { notify: { kind: 'pager', to: 'me' } })).toEqual({ status: 'refused', reason });
  expect((await run(undefined)).status).toBe('refused');
});

test.each<[string, (context: NotifyContext) => unknown, object]>([
  ['throws', () => Promise.reject(new Error('x'.repeat(1_000))), { status: 'retry', reason: `${'x'.repeat(299)}…` }],
  ['gives nothing', () => undefined, { status: 'refused', reason: 'the notifier "recorder" gave no receipt' }],
  ['gives no reason', () => ({ status: 'disabled' }), { status: 'disabled', reason: 'no reason was given' }],
  [
    'asks for an odd pause',
    () => ({ status: 'retry', reason: 'r', afterSeconds: -1 }),
    { status: 'retry', reason: 'r' },
  ],
  [
    'adds what is none of a receipt',
    () => ({ status: 'refused', reason: 'r', body: 'secret' }),
    { status: 'refused', reason: 'r' },
  ],
  [
    'heeds no signal',
    () => new Promise(() => undefined),
    { status: 'retry', reason: 'nothing was answered within 0.2 s' },
  ],
  [
    'throws when its time is over',
    ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('x')))),
    { status: 'retry', reason: 'nothing was answered within 0.2 s' },
  ],
])('a notifier that %s gives a receipt all the same', async (_what, answer, receipt) => {
  await closed();
  expect(await run(recorder(answer).notify)).toEqual(receipt);
});

test('a notifier that says the address it was given has it shown by its host alone', async () => {
  await closed();
  const to = 'https://hooks.example.com/services/T0KEN';
  const said: string[] = [];
  for (const answer of [
    () => ({ status: 'retry', reason: `no answer of ${to}` }),
    () => Promise.reject(new Error(`POST /services/T0KEN of ${to} failed`)),
  ])
    said.push(JSON.stringify(await run(recorder(answer).notify, { notify: { kind: 'recorder', to } })));
  for (const one of said) expect(one).toMatch(/https:\/\/hooks\.example\.com\/…[0-9a-f]{4}/);
  expect(said.join()).not.toContain('T0KEN');
});

test('a delivery whose worker stops ends with that, and with no receipt', async () => {
  await closed();
  const stop = new AbortController();
  const { notify } = recorder(() => {
    stop.abort(new Error('the worker stops'));
    return new Promise((_resolve, reject) => setTimeout(() => reject(new Error('cut')), 10));
  });
  await expect(run(notify, {}, stop.signal)).rejects.toThrow('the worker stops');
});

test('a worker refuses two notifiers of one name, with both owners', () => {
  const options = { store, models: [], roots: [], ceiling: BUILT_IN_CLASSES.quick };
  const mine = defineNotifier({ name: 'email', deliver: async () => ({ status: 'delivered' }) });
  expect(() => activitiesOf({ ...options, extensions: { from: './mine.mjs', notifiers: [mine] } })).toThrow(
    'two notifiers are named "email": one built in, one from ./mine.mjs',
  );
});
