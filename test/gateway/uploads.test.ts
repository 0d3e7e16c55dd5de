// Files that callers send, over a store of files and no server: what is taken, what it is called, and whose it is. That a task
// reads and cites them is told in api.test.ts.

import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, serveGateway, type Served } from '../../gateway/index.ts';
import * as schemas from '../../gateway/wire/schemas.ts';
import { fileNameProblem } from '../../protocol/task.ts';
import { fileStore } from '../../store/file-store.ts';
import { reply, type Reply } from '../rig/gateway.ts';
import { noServer } from './no-server.ts';

const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'muster-uploads-'));
const store = fileStore(folder);
const started: { sources: unknown[] }[] = [];
const client = {
  store,
  ...noServer,
  start: (input: { sources: unknown[] }) => Promise.resolve(started.push(input)),
  route: () => Promise.resolve(undefined),
};
const gateway = createGateway({
  client: client as never,
  uploadBytes: 50_000,
  authenticate: (request) => ({
    tenant: request.headers.get('x-tenant') ?? 'acme',
    name: 'n',
    scopes: ['tasks:read', 'tasks:write'],
  }),
});
let url: string;
let served: Served;
beforeAll(async () => {
  served = await serveGateway(gateway, '127.0.0.1', [0]);
  ({ url } = served);
});
afterAll(() => served.close());

const send = async (body: string | FormData, type?: string, path = '/uploads'): Promise<Reply> =>
  await reply(
    await fetch(`${url}${path}`, { method: 'POST', body, ...(type ? { headers: { 'content-type': type } } : {}) }),
  );
const ask = async (method: string, path: string, tenant = 'acme', body?: object): Promise<Reply> => {
  const headers = { 'x-tenant': tenant, 'content-type': 'application/json' };
  return await reply(
    await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
  );
};

test('a file is taken as it is or in a form, under a name that leads nowhere, and is a source of its tenant’s tasks alone', async () => {
  const one = await send('# Lighthouse', 'text/markdown; charset=utf-8', '/uploads?name=notes');
  expect(one.status).toBe(201);
  expect(schemas.uploaded.parse(one.json)).toEqual(one.json);
  const [{ upload_id: id, ...about }] = one.json.uploads;
  expect(about).toMatchObject({ name: 'notes.md', type: 'text/markdown', bytes: 12 });
  const form = new FormData();
  form.append('a', new Blob(['text'], { type: 'text/plain' }), 'a.txt');
  form.append('b', new Blob(['%PDF-'], { type: 'application/pdf' }), 'b.pdf');
  expect((await send(form)).json.uploads.map(({ name }: { name: string }) => name)).toEqual(['a.txt', 'b.pdf']);
  // Its content is in the store under its hash, and nothing is anywhere under its name.
  expect(Buffer.from(await store.getBlob(about.sha256)).toString()).toBe('# Lighthouse');
  expect(readdirSync(folder, { recursive: true }).filter((path) => /notes|a\.txt/.test(String(path)))).toEqual([]);

  expect((await ask('GET', `/uploads/${id}`)).json).toEqual(one.json.uploads[0]);
  for (const [method, path] of [
    ['GET', `/uploads/${id}`],
    ['DELETE', `/uploads/${id}`],
    ['GET', '/uploads/upload-x'],
  ] as const)
    expect((await ask(method, path, 'others')).json.code).toBe('upload_not_found');
  const task = (tenant: string) => ask('POST', '/tasks', tenant, { goal: 'g', sources: [{ kind: 'upload', id }] });
  const foreign = await task('others');
  expect([foreign.status, foreign.json.errors[0].pointer]).toEqual([422, '/sources/0']);
  expect((await task('acme')).status).toBe(202);
  const { name, sha256, bytes } = about;
  expect(started.map(({ sources }) => sources)).toEqual([[{ kind: 'blob', name, sha256, bytes }]]);
  expect((await ask('DELETE', `/uploads/${id}`)).status).toBe(204);
  expect((await task('acme')).status).toBe(422);
});

test('a file that no task names is kept for a day, and one that a task names for as long as that may wait for it', async () => {
  const kept = async (text: string) => (await send(text, 'text/plain')).json.uploads[0];
  const [idle, used] = [await kept('idle'), await kept('used')];
  expect(Date.parse(idle.expires_at) - Date.now()).toBeLessThanOrEqual(DAY);
  await ask('POST', '/tasks', 'acme', { goal: 'g', sources: [{ kind: 'upload', id: used.upload_id }] });
  const { expires_at } = (await ask('GET', `/uploads/${used.upload_id}`)).json;
  expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(41 * DAY);
  // A sweep in six weeks less a day: nobody else has used either for long.
  await store.expire(Date.now() + 41 * DAY);
  await store.getBlob(used.sha256);
  await expect(store.getBlob(idle.sha256)).rejects.toThrow('not in the store');
});

test.each<[string, string, string, string, string]>([
  ['too large', 'x'.repeat(50_001), 'text/plain', '/uploads', 'body_too_large'],
  ['empty', '', 'text/plain', '/uploads', 'request_invalid'],
  ['a program', 'MZ', 'application/x-msdownload', '/uploads?name=a.exe', 'type_unsupported'],
  ['a picture under the name of a text', 'x', 'image/png', '/uploads?name=a.txt', 'type_unsupported'],
  ['of no type', 'x', 'application/octet-stream', '/uploads?name=a', 'type_unsupported'],
  ['called after a place', 'x', 'text/plain', '/uploads?name=..%2F..%2Fetc%2Fpasswd', 'request_invalid'],
  ['called after a place elsewhere', 'x', 'text/plain', '/uploads?name=C%3A%5Cx.txt', 'request_invalid'],
  ['hidden', 'x', 'text/plain', '/uploads?name=.env', 'request_invalid'],
  ['with a zero byte in its name', 'x', 'text/plain', '/uploads?name=a%00.txt', 'request_invalid'],
  ['with two names', 'x', 'text/plain', '/uploads?name=a&name=b', 'request_invalid'],
  ['no form', 'x', 'multipart/form-data; boundary=b', '/uploads', 'malformed_form'],
  ['a form without a boundary', 'x', 'multipart/form-data', '/uploads', 'malformed_form'],
  [
    'a form that ends early',
    '--b\r\ncontent-disposition: form-data; name="a"; filename="a.txt"\r\n\r\nx',
    'multipart/form-data; boundary=b',
    '/uploads',
    'malformed_form',
  ],
  [
    'a form with a field',
    '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n',
    'multipart/form-data; boundary=b',
    '/uploads',
    'request_invalid',
  ],
  [
    'a form with a name that leads elsewhere',
    '--b\r\ncontent-disposition: form-data; name="a"; filename="../a.txt"\r\ncontent-type: text/plain\r\n\r\nx\r\n--b--\r\n',
    'multipart/form-data; boundary=b',
    '/uploads',
    'request_invalid',
  ],
])('a file that is %s is refused, and nothing of it is kept', async (_what, body, type, path, code) => {
  const before = await store.listRecords('upload');
  const one = await send(body, type, path);
  expect(one.json.code).toBe(code);
  expect(await store.listRecords('upload')).toHaveLength(before.length);
});

test('a name is a name: no slash, no dot in front, nothing that can’t be seen', () => {
  for (const good of ['a.txt', 'Übersicht 2024 (final).pdf', '報告.docx'])
    expect(fileNameProblem(good)).toBeUndefined();
  for (const bad of ['', '.', '..', '.x', 'a/b', 'a\\b', 'a\u0000', 'a\n', 'a\u202eb', 'x'.repeat(201)])
    expect(fileNameProblem(bad)).toMatch(/the file's name/);
});
