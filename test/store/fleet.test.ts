// A deployment whose store is a real PostgreSQL server: workers and client find it by MUSTER_STORE_URL, one worker goes
// for good in the middle, and a task whose days are over has expired.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { TaskExpiredError } from '../../client/index.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { postgresStore } from '../../store/postgres-store.ts';
import type { Plan } from '../../protocol/plan.ts';
import { ANSWER } from '../cli/support.ts';
import { killed, testDeployment, until, serverAddress, type TestDeployment } from '../rig/deployment.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { POSTGRES_PASSWORD, startPostgres, type TestPostgres } from '../rig/postgres.ts';
import { madeAgain, onRecord } from '../rig/repeats.ts';
import { lookAtPostgres } from '../../worker/doctor/store-postgres.ts';

const CLI = resolve(__dirname, '../../dist/client/cli/main.js');
const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

let server: TestPostgres;
let url: string;
let it_: TestDeployment;
let model: HeldModel;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  url = await server.createDatabase();
  process.env.MUSTER_STORE_URL = url;
  model = heldModel((asked, step) => step === 'muster_findings' && asked.includes('"role":"tool"'));
  it_ = await testDeployment({ brain: model.brain });
});
afterEach(async () => {
  delete process.env.MUSTER_STORE_URL;
  model.release();
  await it_.stop();
});

test('a fleet on PostgreSQL that loses a worker for good finishes the task and repeats no finished call', async () => {
  const first = await it_.spawnWorker();
  const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
  const { runId } = await it_.client.temporal.workflow.getHandle(handle.taskId).describe();
  await until('its second calls are open, and their first ones on record', () => model.waiting() === 3);
  await killed(first, 'SIGKILL');
  const store = postgresStore(url);
  const kept = await onRecord(store, runId, ['s1', 's2', 's3']);
  expect(kept.get('s1')).toBe(1);
  const killedAt = Date.now();
  model.release();
  await it_.spawnWorker();
  const result = await handle.result();
  expect(result.outcome).toBe('completed');
  expect(result.coverage.done).toBe(3);
  const plan = JSON.parse(Buffer.from(await store.getBlob(result.planRef ?? '')).toString()) as Plan;
  await store.close();
  const later = it_.model.requests.filter(({ at }) => at >= killedAt);
  expect(madeAgain(later, kept, plan)).toEqual([]);
  // Nothing of the task went to the folder.
  expect(readdirSync(`${it_.home}/store`)).toEqual(['deployment']);
});

test('the doctor looks at a store in PostgreSQL and changes nothing of it', async () => {
  const look = () => lookAtPostgres(url, new AbortController().signal);
  const found = await look();
  expect(found.filter(({ state }) => state === 'broken')).toEqual([]);
  expect(found[0]?.words).toMatch(
    /^PostgreSQL at 127\.0\.0\.1:\d+\/\w+ \(\d+.*\): a write is safe after [\d.]+ ms, \d+ MB are used$/,
  );
  expect(found.map(({ words }) => words).join('\n')).toMatch(/the clock of the database and this machine’s agree/);
  // This user may read where its data lies, and that is here.
  expect(found.at(-1)?.words).toMatch(/^\d+(\.\d)? GB of \d+ GB are free for /);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  expect((await client.query("select 1 from pg_tables where schemaname = 'public'")).rows).toEqual([]);
  await client.query(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`);
  await client.end();
  expect(await look()).toEqual([
    {
      state: 'broken',
      words: expect.stringContaining('takes no writes'),
      next: 'name the primary in MUSTER_STORE_URL',
    },
  ]);
  const away = url.replace(/:\d+\//, ':1/');
  const [gone] = await lookAtPostgres(away, new AbortController().signal);
  expect(gone).toMatchObject({ state: 'broken', words: expect.stringContaining('ECONNREFUSED') });
  expect(JSON.stringify(gone)).not.toContain(POSTGRES_PASSWORD);
});

test('a task whose days are over has expired, in a sentence and with exit code 3', async () => {
  // One that Temporal has forgotten: the store alone has it.
  const taskId = 'how-long-is-it-kept-0badcafe0000';
  const store = postgresStore(url);
  const acceptedAt = Date.now();
  await store.putTask({ taskId, run: 'r', goal: 'g', className: 'quick', tenant: 't', acceptedAt, retentionDays: 7 });
  await store.putResult(taskId, {
    v: 1,
    taskId,
    run: 'r',
    outcome: 'completed',
    goal: 'g',
    answerRef: await store.putBlob(JSON.stringify(ANSWER)),
    coverage: NO_COVERAGE,
    usage: NO_USAGE,
    timings: { acceptedAt, closedAt: acceptedAt },
  });
  const ask = () =>
    spawnSync(process.execPath, [CLI, 'result', taskId], {
      encoding: 'utf8',
      env: { ...process.env, MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() },
    });
  const kept = ask();
  expect(kept.status).toBe(0);
  expect(kept.stdout).toContain('## Retries');

  expect(await store.expire(Date.now() + 10 * 86_400_000)).toMatchObject({ tasks: 1, blobs: 1 });
  await store.close();
  const gone = ask();
  expect(gone.status).toBe(3);
  expect(gone.stdout).toBe('');
  expect(gone.stderr).toMatch(/task how-long-\S+ has expired: .* removed on/);
  await expect(it_.client.get(taskId)).rejects.toThrow(TaskExpiredError);
});

test('a worker and a client whose database is away say so without its password, and end', async () => {
  const away = 'postgres://muster:never-shown@127.0.0.1:1/fleet';
  const env = { ...process.env, MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress(), MUSTER_STORE_URL: away };
  const worker = spawnSync(process.execPath, [resolve(__dirname, '../../dist/worker/main.js')], {
    encoding: 'utf8',
    env: { ...env, MUSTER_OFFLINE_URL: it_.model.url },
  });
  const client = spawnSync(process.execPath, [CLI, 'result', 'x-123456'], { encoding: 'utf8', env });
  for (const ended of [worker, client]) {
    expect(ended.status).toBe(5);
    expect(ended.stderr).toMatch(/PostgreSQL at 127\.0\.0\.1:1\/fleet: nothing listens there/);
    expect(ended.stderr + ended.stdout).not.toContain('never-shown');
  }
});
