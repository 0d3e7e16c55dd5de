// Who is told of a task: each receiver in its order and by itself, tried again until it is there or given up. No server: the
// tries, the clock and the dice are handed in.

import { redeliverProblem } from '../../client/background.ts';
import type { Delivery, DeliveryStatus, Receipt } from '../../protocol/background.ts';
import type { TaskEventBody } from '../../protocol/events.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Notify } from '../../protocol/notify.ts';
import { shownAddress, withoutAddress } from '../../protocol/shown-address.ts';
import { detailsTable } from '../../workflows/details-table.ts';
import { openDeliveries, type Deliveries } from '../../workflows/deliveries.ts';
import { newReceivers, pauseAfter, statusesOf, type Receiver } from '../../workflows/state/receivers.ts';
import { newState } from '../../workflows/state/state.ts';

const RUN = '01a1fcb6-a5d8-70b3-b788-7a6eb4065735';
const DELIVERED: Receipt = { status: 'delivered', code: 204, at: 1 };
const AWAY: Receipt = { status: 'retry', reason: 'it was away' };

/** A test ends its pauses after a few of these. */
const MOST_LOOKS = 1_000;

interface Rig {
  deliveries: Deliveries;
  receivers: Receiver[];
  events: TaskEventBody[];
  /** What was tried, in this order. */
  tried: Delivery[];
  pauses: number[];
  /** What Temporal's Web UI shows of tries and pauses. */
  summaries: string[];
  /** Ends all pauses that wait for nothing. */
  wake(): void;
  /** From now on nothing more is begun. */
  handOver(): void;
}

function rig(
  notify: Notify[],
  answer: (delivery: Delivery, at: number) => Receipt | Promise<Receipt>,
  { receivers = newReceivers(notify), now = 0 }: { receivers?: Receiver[]; now?: number } = {},
): Rig {
  let isOver = false;
  const [events, tried, pauses, summaries]: [TaskEventBody[], Delivery[], number[], string[]] = [[], [], [], []];
  let sleeping: (() => void)[] = [];
  const wake = (): void => {
    const all = sleeping;
    sleeping = [];
    for (const one of all) one();
  };
  const deliveries = openDeliveries(receivers, RUN, {
    async deliver(delivery, summary) {
      summaries.push(summary);
      return await answer(delivery, tried.push(delivery));
    },
    async pause(ms, until, summary) {
      summaries.push(summary);
      pauses.push(ms);
      for (let looks = 0; !until(); looks += 1) {
        if (looks > MOST_LOOKS) throw new Error('nothing ended the pause');
        const woken = await Promise.race([
          new Promise<boolean>((done) => sleeping.push(() => done(true))),
          new Promise<boolean>((done) => setTimeout(() => done(false), 1)),
        ]);
        if (woken) return;
      }
    },
    now: () => now,
    dice: () => 0,
    isHandingOver: () => isOver,
    emit: (event) => void events.push(event),
  });
  return { deliveries, receivers, events, tried, pauses, summaries, wake, handOver: () => (isOver = true) };
}

const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
const hook = (to: string, events?: Notify['events']): Notify => ({
  kind: 'webhook',
  to,
  ...(events ? { events } : {}),
});
const statesOf = ({ receivers }: Rig): string[] => statusesOf(receivers).map(({ state }) => state);

test('a try that fails is made again with the same id, and the pauses grow to a day before it is given up', async () => {
  const it = rig([hook('https://a')], () => AWAY);
  it.deliveries.tell('task.completed', 7);
  for (let i = 0; i < 12; i += 1) {
    await soon();
    it.wake();
  }
  await it.deliveries.settled();
  expect(it.tried).toHaveLength(12);
  expect(new Set(it.tried.map(({ id, at, n }) => `${id} ${at} ${n}`))).toEqual(new Set([`${it.tried[0]?.id} 7 1`]));
  expect(it.pauses).toEqual([...it.pauses].sort((a, b) => a - b));
  expect(it.pauses.at(-1)).toBe(86_400_000);
  expect(statesOf(it)).toEqual(['dead']);
  expect(it.events.at(-1)).toMatchObject({ type: 'delivery.failed', state: 'dead', tries: 12, reason: 'it was away' });
});

test('a pause is as long as the receiver asks for, up to a day, and never shorter than its own', () => {
  expect(pauseAfter(1, undefined, 0)).toBe(5_000);
  expect(pauseAfter(1, 60, 0)).toBe(60_000);
  expect(pauseAfter(1, 1, 0)).toBe(5_000);
  expect(pauseAfter(1, 1e9, 0)).toBe(86_400_000);
  expect(pauseAfter(1, Number.NaN, 0)).toBe(5_000);
  expect(pauseAfter(2, undefined, 1)).toBe(37_500);
  expect(pauseAfter(12, 60, 0)).toBeUndefined();
});

test('a receiver that hangs delays none of the others', async () => {
  const it = rig([hook('https://hangs'), hook('https://answers')], ({ notify }) =>
    notify.to === 'https://hangs' ? new Promise<Receipt>(() => undefined) : DELIVERED,
  );
  it.deliveries.tell('task.completed', 1);
  await soon();
  expect(statesOf(it)).toEqual(['queued', 'delivered']);
});

test('what a receiver is told comes in its order: the end waits for the progress that is under way', async () => {
  let answer: (receipt: Receipt) => void = () => undefined;
  const it = rig([hook('https://a', ['task.progress', 'task.completed'])], ({ event }) =>
    event === 'task.progress' ? new Promise<Receipt>((done) => (answer = done)) : DELIVERED,
  );
  it.deliveries.tell('task.progress', 1, { percent: 10, done: 0, of: 3 });
  await soon();
  it.deliveries.tell('task.completed', 2);
  await soon();
  expect(it.tried.map(({ event }) => event)).toEqual(['task.progress']);
  answer(DELIVERED);
  await it.deliveries.settled();
  expect(it.tried.map(({ event, n }) => `${event} ${n}`)).toEqual(['task.progress 1', 'task.completed 2']);
});

test('progress that could not be told is left out once there is something newer', async () => {
  const it = rig([hook('https://a', ['task.progress', 'task.failed'])], ({ event }) =>
    event === 'task.progress' ? AWAY : DELIVERED,
  );
  it.deliveries.tell('task.progress', 1, { percent: 10, done: 0, of: 3 });
  await soon();
  // Nobody began to send the first of these two.
  it.deliveries.tell('task.progress', 2, { percent: 20, done: 1, of: 3 });
  it.deliveries.tell('task.failed', 4);
  await it.deliveries.settled();
  expect(it.tried.map(({ event, at }) => `${event} ${at}`)).toEqual(['task.progress 1', 'task.failed 4']);
  expect(statesOf(it)).toEqual(['outdated', 'delivered']);
});

test('only what a receiver asked for is told to it; who names nothing is told of the end', async () => {
  const it = rig([hook('https://a'), hook('https://b', ['task.failed'])], () => DELIVERED);
  it.deliveries.tell('task.progress', 1);
  it.deliveries.tell('task.completed', 2);
  await it.deliveries.settled();
  expect(it.tried.map(({ notify, event }) => `${notify.to} ${event}`)).toEqual(['https://a task.completed']);
});

test('a receiver that wants nothing more gets nothing more, and what is refused is not tried again', async () => {
  const it = rig([hook('https://a', ['task.progress', 'task.completed']), hook('https://b')], ({ notify }) =>
    notify.to === 'https://a' ? { status: 'disabled', reason: 'gone' } : { status: 'refused', reason: 'no key' },
  );
  it.deliveries.tell('task.progress', 1);
  await it.deliveries.settled();
  it.deliveries.tell('task.completed', 2);
  await it.deliveries.settled();
  expect(it.tried).toHaveLength(2);
  expect(statesOf(it)).toEqual(['disabled', 'disabled', 'refused']);
});

test('what was given up is sent once more with its id, by id or all of it; what was delivered is not', async () => {
  let receipt: Receipt = { status: 'refused', reason: 'no key' };
  const it = rig([hook('https://a'), hook('https://b')], ({ notify }) =>
    notify.to === 'https://b' ? DELIVERED : receipt,
  );
  it.deliveries.tell('task.completed', 1);
  await it.deliveries.settled();
  const [first, second] = statusesOf(it.receivers);
  expect(it.deliveries.again(['msg_of_nobody'])).toEqual([]);
  expect(it.deliveries.again([second?.id ?? ''])).toEqual([]);
  receipt = DELIVERED;
  expect(it.deliveries.again(undefined)).toEqual([first?.id]);
  await it.deliveries.settled();
  expect(statesOf(it)).toEqual(['delivered', 'delivered']);
  expect(it.tried.filter(({ id }) => id === first?.id)).toHaveLength(2);
});

test('one that waits for its next try is tried at once when it is asked for by its id', async () => {
  let receipt: Receipt = AWAY;
  const it = rig([hook('https://a')], () => receipt);
  it.deliveries.tell('task.completed', 1);
  await soon();
  receipt = DELIVERED;
  const [one] = statusesOf(it.receivers);
  expect(it.deliveries.again([one?.id ?? ''])).toEqual([one?.id]);
  await it.deliveries.settled();
  expect(statesOf(it)).toEqual(['delivered']);
});

test('a run that hands over ends the try under way and begins none; the next one waits only for the rest and keeps the order', async () => {
  const notify = [hook('https://a', ['task.progress', 'task.completed']), hook('https://b'), hook('https://c')];
  let answer: (receipt: Receipt) => void = () => undefined;
  const before = rig(notify, ({ notify: { to } }) =>
    to === 'https://a' ? new Promise<Receipt>((done) => (answer = done)) : to === 'https://b' ? AWAY : DELIVERED,
  );
  before.deliveries.tell('task.progress', 1);
  await soon();
  before.deliveries.tell('task.completed', 2);
  await soon();
  before.handOver();
  answer(DELIVERED);
  await before.deliveries.settled();
  expect(statesOf(before)).toEqual(['delivered', 'queued', 'retrying', 'delivered']);
  expect(before.tried).toHaveLength(3);

  const receivers = JSON.parse(JSON.stringify(before.receivers)) as Receiver[];
  const next = rig([], () => DELIVERED, { receivers, now: 2_000 });
  next.deliveries.goOn();
  await soon();
  expect(next.pauses).toEqual([3_000]);
  expect(next.tried.map(({ notify: { to }, event, n }) => `${to} ${event} ${n}`)).toEqual([
    'https://a task.completed 2',
  ]);
  next.wake();
  await next.deliveries.settled();
  const ids = [...before.tried, ...next.tried].map(({ id }) => id);
  expect(statesOf(next)).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
  expect(new Set(ids).size).toBe(4);
  expect(next.tried[1]?.id).toBe(statusesOf(before.receivers)[2]?.id);
});

test('what is asked for once more of a run that hands over is sent by the next one', async () => {
  const before = rig([hook('https://a')], () => ({ status: 'refused', reason: 'no key' }));
  before.deliveries.tell('task.completed', 1);
  await before.deliveries.settled();
  before.handOver();
  const asked = before.deliveries.again(undefined);
  await before.deliveries.settled();
  expect([asked.length, before.tried.length, statesOf(before)]).toEqual([1, 1, ['queued']]);
  const next = rig([], () => DELIVERED, { receivers: before.receivers });
  next.deliveries.goOn();
  await next.deliveries.settled();
  expect(next.tried.map(({ id }) => id)).toEqual(asked);
});

test('what may be secret in an address is in no event and no status', async () => {
  const it = rig([hook('https://A.example/services/T0KEN/s3cret?token=t0p-s3cret#x')], () => AWAY);
  it.deliveries.tell('task.completed', 1);
  await soon();
  it.deliveries.giveUp('cancelled');
  const request = { v: 1 as const, goal: 'g', sources: [], class: BUILT_IN_CLASSES.quick, tenant: 't' };
  const shown = detailsTable({ ...newState('t', 'r', 'r', request, 0), receivers: it.receivers });
  const all = JSON.stringify([it.events, it.summaries, statusesOf(it.receivers), shown]);
  expect(all).toContain('https://a.example/…');
  for (const secret of ['s3cret', 'T0KEN']) expect(all).not.toContain(secret);
});

test.each([
  ['https://hooks.slack.com/services/T1/B2/xyz', /^https:\/\/hooks\.slack\.com\/…[0-9a-f]{4}$/],
  ['https://ntfy.sh/my-topic', /^https:\/\/ntfy\.sh\/…[0-9a-f]{4}$/],
  ['https://Example.com:8443', /^https:\/\/example\.com:8443$/],
  ['http://127.0.0.1:9911/', /^http:\/\/127\.0\.0\.1:9911$/],
  ['https://example.com?token=1', /^https:\/\/example\.com\/…[0-9a-f]{4}$/],
  ['https://user:word@example.com/a@b', /^https:\/\/example\.com\/…[0-9a-f]{4}$/],
  ['me@example.com', /^me@example\.com$/],
  ['tg-bot:123456:AAF', /^…[0-9a-f]{4}$/],
  ['a-room', /^…[0-9a-f]{4}$/],
])('the address %s is shown by its host and four digits, and a mailbox whole', (to, shown) => {
  expect(shownAddress(to)).toMatch(shown);
  expect(shownAddress(`${to}2`)).not.toBe(shownAddress(to));
});

test('a reason has no part of the address that is not shown', () => {
  const to = 'https://hooks.example.com/services/T0KEN/s3cret?k=w0rd5#frag-1';
  const said = withoutAddress(
    `no answer of ${to}: /services/T0KEN/s3cret is gone, s3cret, w0rd5 at hooks.example.com`,
    to,
  );
  expect(said).toMatch(/^no answer of https:\/\/hooks\.example\.com\/…[0-9a-f]{4}: .* at hooks\.example\.com$/);
  for (const secret of ['s3cret', 'T0KEN', 'w0rd5']) expect(said).not.toContain(secret);
  expect(withoutAddress('mailbox me@example.com is full', 'me@example.com')).toBe('mailbox me@example.com is full');
});

test('who wants sent once more what is not there, or was not given up, is told why not', () => {
  const told = (state: DeliveryStatus['state'], id = 'msg_1') =>
    ({ id, state, event: 'task.completed', at: 1, kind: 'webhook', to: 'https://a.example', tries: 1 }) as const;
  const subtask = (state: 'done' | 'failed') => ({ id: 'b1', title: 'One', state, findings: 0 });
  const problem = (deliveries: DeliveryStatus[], ids?: string[], subtasks = [subtask('done')]) =>
    redeliverProblem({ state: 'running', deliveries, subtasks }, ids);
  expect(problem([told('dead')], ['msg_1', 'b7'])).toBe(
    'b7 is nothing that goes on behind this answer; there is msg_1, b1',
  );
  expect(problem([told('delivered')], ['msg_1'])).toBe('nothing of it was given up: msg_1 is delivered');
  expect(problem([told('delivered')])).toBe('nothing of it was given up: msg_1 is delivered, b1 is done');
  expect(problem([told('retrying')])).toMatch(/^nothing was given up yet: msg_1 is tried again by itself; name it/);
  // What can be sent or done once more is, whatever else there is.
  for (const state of ['dead', 'refused', 'disabled'] as const) expect(problem([told(state)])).toBeUndefined();
  expect(problem([told('retrying')], ['msg_1'])).toBeUndefined();
  expect(problem([told('retrying'), told('dead', 'msg_2')])).toBeUndefined();
  expect(problem([told('delivered')], undefined, [subtask('failed')])).toBeUndefined();
  // Where no worker says what there is, it is asked for all the same.
  expect(problem([], ['msg_1'], [])).toBeUndefined();
});
