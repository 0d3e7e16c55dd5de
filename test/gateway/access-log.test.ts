// The access log of a gateway, over a store of files and no server: what a line says, and what none ever holds.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessLog, createGateway, keyDoor } from '../../gateway/index.ts';
import { createKey } from '../../gateway/doors/keys.ts';
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
  const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'mine-1', 'content-type': 'application/json' };
  const ids: (string | null)[] = [];
  const asked = [
    await ask('/tasks?cursor=the-query', { headers }),
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
  expect(said[0]).toMatchObject({ request_id: 'mine-1', method: 'GET', path: '/tasks', caller: 'ci', tenant: 'acme' });
  expect(said[1]).toMatchObject({ method: 'POST', status: 403 });
  expect(said[6]).toMatchObject({ path: '/tasks', status: 403 });
  expect(said.every(({ ms, time }) => typeof ms === 'number' && !Number.isNaN(Date.parse(time)))).toBe(true);
  expect(lines.join('')).not.toMatch(/the-goal|the-query|the-ticket|mk_/);
  expect(lines.every((line) => line.length < 600)).toBe(true);
  await gateway.close();
});
