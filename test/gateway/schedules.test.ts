// Questions that are asked again and again, on the real server, by library, HTTP and CLI: what can't be one is refused in a sentence,
// each run is a task that names its schedule, and a tenant has its own.

import { defaultPayloadConverter } from '@temporalio/common';
import { RequestRefusedError, ScheduleNotFoundError } from '../../client/index.ts';
import { HttpClient } from '../../client/http/index.ts';
import { schedule } from '../../gateway/wire/schedule-schemas.ts';
import { sessionBaggage } from '../../protocol/session-baggage.ts';
import { cronProblem } from '../../protocol/schedules.ts';
import { musterHere } from '../cli/support.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { reply, testGateway, type TestGateway } from '../rig/gateway.ts';

const GOAL = 'What does the lighthouse do when nobody takes an alarm?';
/** Never while this runs. */
const NEVER = '0 3 1 1 *';

test.each([
  ['0 8 * *', /has 4 fields; it must have five/],
  ['', /has 0 fields/],
  ['60 8 * * 1', /the minute of the time is "60": it must be 0 to 59/],
  ['0 8 0 * *', /the day of the month of the time is "0": it must be 1 to 31/],
  ['0 8 * JANUARY *', /the month of the time is "JANUARY": it is no value, range or list/],
  ['0 18-8 * * *', /its range ends before it begins/],
  ['0 8 * * 1/0', /no value, range or list/],
  ['0 8 30 FEB *', /never comes: none of its months has a day 30/],
  ['@often', /is not one of @hourly, @daily/],
])('a time like "%s" is refused with what is wrong in it', (cron, words) => {
  expect(cronProblem(cron)).toMatch(words);
});

describe('on a server', () => {
  let it_: TestDeployment;
  let api: TestGateway;
  beforeAll(async () => {
    it_ = await testDeployment();
    await it_.startWorker();
    api = await testGateway(it_, {
      authenticate: (request) => ({
        tenant: request.headers.get('x-tenant') ?? 'acme',
        name: 'key-1',
        scopes: ['tasks:read', 'tasks:write'],
        paths: true,
      }),
    });
  });
  afterAll(async () => {
    for await (const { name, tenant } of it_.client.schedules()) await it_.client.scheduled(name, { tenant }).remove();
    await api.close();
    await it_.stop();
  });

  const cli = (...args: string[]) =>
    musterHere(args, { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home } });

  test.each(['0 8 * * 1', '*/15 0-6,22 1,15 */3 MON-FRI', '0 8 * * 7', '5/10 8 * jan,DEC sun', '@daily', '@annually'])(
    'the server takes the time "%s" that is not refused',
    async (cron) => {
      expect(cronProblem(cron)).toBeUndefined();
      const made = await it_.client.schedule({ goal: GOAL, sources: [it_.docs], cron, name: 'times', tenant: 'times' });
      expect(made).toMatchObject({ cron, timezone: 'UTC', overlap: 'skip', paused: false });
      expect(made.next[0]).toBeGreaterThan(Date.now());
      await it_.client.scheduled('times', { tenant: 'times' }).remove();
    },
  );

  test('a schedule that can’t be one is refused with a sentence before the server hears of it', async () => {
    const input = { goal: GOAL, sources: [it_.docs], cron: NEVER };
    const refused = async (more: object): Promise<string> => {
      const error: unknown = await it_.client.schedule({ ...input, ...more }).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(RequestRefusedError);
      return (error as Error).message;
    };
    expect(await refused({ cron: '0 25 * * *' })).toMatch(/the hour of the time is "25"/);
    expect(await refused({ timezone: 'Europe/Berlim' })).toMatch(
      /no time zone "Europe\/Berlim"; did you mean Europe\/Berlin\?/,
    );
    expect(await refused({ timezone: '+01:00' })).toMatch(/there is no time zone/);
    expect(await refused({ overlap: 'often' })).toMatch(/the overlap is "often"; it is one of skip, buffer, all/);
    expect(await refused({ name: 'a/b' })).toMatch(/name of the schedule is "a\/b"/);
    expect(await refused({ goal: ' ' })).toMatch(/the goal is empty/);
    await it_.client.schedule({ ...input, name: 'taken' });
    expect(await refused({ name: 'taken' })).toMatch(/there is a schedule "taken" already/);
    await it_.client.scheduled('taken').remove();
    await expect(it_.client.scheduled('taken').describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  test('each run of a schedule is a task that names it, in status and list, at the hour of its time zone', async () => {
    const made = await it_.client.schedule({
      goal: GOAL,
      sources: [it_.docs],
      class: 'quick',
      cron: '30 8 15 1 *',
      timezone: 'Asia/Tokyo',
      overlap: 'buffer',
      tenant: 'sea',
    });
    expect(made).toMatchObject({
      name: 'what-does-the-lighthouse-do-when',
      class: 'quick',
      overlap: 'buffer',
      runs: [],
    });
    // Tokyo has no summer time.
    expect(new Date(made.next[0] ?? 0).toISOString()).toMatch(/-01-14T23:30:00/);
    const schedule = it_.client.scheduled(made.name, { tenant: 'sea' });
    const { action } = await it_.client.temporal.schedule
      .getHandle(`muster-${it_.client.deployment}/sea/${made.name}`)
      .describe();
    expect(action.priority).toMatchObject({ priorityKey: 1, fairnessKey: 'sea' });
    await schedule.pause();
    expect((await schedule.describe()).paused).toBe(true);
    await schedule.resume();
    const taskId = await schedule.now();
    expect(taskId).toMatch(/^what-does-the-lighthouse-do-when-[0-9a-f]{12}-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const task = await it_.client.get(taskId!, { tenant: 'sea' });
    expect((await task.result()).outcome).toBe('completed');
    // The server starts it, which knows of no session: each Activity is told one all the same.
    const { events } = await it_.client.temporal.workflow.getHandle(taskId!).fetchHistory();
    const told = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: its }) =>
      its ? [its.header?.fields?.baggage] : [],
    );
    expect(told.length).toBeGreaterThan(2);
    for (const baggage of told)
      expect(baggage && defaultPayloadConverter.fromPayload(baggage)).toBe(sessionBaggage(taskId!));
    expect(await task.status()).toMatchObject({ schedule: made.name, class: 'quick' });
    expect((await schedule.describe()).runs.map((one) => one.taskId)).toEqual([taskId]);
    await it_.client.start({ goal: GOAL, sources: [it_.docs], tenant: 'sea' });
    const listed = async (): Promise<object[]> => {
      const found = [];
      for await (const one of it_.client.list({ schedule: made.name, tenant: 'sea' })) found.push(one);
      return found;
    };
    await until('the list has caught up', async () => (await listed()).length > 0);
    expect(await listed()).toEqual([expect.objectContaining({ taskId, schedule: made.name, tenant: 'sea' })]);
    // Over HTTP, whose ids may have a time in them, too.
    const shown = await api.get(`/tasks/${encodeURIComponent(taskId!)}`, { 'x-tenant': 'sea' });
    expect(shown.json).toMatchObject({ status: 'completed', schedule: made.name });
    const over = await api.get(`/tasks?schedule=${made.name}`, { 'x-tenant': 'sea' });
    expect(over.json.tasks).toEqual([expect.objectContaining({ task_id: taskId, schedule: made.name })]);
  });

  test('a tenant makes, sees, pauses, runs and removes its own schedules over HTTP, and no other’s', async () => {
    const body = {
      goal: GOAL,
      sources: [{ kind: 'path', path: it_.docs }],
      cron: NEVER,
      name: 'weekly',
      timezone: 'Europe/Berlin',
    };
    const made = await api.post('/schedules', body);
    expect(made.status).toBe(201);
    expect(schedule.parse(made.json)).toEqual(made.json);
    expect(made.headers.get('location')).toBe('/schedules/weekly');
    expect(made.json).toMatchObject({
      name: 'weekly',
      cron: NEVER,
      timezone: 'Europe/Berlin',
      goal: GOAL,
      class: 'standard',
    });
    expect((await api.post('/schedules', body)).json).toMatchObject({ code: 'request_invalid', status: 422 });
    const wrong = await api.post('/schedules', { ...body, name: 'other', cron: '0 8 * * 9' });
    expect(wrong.json.detail).toMatch(/the day of the week of the time is "9": it must be 0 to 7/);
    const upload = { kind: 'upload', id: `upload-${'0'.repeat(32)}` };
    const sent = await api.post('/schedules', { ...body, name: 'other', sources: [upload] });
    expect(sent.json.errors).toEqual([{ pointer: '/sources/0', detail: expect.stringMatching(/kept for days only/) }]);
    expect((await api.post('/schedules/weekly/pause', '')).json).toMatchObject({ paused: true, next: [] });
    const resumed = (await api.post('/schedules/weekly/resume', '')).json as { paused: boolean; next: string[] };
    expect([resumed.paused, resumed.next.length > 0]).toEqual([false, true]);
    for (const path of ['', '/pause', '/resume', '/now']) {
      const asked =
        path === ''
          ? api.get('/schedules/weekly', { 'x-tenant': 'o' })
          : api.post(`/schedules/weekly${path}`, '', { 'x-tenant': 'o' });
      expect((await asked).json.code).toBe('schedule_not_found');
    }
    const run = await api.post('/schedules/weekly/now', '');
    expect(run.status).toBe(202);
    expect(run.json.task_id).toMatch(/^weekly-/);
    expect((await api.get('/schedules', { 'x-tenant': 'o' })).json).toEqual({ schedules: [] });
    await until('the list has caught up', async () => (await api.get('/schedules')).json.schedules.length === 1);
    const client = new HttpClient({ url: api.url });
    expect((await client.schedules())[0]).toMatchObject({ name: 'weekly', paused: false });
    expect((await client.scheduled('weekly').describe()).runs).toHaveLength(1);
    const removed = await reply(await fetch(`${api.url}/schedules/weekly`, { method: 'DELETE' }));
    expect(removed.status).toBe(204);
    await expect(client.scheduled('weekly').describe()).rejects.toThrow(ScheduleNotFoundError);
    await expect(client.scheduled('weekly').remove()).rejects.toThrow(ScheduleNotFoundError);
  });

  test('a tenant’s own schedules alone are asked of the server, and shown with whose they are', async () => {
    const input = { goal: GOAL, sources: [it_.docs], cron: NEVER, name: 'own' };
    for (const tenant of ['north', 'north.2', 'south']) await it_.client.schedule({ ...input, tenant });
    const all = async (tenant?: string) => {
      const found = [];
      for await (const one of it_.client.schedules(tenant === undefined ? {} : { tenant })) found.push(one);
      return found.filter(({ name }) => name === 'own');
    };
    await until('the list has caught up', async () => (await all()).length === 3);
    const list = jest.spyOn(it_.client.temporal.schedule, 'list');
    expect(await all('north')).toEqual([expect.objectContaining({ name: 'own', tenant: 'north' })]);
    const [[asked] = []] = list.mock.calls;
    list.mockRestore();
    const ids = [];
    for await (const { scheduleId } of it_.client.temporal.schedule.list(asked)) ids.push(scheduleId);
    expect(ids).toEqual([`muster-${it_.client.deployment}/north/own`]);
    await expect(all('north" OR ""="')).rejects.toThrow(/the tenant is/);
    const shown = await cli('schedules', '--tenant', 'south');
    expect(shown.out).toMatch(/^own {2}0 3 1 1 \* \(UTC\), next on \S+ 03:00 UTC, tenant south\n/);
    expect(JSON.parse((await cli('schedules', '--tenant', 'north', '--json')).out)).toMatchObject({ tenant: 'north' });
  });

  test('a run that is asked for over HTTP counts as its tenant’s, and is refused where that may have no more', async () => {
    const limited = await testGateway(it_, {
      authenticate: (request) => ({
        tenant: request.headers.get('x-tenant') ?? '',
        name: 'n',
        scopes: ['tasks:write'],
        paths: true,
      }),
      tenants: { some: { running: 5 }, none: { running: 0 } },
    });
    try {
      for (const tenant of ['some', 'none'])
        await it_.client.schedule({ goal: GOAL, sources: [it_.docs], cron: NEVER, name: 'asked', tenant });
      const now = (tenant: string, name = 'asked') =>
        limited.post(`/schedules/${name}/now`, '', { 'x-tenant': tenant });
      expect(await now('none')).toMatchObject({ status: 429, json: { code: 'too_many_tasks' } });
      expect((await it_.client.scheduled('asked', { tenant: 'none' }).describe()).runs).toEqual([]);
      const run = await now('some');
      expect(run.status).toBe(202);
      // What does not run takes no place.
      expect((await now('some', 'unknown')).json.code).toBe('schedule_not_found');
      const { value } = (await it_.store.getRecord('tenant-account', 'some'))!;
      expect(JSON.parse(value)).toMatchObject({ open: [[run.json.task_id, expect.any(Number)]] });
    } finally {
      await limited.close();
    }
  });

  test('muster schedule makes, lists, pauses, runs and removes one, and refuses a wrong time with exit code 2', async () => {
    const wrong = await cli('schedule', '0 8 * * 8', GOAL, '--docs', it_.docs);
    expect([wrong.code, wrong.talk]).toEqual([2, expect.stringMatching(/the day of the week of the time is "8"/)]);
    const made = await cli(
      'schedule',
      NEVER,
      GOAL,
      '--docs',
      it_.docs,
      '--name',
      'by-hand',
      '--timezone',
      'Europe/Berlin',
    );
    expect([made.code, made.out]).toEqual([0, 'by-hand\n']);
    expect(made.talk).toMatch(/runs 0 3 1 1 \* \(Europe\/Berlin\), next on \d{4}-01-01 02:00 UTC/);
    const resumed = await cli('schedule', 'resume', 'by-hand', '--json');
    expect([resumed.talk, JSON.parse(resumed.out)]).toEqual([
      '',
      expect.objectContaining({ name: 'by-hand', paused: false }),
    ]);
    expect((await cli('schedule', 'pause', 'by-hand')).talk).toMatch(/is paused/);
    await until('the list has caught up', async () => {
      for await (const one of it_.client.schedules({ tenant: 'default' })) if (one.paused) return true;
      return false;
    });
    expect((await cli('schedules')).out).toMatch(
      /^by-hand {2}0 3 1 1 \* \(Europe\/Berlin\), paused\n {2}What does the lighthouse/m,
    );
    const now = await cli('schedule', 'now', 'by-hand');
    expect(now.out).toMatch(/^by-hand-[0-9a-f]{12}-\S+Z\n$/);
    await (await it_.client.get(now.out.trim())).result();
    const status = await cli('status', now.out.trim());
    expect(status.talk).toMatch(/started by schedule by-hand/);
    const removed = await cli('schedule', 'remove', 'by-hand', '--json');
    expect([removed.talk, JSON.parse(removed.out)]).toEqual(['', { name: 'by-hand', removed: true }]);
    const gone = await cli('schedule', 'now', 'by-hand');
    expect([gone.code, gone.talk]).toEqual([3, expect.stringMatching(/there is no schedule by-hand/)]);
  });
});

test('a run whose time comes while another is at work is left out, waits for it, or runs beside it, as its schedule says', async () => {
  const it_ = await testDeployment();
  const { client } = it_;
  const policies = ['skip', 'buffer', 'all'] as const;
  const ends: (() => Promise<unknown>)[] = [];
  try {
    // No worker is up: what was started is at work until it is ended.
    const open = policies.map(async (overlap) => {
      const { name } = await client.schedule({ goal: GOAL, sources: [it_.docs], cron: NEVER, name: overlap, overlap });
      const handle = client.temporal.schedule.getHandle(`muster-${client.deployment}/default/${name}`);
      const started = async (): Promise<string[]> =>
        (await handle.describe()).info.recentActions.map(({ action }) => action.workflow.workflowId);
      const end = async (id: string): Promise<void> => void (await client.temporal.workflow.getHandle(id).terminate());
      ends.push(
        () => handle.delete(),
        async () => void (await Promise.allSettled((await started()).map(end))),
      );
      // Two of its times, by its own policy: a trigger would bring one with it.
      const [start, last] = [new Date('2024-12-31T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];
      await handle.backfill({ start, end: last });
      await until(`${name} runs`, async () => (await started()).length > 0);
      const [first = ''] = await started();
      if (overlap === 'skip')
        await until('it is left out', async () => (await handle.describe()).info.numActionsSkippedOverlap === 1);
      if (overlap === 'buffer') {
        expect(await started()).toEqual([first]);
        await end(first);
      }
      if (overlap !== 'skip') await until('the next one runs', async () => (await started()).length === 2);
      if (overlap === 'all')
        expect((await client.temporal.workflow.getHandle(first).describe()).status.name).toBe('RUNNING');
      const { numActionsTaken, numActionsSkippedOverlap } = (await handle.describe()).info;
      return [overlap, numActionsTaken, numActionsSkippedOverlap];
    });
    expect(await Promise.all(open)).toEqual([
      ['skip', 1, 1],
      ['buffer', 2, 0],
      ['all', 2, 0],
    ]);
  } finally {
    for (const end of ends.reverse()) await end();
    await it_.stop();
  }
});
