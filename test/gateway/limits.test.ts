// Bounds of tenants and of the deployment, over a store of files and no server: what is handed out, and no more.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway } from '../../gateway/create-gateway.ts';
import { Admission, ADMISSION } from '../../gateway/doors/admission.ts';
import { keyDoor } from '../../gateway/doors/key-door.ts';
import { createKey } from '../../gateway/doors/keys.ts';
import { Outages } from '../../gateway/doors/outages.ts';
import { RequestQuota } from '../../gateway/doors/request-quota.ts';
import { TenantAccounts, type Standing } from '../../gateway/doors/tenant-accounts.ts';
import { Uploads } from '../../gateway/doors/uploads.ts';
import { ProblemError, type ProblemCode } from '../../gateway/wire/problems.ts';
import { fileStore } from '../../store/file-store.ts';
import type { Store } from '../../store/store.ts';
import { until } from '../rig/until.ts';
import { noServer } from './no-server.ts';

const DAY = 86_400_000;
const store = () => fileStore(mkdtempSync(join(tmpdir(), 'muster-limits-')));
const codeOf = async (work: Promise<unknown>): Promise<ProblemCode | 'ok'> =>
  await work.then(
    () => 'ok' as const,
    (error: ProblemError) => error.code,
  );
const count = (codes: readonly string[], code: string): number => codes.filter((one) => one === code).length;

test.each([7, 121])('two gateways hand out %i requests of a tenant’s minute, and not one more', async (most) => {
  const place = store();
  let now = 10 * DAY;
  const gateways = [new RequestQuota(place, () => now), new RequestQuota(place, () => now)];
  const ask = (at: number, tenant = 'acme') => codeOf((gateways[at % 2] as RequestQuota).take(tenant, most));
  const codes = await Promise.all(Array.from({ length: most + 60 }, (_one, at) => ask(at)));
  // Those that come later get what is left of blocks that another one took.
  for (let at = 0; at < 60; at += 1) codes.push(await ask(at));
  expect(count(codes, 'ok')).toBe(most);
  expect(count(codes, 'too_many_requests')).toBe(codes.length - most);
  expect(await ask(0, 'others')).toBe('ok');
  now += 15_000;
  const refused = await (gateways[0] as RequestQuota).take('acme', most).catch((error: ProblemError) => error);
  expect((refused as ProblemError).headers).toEqual({ 'retry-after': '45' });
  now += 45_000;
  expect(await ask(1)).toBe('ok');
});

test('two gateways start as many tasks of a tenant as it may have, and others once some have ended', async () => {
  const place = store();
  let now = DAY;
  const standings = new Map<string, Standing>();
  const of = (id: string) => Promise.resolve(standings.get(id) ?? 'unknown');
  const gateways = [new TenantAccounts(place, of, () => now), new TenantAccounts(place, of, () => now)];
  const open = (id: string, at = 0) =>
    codeOf(
      (gateways[at % 2] as TenantAccounts)
        .open('acme', id, { running: 5 })
        .then(() => standings.set(id, { isOpen: true, tokens: 0 })),
    );
  const codes = await Promise.all(Array.from({ length: 30 }, (_one, at) => open(`t${at}`, at)));
  expect([count(codes, 'ok'), count(codes, 'too_many_tasks')]).toEqual([5, 25]);
  const [first = ''] = standings.keys();
  // One that has its place needs no other.
  expect(await open(first, 1)).toBe('ok');
  standings.set(first, { isOpen: false, tokens: 10 });
  now += 1_001;
  expect(await Promise.all([open('next'), open('after', 1)])).toEqual(expect.arrayContaining(['ok', 'too_many_tasks']));
  await gateways[0]?.forget('acme', 'next');
  await gateways[0]?.forget('acme', 'after');
  // A gateway that died before Temporal had the task holds its place for a minute.
  await gateways[1]?.open('acme', 'never-started', { running: 5 });
  now += 30_000;
  expect(await open('late')).toBe('too_many_tasks');
  now += 31_000;
  expect(await open('late')).toBe('ok');
});

test('what a tenant’s tasks spent is counted once, whichever gateway sees them end, and a new day begins at nothing', async () => {
  const place = store();
  let now = 20_000 * DAY + 3_600_000;
  const spent = (tokens: number): Promise<Standing> => Promise.resolve({ isOpen: false, tokens });
  const gateways = [0, 1].map(
    () =>
      new TenantAccounts(
        place,
        () => spent(400),
        () => now,
      ),
  );
  const open = (id: string, at: number) =>
    codeOf((gateways[at % 2] as TenantAccounts).open('acme', id, { tokensPerDay: 1_000 }));
  for (const [at, id] of ['a', 'b', 'c'].entries()) {
    expect(await open(id, at)).toBe('ok');
    now += 1_001;
  }
  const both = await Promise.all([open('d', 0), open('e', 1)]);
  expect(both).toEqual(['tokens_spent', 'tokens_spent']);
  const { value } = (await place.getRecord('tenant-account', 'acme')) ?? { value: '' };
  expect(JSON.parse(value)).toMatchObject({ tokens: 1_200, open: [] });
  const refusal = await (gateways[0] as TenantAccounts)
    .open('acme', 'f', { tokensPerDay: 1_000 })
    .catch((error: ProblemError) => error);
  expect(Number((refusal as ProblemError).headers['retry-after'])).toBeCloseTo(23 * 3_600, -2);
  now += DAY;
  expect(await open('f', 0)).toBe('ok');
});

test('what a tenant’s tasks have spent while they run counts as they go, and once when they end', async () => {
  const place = store();
  let now = 20_000 * DAY + 3_600_000;
  const standings = new Map<string, Standing>();
  const gateways = [0, 1].map(
    () =>
      new TenantAccounts(
        place,
        (id) => Promise.resolve(standings.get(id) ?? 'unknown'),
        () => now,
      ),
  );
  const open = async (id: string, at: number) => {
    now += 1_001;
    return await codeOf((gateways[at] as TenantAccounts).open('acme', id, { tokensPerDay: 1_000 }));
  };
  expect(await open('a', 0)).toBe('ok');
  standings.set('a', { isOpen: true, tokens: 600 });
  expect(await open('b', 1)).toBe('ok');
  standings.set('b', { isOpen: true, tokens: 400 });
  expect([await open('c', 0), await open('d', 1)]).toEqual(['tokens_spent', 'tokens_spent']);
  // Its worker is away: it has spent what it had spent.
  standings.set('a', { isOpen: true, tokens: 0 });
  expect(await open('c', 0)).toBe('tokens_spent');
  standings.set('a', { isOpen: false, tokens: 500 });
  expect(await open('c', 1)).toBe('ok');
  standings.set('b', { isOpen: false, tokens: 500 });
  expect(await open('d', 0)).toBe('tokens_spent');
  const { value } = (await place.getRecord('tenant-account', 'acme')) ?? { value: '' };
  expect(JSON.parse(value)).toMatchObject({ tokens: 1_000 });
});

test('a tenant sends as many bytes of files a day as it may over two gateways, and no file in part', async () => {
  const place = store();
  const gateways = [0, 1].map(() => new Uploads(place, 1_000, () => ({ uploadBytesPerDay: 1_000 })));
  const send = (at: number, bytes: number) => codeOf((gateways[at % 2] as Uploads).count('acme', bytes));
  const codes = await Promise.all(Array.from({ length: 12 }, (_one, at) => send(at, 300)));
  expect([count(codes, 'ok'), count(codes, 'uploads_spent')]).toEqual([3, 9]);
  expect([await send(0, 101), await send(1, 100), await send(0, 1)]).toEqual(['uploads_spent', 'ok', 'uploads_spent']);
});

describe('of a thousand starts at one moment', () => {
  const up = new Outages([{ code: 'server_unreachable', detail: '', look: () => Promise.resolve() }]);

  test('as many are under way as may be, the others are refused, and none is started twice or lost', async () => {
    const admission = new Admission({ ...ADMISSION, startsAtOnce: 20 }, up, () => Promise.resolve(0));
    let running = 0;
    let most = 0;
    let started = 0;
    const start = async (): Promise<void> => {
      running += 1;
      started += 1;
      most = Math.max(most, running);
      await new Promise((done) => setTimeout(done, 20));
      running -= 1;
    };
    // In a row, so that some come while others hand on their places.
    const codes = await Promise.all(
      Array.from({ length: 1_000 }, async (_one, at) => {
        await new Promise((done) => setTimeout(done, at / 5));
        return await codeOf(admission.run(start));
      }),
    );
    expect(most).toBe(20);
    expect(count(codes, 'ok')).toBe(started);
    expect(count(codes, 'ok') + count(codes, 'overloaded')).toBe(1_000);
    expect(started).toBeGreaterThanOrEqual(20);
    // Room is given back.
    expect(await codeOf(admission.run(start))).toBe('ok');
  });

  test('no more wait for a worker than may, though Temporal’s lists are late', async () => {
    const admission = new Admission({ ...ADMISSION, queued: 15 }, up, () => Promise.resolve(5));
    const codes = await Promise.all(
      Array.from({ length: 1_000 }, () => codeOf(admission.run(() => Promise.resolve()))),
    );
    expect([count(codes, 'ok'), count(codes, 'queue_full')]).toEqual([10, 990]);
  });

  test('no more are begun in a second than may', async () => {
    const admission = new Admission({ ...ADMISSION, startsPerSecond: 12 }, up, () => Promise.resolve(0));
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    const codes = await Promise.all(Array.from({ length: 100 }, () => codeOf(admission.run(() => Promise.resolve()))));
    clock.mockRestore();
    expect(count(codes, 'ok')).toBe(12);
  });
});

describe('while a part does not answer', () => {
  const parts = (look: () => Promise<unknown>) =>
    new Outages([
      { code: 'store_unavailable', detail: '', look: () => Promise.resolve() },
      { code: 'server_unreachable', detail: '', look },
    ]);
  const never = new Promise<never>(() => undefined);

  test('while a part is known not to answer, starts are refused at once, and those under way are told', async () => {
    let isUp = true;
    let looks = 0;
    const outages = parts(() => {
      looks += 1;
      return isUp ? Promise.resolve() : Promise.reject(new Error('down'));
    });
    expect(await codeOf(outages.refuseIfDown())).toBe('ok');
    isUp = false;
    // Its own answer would never come.
    expect(await codeOf(outages.during(never))).toBe('server_unreachable');
    // By the first look that found it down, and nobody looks while nobody waits.
    expect(looks).toBe(2);
    await new Promise((done) => setTimeout(done, 300));
    expect(looks).toBe(2);
    expect(await codeOf(outages.refuseIfDown())).toBe('server_unreachable');
    isUp = true;
    await until('it is seen to be back', async () => (await codeOf(outages.refuseIfDown())) === 'ok');
  });

  test('one that stands still is no more waited for than it takes otherwise, and new starts are refused before old ones are', async () => {
    let answer: Promise<unknown> = Promise.resolve();
    const outages = parts(() => answer);
    expect(await codeOf(outages.refuseIfDown())).toBe('ok');
    answer = never;
    const order: string[] = [];
    const underWay = codeOf(outages.during(never)).then((code) => order.push(`under way: ${code}`));
    let code = 'ok';
    await until('a new start is refused', async () => (code = await codeOf(outages.refuseIfDown())) !== 'ok');
    order.push(`new: ${code}`);
    await underWay;
    expect(order).toEqual(['new: overloaded', 'under way: server_unreachable']);
    expect(await codeOf(outages.refuseIfDown())).toBe('server_unreachable');
  });

  test('whoever shows a key while the store stands still is told so, and not kept waiting for ever', async () => {
    const real = store();
    const { key } = await createKey(real, { name: 'ci', tenant: 'acme', scopes: ['tasks:read'] });
    let stands = false;
    const place: Store = Object.assign(Object.create(real) as Store, {
      getRecord: (kind: string, id: string) => (stands ? never : real.getRecord(kind, id)),
    });
    const client = { store: place, ...noServer, listPage: () => Promise.resolve({ tasks: [] }) };
    const authenticate = keyDoor(place, { isLoopback: false });
    const gateway = createGateway({ client: client as never, authenticate });
    const ask = async (shown: string): Promise<number> =>
      (await gateway.fetch(new Request('http://localhost/tasks', { headers: { authorization: `Bearer ${shown}` } })))
        .status;
    expect(await ask(key)).toBe(200);
    stands = true;
    const { key: other } = await createKey(real, { name: 'two', tenant: 'acme', scopes: ['tasks:read'] });
    expect(await ask(other)).toBe(503);
    // One that is believed still needs no store.
    expect(await ask(key)).toBe(200);
    await gateway.close();
  });

  test('one that is far away is waited for as long as it takes otherwise', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    try {
      const outages = parts(() => new Promise((done) => setTimeout(done, 600)));
      const ask = async (): Promise<string> => {
        const said = codeOf(outages.refuseIfDown());
        await jest.advanceTimersByTimeAsync(150);
        return await said;
      };
      const all: string[] = [];
      for (let n = 0; n < 12; n += 1) all.push(await ask());
      expect(all).toEqual(Array(12).fill('ok'));
    } finally {
      jest.useRealTimers();
    }
  });
});
