// forget-elsewhere.test.ts: what a closed task's removal is recorded at, where the server was named and where it was guessed.
// No server: its answers are the test's.

import { WorkflowNotFoundError } from '@temporalio/client';
import { forgetTask } from '../../client/forget-task.ts';
import type { HandleParts } from '../../client/handle-parts.ts';

/** A server that never heard of the task, and has such a worker; what was started at it. */
function elsewhere(isServerGuessed: boolean, hasWorker: boolean) {
  const started: string[] = [];
  const describe = () => Promise.reject(new WorkflowNotFoundError('no', 't', undefined));
  const lastAccessTime = { seconds: Math.floor(Date.now() / 1_000) };
  const done = { removed: {}, left: [] };
  const parts = {
    deployment: 'abcd1234',
    isServerGuessed,
    connection: { options: { address: '127.0.0.1:7233' } },
    store: {
      getTask: () => Promise.resolve({ taskId: 't', run: 'r', tenant: 'default', className: 'quick' }),
      getResult: () => Promise.resolve({ run: 'r' }),
      getRecord: () => Promise.resolve(undefined),
    },
    client: {
      options: { namespace: 'default' },
      workflow: {
        getHandle: () => ({ describe }),
        start: (_type: string, { workflowId }: { workflowId: string }) => {
          started.push(workflowId);
          return Promise.resolve({ result: () => Promise.resolve(done) });
        },
      },
      workflowService: {
        describeTaskQueue: () => Promise.resolve({ pollers: hasWorker ? [{ lastAccessTime }] : [] }),
      },
    },
  } as unknown as HandleParts;
  return { parts, started };
}

test('a task that a guessed server never heard of, and no worker there could remove, is recorded nowhere', async () => {
  const { parts, started } = elsewhere(true, false);
  await expect(forgetTask(parts, 't', {})).rejects.toMatchObject({
    name: 'UnreachableError',
    message: expect.stringContaining('which nobody named') as string,
    hint: expect.stringContaining('muster up') as string,
  });
  expect(started).toEqual([]);
});

test.each([
  ['was named, and has no worker just now', false, false],
  ['was guessed, and has one of its workers', true, true],
])('… but where the server %s it is', async (_what, isGuessed, hasWorker) => {
  const { parts, started } = elsewhere(isGuessed, hasWorker);
  await expect(forgetTask(parts, 't', {})).resolves.toMatchObject({ taskId: 't', done: hasWorker });
  expect(started).toEqual(['t/forget']);
});
