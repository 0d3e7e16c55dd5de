// Whatever is asked of any route of the OpenAPI document: no 5xx, no stack trace, nothing of this host. Over a store of files
// and a client that answers without a server.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createGateway, type Gateway } from '../../gateway/index.ts';
import { openApiDocument } from '../../gateway/routes/openapi.ts';
import * as schemas from '../../gateway/wire/schemas.ts';
import { TaskNotFoundError } from '../../client/index.ts';
import { adviceFor, chosenClasses, measureClasses, sloReports } from '../../client/class-reports.ts';
import { sessionOf, sessionsOf, type SessionOptions } from '../../client/sessions.ts';
import { BUILT_IN_CLASSES, type RequestClass } from '../../protocol/classes.ts';
import { estimateTask } from '../../protocol/estimate.ts';
import type { Told } from '../../protocol/advise.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { fileStore } from '../../store/file-store.ts';
import { noServer } from './no-server.ts';

const TASK = `task-${'0'.repeat(40)}`;
const folder = mkdtempSync(join(tmpdir(), 'muster-fuzz-'));
const store = fileStore(folder);
const errors: unknown[] = [];
const ROWS = Object.values(BUILT_IN_CLASSES);

/** A task that runs and says nothing; every start is taken. */
const client = {
  store,
  ...noServer,
  workerSeen: () => Promise.resolve(true),
  listPage: () => Promise.resolve({ tasks: [] }),
  start: () => Promise.resolve({ taskId: TASK }),
  schedule: () => Promise.resolve(kept),
  async *schedules() {
    yield await Promise.resolve(kept);
  },
  scheduled: () => schedule,
  measure: async (name?: string) => await measureClasses(store, chosenClasses(ROWS, name)),
  slo: async ({ class: name, ...window }: { class?: string }) =>
    await sloReports(store, chosenClasses(ROWS, name), window),
  advise: async (told: Told, name?: string) => await adviceFor(store, chosenClasses(ROWS, name), told),
  estimate: ({ class: row }: { class: RequestClass }) => Promise.resolve(estimateTask([], row, 'deep')),
  sessions: ({ tenant }: SessionOptions) => sessionsOf(store, tenant),
  session: (id: string, of: SessionOptions) => sessionOf(store, id, of),
  forgetSession: (id: string, of: SessionOptions) => sessionOf(store, id, of),
  forget: (taskId: string) =>
    taskId === TASK
      ? Promise.resolve({ taskId, done: false, already: false, removed: {}, kept: [] })
      : Promise.reject(new TaskNotFoundError(taskId)),
  get: (id: string) =>
    id === TASK || id.startsWith('task-') ? Promise.resolve(task(id)) : Promise.reject(new TaskNotFoundError(id)),
};
const kept = {
  name: 's',
  tenant: 'default',
  cron: '@daily',
  timezone: 'UTC',
  overlap: 'skip',
  goal: 'g',
  class: 'quick',
  paused: false,
  next: [],
  runs: [],
};
const schedule = {
  tenant: 'default',
  describe: () => Promise.resolve(kept),
  remove: () => Promise.resolve(),
  pause: () => Promise.resolve(),
  resume: () => Promise.resolve(),
  trigger: () => Promise.resolve(() => Promise.resolve(TASK)),
};
const task = (taskId: string) => ({
  taskId,
  isOpen: () => Promise.resolve(true),
  status: () => Promise.resolve({ taskId, state: 'running', goal: 'g', startedAt: new Date(0), live: [] }),
  findings: () => Promise.resolve([]),
  plan: () => Promise.resolve(undefined),
  trace: () => Promise.resolve({ traceId: 't', spans: [], background: [] }),
  demote: () => Promise.resolve(),
  cancel: () => Promise.resolve(),
  reply: () => Promise.resolve(),
  command: () => Promise.resolve({ applied: false, recorded: true }),
  answerSoFar: () =>
    Promise.resolve({
      isFinal: false,
      taskId,
      goal: 'g',
      stage: 'researching',
      answer: { title: 'g', sections: [], citations: [], gaps: [] },
      coverage: NO_COVERAGE,
      open: [],
      round: 0,
      isNew: false,
    }),
  redeliver: () => Promise.resolve(),
  cancelBackground: () => Promise.resolve(),
  async *events({ signal }: { signal?: AbortSignal } = {}) {
    await new Promise((done) => signal?.addEventListener('abort', done));
    yield* [];
  },
});

let gateway: Gateway;
beforeAll(() => {
  gateway = createGateway({ client: client as never, pathsFrom: folder, onError: (error) => void errors.push(error) });
});
afterAll(() => gateway.close());

interface Operation {
  method: string;
  path: string;
  query: string[];
  headers: string[];
  body: { json: unknown; types: string[] };
}
const document = openApiDocument('/') as any;
const operations: Operation[] = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
  Object.entries<any>(methods).map(([method, { parameters = [], requestBody }]) => ({
    method,
    path,
    query: parameters.filter((one: any) => one.in === 'query').map((one: any) => one.name as string),
    headers: parameters.filter((one: any) => one.in === 'header').map((one: any) => one.name as string),
    body: {
      json: requestBody?.content?.['application/json']?.schema,
      types: Object.keys(requestBody?.content ?? {}),
    },
  })),
);

/** Values that a schema of the document allows. */
function valid(schema: any): fc.Arbitrary<unknown> {
  if (schema === undefined) return fc.constant({});
  if (schema.$ref) return valid(document.components.schemas[schema.$ref.split('/').pop()]);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valid));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valid(one)]));
      return fc.record(fields, { requiredKeys: required });
    }
    case 'array':
      return fc.array(valid(schema.items), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'integer':
      return fc.integer({ min: 1, max: 100_000 });
    case 'number':
      return fc.double({ min: 0, max: 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return schema.pattern ? fc.stringMatching(new RegExp(schema.pattern)) : fc.oneof(fc.string(), fc.webUrl());
    default:
      return fc.jsonValue();
  }
}

/** What nobody should send: the value with one place changed, or something else altogether. */
const bent = (value: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(JSON.stringify(value)) },
    fc
      .tuple(
        fc.constantFrom('goal', 'sources', 'limits', 'class', 'handle', '__proto__', 'x'),
        fc.jsonValue({ maxDepth: 3 }),
      )
      .map(([name, odd]) => JSON.stringify({ ...(value as object), [name]: odd })),
    fc.json(),
    fc.nat(200).map((at) => JSON.stringify(value).slice(0, at)),
    fc.string({ unit: 'binary' }),
  );

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('-1', '0', '1e9', 'NaN', '%00', 'a:1', '*', 'x'.repeat(5_000)),
);
const ids = fc.oneof(
  fc.constantFrom(TASK, 'task-x', 'upload-x', '..', '.', '%2e%2e', 'a b'),
  fc.string({ minLength: 1 }),
);
/** As a header may hold them: what else there is never gets to a gateway. */
const visible = fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,60}$/);
const prefer = fc.constantFrom('wait=0', 'respond-async', 'wait=x', 'wait=', ',;,', '');

const request = fc.constantFrom(...operations).chain(({ method, path, query, headers, body }) =>
  fc
    .record({
      ids: fc.array(ids, { minLength: 2, maxLength: 2 }),
      query: fc.dictionary(fc.constantFrom(...query.filter((one) => one !== 'wait'), 'x', 'ticket'), odd, {
        maxKeys: 2,
      }),
      headers: fc.dictionary(fc.constantFrom(...headers, 'accept', 'x-request-id', 'muster-tenant'), visible, {
        maxKeys: 3,
      }),
      type: fc.constantFrom(
        ...body.types,
        'application/json',
        'application/json',
        'text/x',
        'multipart/form-data; boundary=b',
        '',
      ),
      text: valid(body.json).chain(bent),
      prefer,
    })
    .map((made) => {
      let at = 0;
      const place = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(made.ids[at++] ?? 'x').replaceAll('.', '%2e'));
      const search = new URLSearchParams(
        Object.entries(made.query).map(([k, v]): [string, string] => [k, v]),
      ).toString();
      const sent = new Headers({ ...made.headers, 'content-type': made.type });
      if (sent.has('prefer')) sent.set('prefer', made.prefer);
      return {
        url: `http://localhost${place}${search === '' ? '' : `?${search}`}`,
        init: { method: method.toUpperCase(), headers: sent, ...(method === 'post' ? { body: made.text } : {}) },
      };
    }),
);

test('no request that anybody makes up is answered with a 5xx, a stack trace or a place of this host', async () => {
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ url, init }) => {
      const response = await gateway.fetch(new Request(url, init));
      seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
      if (/event-stream/.test(response.headers.get('content-type') ?? '')) {
        await response.body?.cancel();
        return;
      }
      const text = await response.text();
      expect(response.status).toBeLessThan(500);
      expect(text).not.toContain(folder);
      expect(text).not.toMatch(/\bat .*\.(?:ts|js):\d/);
      if (response.status >= 400) {
        const problem = JSON.parse(text);
        expect(schemas.problem.parse(problem)).toEqual(problem);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
      }
    }),
    { numRuns: 800 },
  );
  expect(errors).toEqual([]);
  // It came through to the routes, and not only to their doors.
  for (const status of [200, 202, 404, 422]) expect(seen.get(status) ?? 0).toBeGreaterThan(0);
});
