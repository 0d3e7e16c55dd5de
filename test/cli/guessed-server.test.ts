// guessed-server.test.ts: what is left at a server that nobody named, and what a worker says of it. Of a client the server's
// answers are the test's; the worker is a real process.

import { WorkflowNotFoundError } from '@temporalio/client';
import { MusterClient } from '../../client/muster-client.ts';
import { MEMO, WORKFLOWS, deepQueue } from '../../protocol/names.ts';
import { emptyFolder, muster } from './support.ts';

const DEPLOYMENT = 'abcd1234';
const INPUT = { goal: 'Who keeps the lighthouse?', sources: [{ kind: 'path' as const, path: '/docs' }] };

interface Elsewhere {
  isServerGuessed: boolean;
  hasWorker: boolean;
  /** Whether it has the task already that is asked for again by its key. */
  hasTask?: boolean;
}

/** A server with no Workflow of this deployment, or with one; what was started at it. */
function elsewhere({ isServerGuessed, hasWorker, hasTask = false }: Elsewhere) {
  const begun: string[] = [];
  const lastAccessTime = { seconds: Math.floor(Date.now() / 1_000) };
  const task = { type: WORKFLOWS.masterAgent, taskQueue: deepQueue(DEPLOYMENT), memo: { [MEMO.requestHash]: 'h' } };
  const describe = () =>
    hasTask ? Promise.resolve(task) : Promise.reject(new WorkflowNotFoundError('no', 't', undefined));
  const client = new MusterClient({
    deployment: DEPLOYMENT,
    isServerGuessed,
    configPath: () => undefined,
    connection: { options: { address: '127.0.0.1:7233' } },
    client: {
      options: { namespace: 'default' },
      workflow: {
        getHandle: () => ({ describe }),
        start: () => (begun.push('task'), Promise.resolve({})),
      },
      schedule: {
        create: () => (begun.push('schedule'), Promise.resolve({})),
        getHandle: () => ({ describe: () => Promise.reject(new Error('made')) }),
      },
      workflowService: {
        describeTaskQueue: () => Promise.resolve({ pollers: hasWorker ? [{ lastAccessTime }] : [] }),
      },
    },
  } as unknown as ConstructorParameters<typeof MusterClient>[0]);
  return { client, begun };
}

test('a task and a schedule are left at no server that nobody named and that has no worker of this folder', async () => {
  const { client, begun } = elsewhere({ isServerGuessed: true, hasWorker: false });
  const refusal = (what: string) => ({
    name: 'UnreachableError',
    message: `nobody named the Temporal server at 127.0.0.1:7233, and no worker of this folder is there, so the ${what} would be lost; nothing was started`,
    hint: 'Start the stack of this folder (muster up), or name its server (TEMPORAL_ADDRESS), and ask again.',
  });
  await expect(client.start(INPUT)).rejects.toMatchObject(refusal('task'));
  await expect(client.start({ ...INPUT, path: 'auto' })).rejects.toMatchObject(refusal('task'));
  await expect(client.start(INPUT, { idempotencyKey: 'k' })).rejects.toMatchObject(refusal('task'));
  await expect(client.schedule({ ...INPUT, cron: '@daily' })).rejects.toMatchObject(refusal('schedule'));
  expect(begun).toEqual([]);
});

test.each<[string, Elsewhere]>([
  ['was named, and has no worker just now', { isServerGuessed: false, hasWorker: false }],
  ['was guessed, and has a worker of this folder', { isServerGuessed: true, hasWorker: true }],
  ['was guessed, and has the task by its key', { isServerGuessed: true, hasWorker: false, hasTask: true }],
])('… but where the server %s a task is started', async (_what, where) => {
  const { client, begun } = elsewhere(where);
  await client.start(INPUT, { idempotencyKey: 'k' });
  expect(begun).toEqual(['task']);
});

test('a worker that asks a server that nobody named says which', async () => {
  // Whoever listens at the usual address is not worked for: it has no such namespace.
  const env = { TEMPORAL_NAMESPACE: 'of-a-test-that-nobody-has', MUSTER_HOME: `${emptyFolder()}/.muster` };
  const { code, talk } = await muster(['worker'], { env }).ended;
  expect(talk).toMatch(
    /no stack runs for \S+\.muster, and no server is named: asks the one at 127\.0\.0\.1:7233, which this folder did not start, and takes work from it/,
  );
  expect(code).toBe(5);
});
