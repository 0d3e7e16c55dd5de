// The doctor on real servers: what it finds of a namespace, of workers, and of a server that is not tuned.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../protocol/names.ts';
import { measure } from '../../worker/doctor/probe.ts';
import { openServer } from '../../worker/doctor/server.ts';
import { temporalSettings } from '../../settings/temporal-settings.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { look } from './support.ts';

const NAMESPACE = 'short-lived';
let it_: TestDeployment;
let env: Record<string, string>;

beforeAll(async () => {
  it_ = await testDeployment();
  env = { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home, MUSTER_OFFLINE_URL: it_.model.url };
});
afterAll(() => it_.stop());

test('a namespace that keeps tasks too short, and has no search attributes, is told with the commands that mend it', async () => {
  const { workflowService } = it_.client.temporal;
  const day = { seconds: 86_400 } as never;
  await workflowService
    .registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: day })
    .catch(() => undefined);
  const found = () => look({ ...env, TEMPORAL_NAMESPACE: NAMESPACE }, 'server', 'retention', 'attributes');
  // A new namespace is known to all parts of the server after a moment.
  await until(
    'the namespace is there',
    async () =>
      (await found()).length === 4 && (await found()).every(({ words }) => !/could not be looked at/.test(words)),
  );
  const [retention] = (await found()).filter(({ check }) => check === 'retention');
  expect(retention).toMatchObject({
    state: 'broken',
    words: expect.stringContaining('keeps closed tasks 1 day, and a class 30 days'),
    next: `temporal operator namespace update --namespace ${NAMESPACE} --retention 30d --address ${serverAddress()}`,
    data: { keptDays: 1, longestClassDays: 30 },
  });
  const [attributes] = (await found()).filter(({ check }) => check === 'attributes');
  expect(attributes).toMatchObject({ state: 'broken', data: { missing: Object.values(SEARCH_ATTRIBUTES).join(',') } });
  expect(attributes?.next).toContain(`--namespace ${NAMESPACE} --name MusterClass --type Keyword`);
  const usual = await look(env, 'server', 'retention', 'attributes');
  expect(usual.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
  const none = await look({ ...env, TEMPORAL_NAMESPACE: 'nowhere' }, 'server');
  expect(none.find(({ state }) => state === 'broken')?.words).toContain('has no namespace "nowhere"');
});

test('a deployment whose queue nobody polls is broken, and once a worker polls it is told with its version', async () => {
  expect(await look(env, 'workers')).toEqual([
    {
      check: 'workers',
      state: 'broken',
      words: `no worker polls muster-deep-${await it_.store.deploymentId()}: tasks wait`,
      next: 'muster worker starts one (or muster up, with all that it needs)',
      data: { polling: 0, least: 1 },
    },
  ]);
  await it_.startWorker();
  await until('it polls', async () => (await look(env, 'workers'))[0]?.state === 'ok');
  expect(await look(env, 'workers')).toEqual([
    {
      check: 'workers',
      state: 'ok',
      words: expect.stringMatching(/^1 worker polls: \d+@\S+ \(@temporalio\/worker@1\.23\.0\+[0-9a-f]+\)$/),
      data: { polling: 1, least: 1 },
    },
  ]);
  const file = join(it_.home, 'three.json');
  writeFileSync(file, '{"minWarmWorkers":3}');
  expect(await look({ ...env, MUSTER_CONFIG: file }, 'workers')).toMatchObject([
    { state: 'warn', words: '1 worker polls, and minWarmWorkers is 3', data: { polling: 1, least: 3 } },
  ]);
});

test('the settings of a server that make it slow are found by measuring, and nothing of the measuring stays', async () => {
  const at = async (address: string) => {
    const server = await openServer(temporalSettings({ TEMPORAL_ADDRESS: address }));
    const measured = await measure(server);
    const left = async () =>
      (
        await server.ask(({ workflowService }) =>
          workflowService.listWorkflowExecutions({ namespace: 'default', query: 'WorkflowType = "musterDoctorProbe"' }),
        )
      ).executions.length;
    await until('nothing is left of it', async () => (await left()) === 0);
    await server.connection.close();
    return measured;
  };
  const tuned = await at(serverAddress());
  expect(tuned).toMatchObject({
    isEager: true,
    takesQueries: true,
    keepsEvents: true,
    hopsMs: [expect.any(Number), expect.any(Number), expect.any(Number)],
  });
  expect(Math.abs(tuned.clock.aheadMs)).toBeLessThanOrEqual(tuned.clock.withinMs + 50);

  const script = (...args: string[]) =>
    execFileSync('bash', [resolve(__dirname, '../../temporal-dev.sh'), '--ephemeral', '--untuned', ...args], {
      env: { ...process.env, ...own, MUSTER_TEMPORAL_PATIENCE: '240' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
  const own = { MUSTER_HOME: join(mkdtempSync(join(tmpdir(), 'muster-untuned-')), '.muster'), TEMPORAL_ADDRESS: '' };
  const address = /^address=(.*)$/m.exec(script())?.[1] ?? '';
  try {
    expect(await at(address)).toMatchObject({ isEager: false, takesQueries: false, keepsEvents: false });
    const found = await look({ ...env, TEMPORAL_ADDRESS: address }, 'speed');
    expect(found.map(({ state }) => state)).toEqual(found.map(() => 'warn'));
    const next = found.map((one) => one.next).join('\n');
    for (const setting of [
      'transferProcessorMaxPollRPS',
      'timerProcessorMaxTimeShift',
      'enableActivityEagerExecution',
      'MaxBufferedQueryCount',
      'maximumBufferedEventsBatch',
    ])
      expect(next).toContain(setting);
  } finally {
    script('--stop');
  }
});
