// The catalogue of problems and its table in the docs say the same, in both directions; and each error has one.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  CommandRefusedError,
  KeyReusedError,
  MusterError,
  RequestRefusedError,
  ScheduleNotFoundError,
  TaskClosedError,
  TaskExpiredError,
  TaskNotFoundError,
  UnreachableError,
} from '../../client/index.ts';
import { problemOf } from '../../gateway/wire/problem-of.ts';
import { ProblemError, problemResponse, PROBLEMS } from '../../gateway/wire/problems.ts';
import { gatewaySettings } from '../../protocol/schemas/gateway.ts';
import { BlobMissingError, StoreError } from '../../store/store.ts';

const DOCS = readFileSync(resolve(__dirname, '../../docs/http-api.md'), 'utf8');

test('the docs list every problem of the API with its status, and no other', () => {
  const table = [...DOCS.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.*) \| (\d+|–) \|$/gm)].map(([, ...cells]) => cells);
  const catalogue = Object.entries<{ status: number; title: string; retryAfter?: number }>(PROBLEMS).map(
    ([code, { status, title, retryAfter }]) => [code, String(status), title, String(retryAfter ?? '–')],
  );
  expect(table).toEqual(catalogue);
});

test('the docs list every setting of the config file’s part "gateway", and no other', () => {
  const table = DOCS.slice(DOCS.indexOf('| setting | default |'), DOCS.indexOf('## Access log'));
  const listed = [...table.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
  const { properties } = z.toJSONSchema(gatewaySettings, { io: 'input' });
  const named = Object.entries(properties ?? {}).flatMap(([name, setting]) => {
    if (name === 'tenants') return ['tenants.NAME'];
    const inner = typeof setting === 'object' ? setting.properties : undefined;
    return inner ? Object.keys(inner).map((one) => `${name}.${one}`) : [name];
  });
  expect(new Set(listed)).toEqual(new Set(named));
});

test.each<[string, Error, keyof typeof PROBLEMS]>([
  ['no task', new TaskNotFoundError('secret-id'), 'task_not_found'],
  ['a task that is not kept any more', new TaskExpiredError('secret-id', 'expired', new Date()), 'task_expired'],
  ['no schedule', new ScheduleNotFoundError('secret-id'), 'schedule_not_found'],
  ['a key that was used', new KeyReusedError('secret-id'), 'key_reused'],
  ['a task that has ended', new TaskClosedError('secret-id'), 'task_closed'],
  ['a command that is refused', new CommandRefusedError('secret-id', 'it is not paused'), 'command_refused'],
  ['a request that is refused', new RequestRefusedError('it is too long'), 'request_invalid'],
  ['no server', new UnreachableError('10.0.0.1:7233 secret-id'), 'server_unreachable'],
  ['a server that refuses', new MusterError('secret-id'), 'server_refuses'],
  ['no store', new StoreError('/var/secret-id'), 'store_unavailable'],
  ['a blob that is gone', new BlobMissingError('secret-id'), 'result_gone'],
  ['a bug', new TypeError('secret-id at /home/x.ts:5'), 'internal'],
])('%s is one problem of the catalogue, and tells nothing of this host', async (_what, error, code) => {
  const problem = problemOf(error);
  expect(problem).toBeInstanceOf(ProblemError);
  const response = problemResponse(problem, 'request-1');
  expect(response.status).toBe(PROBLEMS[code].status);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ code, request_id: 'request-1' });
  expect(text).not.toMatch(/secret-id|10\.0\.0\.1|\.ts:/);
  if (response.status === 503) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
});
