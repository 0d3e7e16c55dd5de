// The access log of a gateway, over a store of files and no server: what a line says, and what none ever holds.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namingSessions } from '../../gateway/access-log.ts';
import { accessLog, createGateway, keyDoor, type AccessEntry } from '../../gateway/index.ts';
import { createKey } from '../../gateway/doors/keys.ts';
import type { TaskRecord } from '../../store/store.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import { until } from '../rig/until.ts';
import { fileStore } from '../../store/file-store.ts';

test('each request is one line with its id, and no goal, key, ticket or query is in any', async () => {
  const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-access-')));
  const lines: string[] = [];
  const gateway = createGateway({
    client: { store, temporal: {} } as never,
    authenticate: keyDoor(store, { isLoopback: true }),
    hosts: ['localhost'],
    onRequest: accessLog({ write: (line) => void lines.push(line) }),
  });
  const { key } = await createKey(store, { name: 'ci', tenant: 'acme', scopes: ['tasks:read'] });
  const ask = (path: string, init: RequestInit = {}) => gateway.fetch(new Request(`http://localhost${path}`, init));
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'mine-1', 'content-type': 'application/json' };
  const ids: (string | null)[] = [];
  const asked = [
    await ask('/tasks?cursor=the-query', { headers: { ...headers, traceparent } }),
    await ask('/tasks', { method: 'POST', headers, body: '{"goal":"the-goal","sources":[]}' }),
    await ask('/tasks/x/events?ticket=st_the-ticket'),
    await ask(`/tasks/${key}`),
    await ask('/tasks/st_the-ticket'),
    await ask(`/${'x'.repeat(5_000)}`),
    await gateway.fetch(new Request('http://evil.example/tasks')),
  ];
  for (const one of asked) ids.push(one.headers.get('x-request-id'));
  const said = lines.map((line) => JSON.parse(line));
  expect(said.map(({ request_id }) => request_id)).toEqual(ids);
  expect(said[0]).toMatchObject({
    trace_id: 'a'.repeat(32),
    request_id: 'mine-1',
    method: 'GET',
    path: '/tasks',
    caller: 'ci',
    tenant: 'acme',
  });
  expect(said[1]).toMatchObject({ method: 'POST', status: 403 });
  expect(said[2]).toMatchObject({ task: 'x' });
  expect(said[6]).toMatchObject({ path: '/tasks', status: 403 });
  expect(said.every(({ ms, time }) => typeof ms === 'number' && !Number.isNaN(Date.parse(time)))).toBe(true);
  expect(lines.join('')).not.toMatch(/the-goal|the-query|the-ticket|mk_/);
  expect(lines.every((line) => line.length < 600)).toBe(true);
  await gateway.close();
});

test('a line of a start has the trace of its task, whether the caller has one or not, and others that of their callers', () => {
  const lines: string[] = [];
  const note = accessLog({ write: (line) => void lines.push(line) });
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const asked = {
    requestId: 'r',
    method: 'POST',
    path: '/tasks',
    route: '/tasks',
    status: 202,
    ms: 1,
    taskId: 'task-1',
  };
  note(asked);
  note({ ...asked, traceparent });
  note({ ...asked, method: 'GET', route: '/tasks/{id}' });
  expect(lines.map((line) => JSON.parse(line).trace_id)).toEqual([traceIdOf('task-1'), 'a'.repeat(32), undefined]);
});

test('a line names the session of its task, whatever is asked of it; one that is refused names none', async () => {
  const heads: Record<string, Partial<TaskRecord>> = { 'task-1': { sessionId: 's-1' }, 'task-2': {} };
  const lines: AccessEntry[] = [];
  const note = namingSessions(
    { getTask: async (id) => heads[id] as TaskRecord | undefined },
    (entry) => void lines.push(entry),
  );
  const asked = { requestId: 'r', method: 'POST', path: '/tasks/x/note', status: 202, ms: 1 };
  note({ ...asked, taskId: 'task-1' });
  note({ ...asked, taskId: 'task-2' });
  note({ ...asked, taskId: 'task-none' });
  note({ ...asked, taskId: 'task-1', status: 409 });
  note({ ...asked, taskId: 'task-1', sessionId: 'said' });
  note(asked);
  await until('all are noted', () => lines.length === 6);
  const named = (id: string | undefined) => lines.filter(({ taskId }) => taskId === id).map((one) => one.sessionId);
  expect(new Set(named('task-1'))).toEqual(new Set(['s-1', 'said', undefined]));
  expect([named('task-2'), named('task-none'), named(undefined)]).toEqual([['task-2'], [undefined], [undefined]]);
});
