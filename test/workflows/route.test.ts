// The router with a real worker: its verdict lies in the request and is seen in status, events, trace and class history, by library
// and HTTP; and asking again is asking once, whatever it would say by then.

import type { TaskHandle, TaskInput } from '../../client/index.ts';
import { HttpClient } from '../../client/http/index.ts';
import { testDeployment, until, untilAnswersAtOnce, type TestDeployment } from '../rig/deployment.ts';
import { testGateway } from '../rig/gateway.ts';

const QUESTION = 'How often does the lighthouse poll?';

let it_: TestDeployment;
beforeAll(async () => {
  it_ = await testDeployment();
  await it_.startWorker();
  await untilAnswersAtOnce(it_);
});
afterAll(async () => await it_.stop());

const ask = (more: Partial<TaskInput> = {}, idempotencyKey?: string): Promise<TaskHandle> =>
  it_.client.start(
    { goal: QUESTION, sources: [it_.docs], path: 'auto', ...more },
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );

async function rowOf(handle: TaskHandle, path: 'fast' | 'deep') {
  const { run } = await handle.result();
  const find = async () => (await it_.store.outcomes({ class: 'standard', path }, 50)).find((row) => row.run === run);
  await until('its row is kept', async () => (await find()) !== undefined);
  return await find();
}

test('a question goes deep while its documents are unread and is answered at once afterwards, and everywhere it says why', async () => {
  const first = await ask({}, 'once');
  const deep = { path: 'deep', asked: 'auto', by: 'documents', why: 'the documents have to be read and indexed first' };
  expect((await first.status()).route).toMatchObject(deep);
  expect(await rowOf(first, 'deep')).toMatchObject({ routed: { by: 'documents', steps: 1 } });

  const second = await ask();
  const result = await second.result();
  expect(result).toMatchObject({ outcome: 'completed', coverage: { subtasks: [] } });
  expect((await second.status()).route).toMatchObject({
    path: 'fast',
    asked: 'auto',
    by: 'fits',
    numbers: { steps: 1, workers: 1 },
  });
  expect(await rowOf(second, 'fast')).toMatchObject({ routed: { by: 'fits', steps: 1 } });
  const [accepted] = await it_.store.readEvents(second.taskId);
  expect(accepted).toMatchObject({ type: 'task.accepted', route: { path: 'fast', by: 'fits' } });
  const { spans } = await second.trace();
  expect(spans[0]?.attributes).toMatchObject({
    'muster.path': 'fast',
    'muster.route.by': 'fits',
    'muster.route.steps': 1,
  });

  // By now it would be answered at once.
  const again = await ask({}, 'once');
  expect([again.taskId, again.isNew]).toEqual([first.taskId, false]);
  expect((await again.status()).route).toMatchObject(deep);
});

test('what asks for more than one call is planned with the reason, and no word of the answer’s model is asked for at once', async () => {
  it_.model.requests.splice(0);
  const handle = await ask({ goal: 'Compare what the documents say about the lighthouse and about the ferry.' });
  await handle.result();
  const { route } = await handle.status();
  expect(route).toMatchObject({ path: 'deep', by: 'question' });
  expect(route?.why).toContain('a comparison');
  expect(it_.model.requests.map(({ step }) => step)).not.toContain('muster_direct');
});

test('over HTTP auto is routed, a task without a word is planned, and the task shows the verdict', async () => {
  const gateway = await testGateway(it_);
  try {
    const post = (body: object) =>
      gateway.post(
        '/tasks',
        { goal: QUESTION, sources: [{ kind: 'path', path: it_.docs }], ...body },
        { prefer: 'wait=20' },
      );
    const routed = await post({ path: 'auto' });
    expect(routed.json.route).toMatchObject({ path: 'fast', asked: 'auto', by: 'fits', numbers: { budget_ms: 6_000 } });
    const silent = await post({});
    expect(silent.json).not.toHaveProperty('route');
    expect(silent.json.result.coverage.done).toBeGreaterThan(0);
    await until('its row is kept', async () =>
      (await it_.store.outcomes({ class: 'standard', path: 'deep' }, 50)).some(
        ({ run }) => run === silent.json.result.run,
      ),
    );
    // What the class history says is the same by both ways.
    const http = new HttpClient({ url: gateway.url });
    expect(await http.measure()).toEqual(await it_.client.measure());
    expect(await http.slo({ class: 'standard' })).toEqual(await it_.client.slo({ class: 'standard' }));
    const told = { p95: 12, costly: true };
    expect(await http.advise(told, 'standard')).toEqual(await it_.client.advise(told, 'standard'));
    await expect(http.measure('nobody')).rejects.toThrow('there is no class "nobody"');
  } finally {
    await gateway.close();
  }
});
