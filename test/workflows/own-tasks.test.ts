// Who asks for tasks gets those of their deployment and tenant: no filter reaches others, and no id of something else is a task.

import { connect, RequestRefusedError, TaskNotFoundError, type TaskHandle } from '../../client/index.ts';
import { ownTask } from '../../client/own-task.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

let it_: TestDeployment;
let ours: TaskHandle;
let others: TaskHandle;
beforeAll(async () => {
  it_ = await testDeployment();
  const of = (tenant: string, sessionId: string) =>
    it_.client.start({ goal: `What does ${tenant} ask?`, sources: [it_.docs], tenant, sessionId });
  ours = await of('ours', 'session-1');
  others = await of('others--x', 'session_2.a');
  await until('visibility has both', async () => (await listed({})).length === 2);
});
afterAll(async () => {
  for (const { taskId } of [ours, others]) await it_.client.temporal.workflow.getHandle(taskId).terminate();
  await it_.stop();
});

async function listed(filter: Parameters<TestDeployment['client']['list']>[0]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { taskId } of it_.client.list(filter)) ids.push(taskId);
  return ids;
}

test('a filter lists the tasks that bear exactly its value', async () => {
  expect(await listed({ tenant: 'ours' })).toEqual([ours.taskId]);
  expect(await listed({ tenant: 'others--x' })).toEqual([others.taskId]);
  expect(await listed({ tenant: 'other' })).toEqual([]);
  expect(await listed({ sessionId: 'session_2.a' })).toEqual([others.taskId]);
  expect(await listed({ tenant: 'ours', sessionId: 'session_2.a' })).toEqual([]);
});

const ODD = [
  '\\',
  'x\\',
  `x" OR WorkflowType != "`,
  `x' OR 1=1 --`,
  '-- x',
  'a b',
  'a%',
  '',
  'é',
  'a\n',
  'a'.repeat(65),
];

test.each(['tenant', 'class', 'sessionId', 'state'] as const)(
  'a filter by %s with a quote, a backslash or a comment in it is refused, and no other tenant’s task is listed',
  async (name) => {
    for (const value of ODD) await expect(listed({ [name]: value })).rejects.toThrow(RequestRefusedError);
    // What closes in the next value what a backslash left open in this one.
    await expect(listed({ class: 'x\\', tenant: ` OR WorkflowType != "` })).rejects.toThrow(RequestRefusedError);
  },
);

test('a tenant or session that no filter could name is refused before anything starts', async () => {
  for (const value of ODD.filter((one) => one !== '')) {
    const input = { goal: 'g', sources: [it_.docs] };
    await expect(it_.client.start({ ...input, tenant: value })).rejects.toThrow(/the tenant is/);
    await expect(it_.client.start({ ...input, sessionId: value })).rejects.toThrow(/the session is/);
  }
});

test('a deployment whose id has a quote in it lists nothing of another', async () => {
  const client = await connect({ address: serverAddress(), home: it_.home, deployment: `x" OR WorkflowType != "` });
  await expect(client.list()[Symbol.asyncIterator]().next()).rejects.toThrow(/the deployment is/);
  await client.close();
});

test('an id of another Workflow, deployment or tenant is no task, and nobody is told more', async () => {
  const { workflow } = it_.client.temporal;
  const at = Date.now();
  const foreign = [
    { type: 'orderWorkflow', workflowId: `order-${at}`, taskQueue: `muster-deep-${it_.client.deployment}` },
    { type: 'masterAgent', workflowId: `elsewhere-${at}`, taskQueue: 'muster-deep-another' },
  ];
  for (const { type, ...start } of foreign) {
    await workflow.start(type, start);
    await expect(it_.client.get(start.workflowId)).rejects.toThrow(TaskNotFoundError);
    await workflow.getHandle(start.workflowId).terminate();
  }
  for (const id of ['', 'never-was', 'x'.repeat(2_000)])
    await expect(it_.client.get(id)).rejects.toThrow(TaskNotFoundError);
  await expect(it_.client.get(ours.taskId, { tenant: 'others--x' })).rejects.toThrow(`there is no task ${ours.taskId}`);
  expect((await it_.client.get(ours.taskId, { tenant: 'ours' })).taskId).toBe(ours.taskId);
  expect((await it_.client.get(ours.taskId)).taskId).toBe(ours.taskId);
});

test('a task whose memo has no tenant, as of an earlier version, is known by its attribute', async () => {
  const workflowId = `older-${Date.now()}`;
  await it_.client.temporal.workflow.start('masterAgent', {
    workflowId,
    taskQueue: `muster-deep-${it_.client.deployment}`,
    searchAttributes: { MusterTenant: ['ours'] },
  });
  const parts = { client: it_.client.temporal, deployment: it_.client.deployment };
  expect(await ownTask(parts, workflowId, 'ours')).toBeDefined();
  expect(await ownTask(parts, workflowId, 'others--x')).toBeUndefined();
  await it_.client.temporal.workflow.getHandle(workflowId).terminate();
});
