// Keys over real processes and sockets: what they are, whom they let in, to whose tasks, and that a revoked one lets nobody in.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { keyDoor } from '../../gateway/index.ts';
import { keyId, newKey } from '../../gateway/doors/key-format.ts';
import { createKey, listKeys, revokeKey } from '../../gateway/doors/keys.ts';
import { ROUTES } from '../../gateway/routes/table.ts';
import { bodyFor } from '../rig/command-samples.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { reply, testGateway, type TestGateway } from '../rig/gateway.ts';

const DIST = resolve(__dirname, '../../dist/gateway');
const run = promisify(execFile);

interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

async function muster(file: string, args: string[], home: string): Promise<Said> {
  const env = { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: serverAddress() };
  return await run(process.execPath, [resolve(DIST, file), ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Said) => error,
  );
}

test('a key is told from what is mistyped without asking anybody, and no two are alike', () => {
  const all = Array.from({ length: 500 }, newKey);
  for (const { id, key } of all) {
    expect(key).toMatch(/^mk_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}$/);
    expect(keyId(key)).toBe(id);
  }
  expect(new Set(all.map(({ key }) => key)).size).toBe(500);
  const [{ key } = { key: '' }] = all;
  const bent = `${key.slice(0, 15)}${key[15] === 'a' ? 'b' : 'a'}${key.slice(16)}`;
  for (const odd of [bent, key.slice(0, -1), `${key}x`, key.toUpperCase(), '', 'mk__', ' '.repeat(44)])
    expect(keyId(odd)).toBeUndefined();
});

describe('of one deployment', () => {
  let it_: TestDeployment;
  let api: TestGateway;
  beforeAll(async () => {
    it_ = await testDeployment();
    api = await testGateway(it_, { authenticate: keyDoor(it_.store, { isLoopback: true }) });
  });
  afterAll(async () => {
    expect(api.errors).toEqual([]);
    await api.close();
    await it_.stop();
  });

  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const ask = () => ({
    goal: 'How often does Lighthouse poll?',
    sources: [{ kind: 'url', url: 'https://example.com/' }],
  });
  const make = async (tenant: string, scopes: ('tasks:read' | 'tasks:write' | 'tenant:*')[], expiresAt?: number) =>
    (await createKey(it_.store, { name: `of-${tenant}`, tenant, scopes, ...(expiresAt ? { expiresAt } : {}) })).key;

  test('without any key a gateway listens on loopback alone, and once there is one nobody gets in without', async () => {
    expect((await api.get('/tasks')).status).toBe(200);
    const open = await muster('main.js', ['--host', '0.0.0.0', '--port', '0'], it_.home);
    expect([open.code, open.stderr]).toEqual([5, expect.stringContaining('there are no keys')]);

    const made = await muster(
      'key.js',
      ['create', '--name', 'ci', '--tenant', 'acme', '--days', '90', '--json'],
      it_.home,
    );
    const { key, id } = JSON.parse(made.stdout) as { key: string; id: string };
    await until('a key is asked for', async () => (await api.get('/tasks')).status === 401);
    for (const { method, path, scope } of ROUTES.filter((route) => route.scope)) {
      const address = path.replaceAll(/\{\w+\}/g, 'x');
      for (const headers of [{}, bearer('mk_wrong'), { authorization: 'Basic eDp5' }, { authorization: key }]) {
        const sent = { method: method.toUpperCase(), headers: new Headers(headers) };
        const one = await reply(await fetch(`${api.url}${address}`, sent));
        expect([scope, one.status, one.json.code]).toEqual([scope, 401, 'unauthorized']);
        expect(one.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
    expect((await api.get('/healthz')).status).toBe(200);
    const started = await api.post('/tasks', ask(), bearer(key));
    expect(started.status).toBe(202);
    // Paths of the machine are for who sits at it.
    const path = await api.post('/tasks', { goal: 'g', sources: [it_.docs] }, bearer(key));
    expect([path.status, path.json.errors[0].pointer]).toEqual([422, '/sources/0']);

    const listed = await muster('key.js', ['list'], it_.home);
    expect(listed.stdout).toMatch(
      new RegExp(`^${id}  good until \\d{4}-\\d\\d-\\d\\d  acme  ci  tasks:read,tasks:write\\n$`),
    );
    const revoked = await muster('key.js', ['revoke', id], it_.home);
    expect(revoked.code).toBe(0);
    // It is believed for a while; asked all the time, the door must not begin that anew each time.
    await until('it is refused', async () => (await api.get('/tasks', bearer(key))).status === 401);
    // With the last key revoked the door stays shut.
    expect((await api.get('/tasks')).status).toBe(401);
    expect((await muster('key.js', ['revoke', 'nobody'], it_.home)).code).toBe(3);
    expect((await muster('key.js', ['create'], it_.home)).code).toBe(2);
    expect((await muster('key.js', ['create', '--name', 'x', '--scope', 'all'], it_.home)).code).toBe(2);
  });

  test('a key reaches its tenant’s tasks alone, in every route, and does what its scopes say', async () => {
    const [ours, theirs] = [
      await make('ours', ['tasks:read', 'tasks:write']),
      await make('theirs', ['tasks:read', 'tasks:write']),
    ];
    const { json } = await api.post('/tasks', ask(), bearer(ours));
    const routes = ROUTES.filter(({ path }) => path.startsWith('/tasks/{id}'));
    for (const { method, path } of routes) {
      const address = path.replace('{id}', json.task_id).replace('{sha}', '0'.repeat(64));
      const foreign =
        method === 'post'
          ? await api.post(address, bodyFor(path), bearer(theirs))
          : await api[method](address, bearer(theirs));
      expect([path, foreign.status, foreign.json.code]).toEqual([path, 404, 'task_not_found']);
    }
    expect((await api.get(`/tasks/${json.task_id}`, bearer(ours))).status).toBe(200);
    expect((await api.get('/tasks', { ...bearer(theirs), 'muster-tenant': 'ours' })).json.code).toBe('forbidden');

    const reads = await make('ours', ['tasks:read']);
    expect((await api.post('/tasks', ask(), bearer(reads))).json.code).toBe('forbidden');
    expect((await api.post(`/tasks/${json.task_id}/cancel`, {}, bearer(reads))).json.code).toBe('forbidden');
    expect((await api.get(`/tasks/${json.task_id}`, bearer(reads))).status).toBe(200);

    const all = await make('admin', ['tasks:read', 'tenant:*']);
    expect((await api.get(`/tasks/${json.task_id}`, bearer(all))).status).toBe(404);
    expect((await api.get(`/tasks/${json.task_id}`, { ...bearer(all), 'muster-tenant': 'ours' })).status).toBe(200);
    expect((await api.get('/tasks', { ...bearer(all), 'muster-tenant': 'a b' })).json.code).toBe('header_invalid');
    expect((await api.get('/tasks', bearer(await make('late', ['tasks:read'], Date.now() - 1)))).status).toBe(401);
  });

  test('a key lies nowhere in the store, and revoking one twice changes nothing', async () => {
    const { key, record } = await createKey(it_.store, { name: 'n', tenant: 't', scopes: ['tasks:read'] });
    const kept = JSON.stringify(await it_.store.listRecords('gateway-key'));
    expect(kept).toContain(record.id);
    expect(kept).not.toContain(key.slice(12));
    expect(await revokeKey(it_.store, record.id)).toBe(true);
    const first = (await listKeys(it_.store)).find(({ id }) => id === record.id);
    expect(await revokeKey(it_.store, record.id)).toBe(true);
    expect((await listKeys(it_.store)).find(({ id }) => id === record.id)).toEqual(first);
  });
});
