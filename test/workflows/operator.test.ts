// What an operator's hand and a foreign server do to a task: Reset keeps paid work, terminate is said, attributes may be missing.

import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection, Worker } from '@temporalio/worker';
import { connect, TaskFailedError } from '../../client/index.ts';
import { deepQueue, SEARCH_ATTRIBUTES } from '../../protocol/names.ts';
import { bundlePath } from '../../worker/host-worker.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { queried } from '../rig/queried.ts';

const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';

describe('an operator', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 100 });
  });
  afterEach(() => it_.stop());

  const start = () => it_.client.start({ goal: GOAL, sources: [it_.docs] });
  const workflow = (taskId: string) => it_.client.temporal.workflow.getHandle(taskId);

  test('who resets a task pays for none of its finished calls again', async () => {
    await it_.startWorker();
    const handle = await start();
    const first = await handle.result();
    const calls = it_.model.requests.length;
    const { runId } = await workflow(handle.taskId).describe();
    const history = await workflow(handle.taskId).fetchHistory();
    const firstTask = history.events!.find((event) => event.workflowTaskCompletedEventAttributes)!;
    await it_.client.temporal.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.taskId, runId },
      workflowTaskFinishEventId: firstTask.eventId!,
      reason: 'test',
      requestId: 'reset-1',
    });
    await until(
      'the reset run is over',
      async () =>
        (await workflow(handle.taskId).describe()).status.name === 'COMPLETED' &&
        (await workflow(handle.taskId).describe()).runId !== runId,
    );
    const second = await handle.result();
    expect(second.run).toBe(first.run);
    expect(second.answer).toEqual(first.answer);
    expect(it_.model.requests).toHaveLength(calls);
  });

  test('who resets a task before anything is in the store leaves one run to head, logs and result: the first', async () => {
    const connection = await NativeConnection.connect({ address: serverAddress() });
    // Takes Workflow Tasks and no Activity: no head can be there when the task is reset.
    const decider = await Worker.create({
      connection,
      taskQueue: deepQueue(it_.client.deployment),
      workflowBundle: { codePath: bundlePath() },
      stickyQueueScheduleToStartTimeout: '1s',
    });
    const deciding = decider.run();
    const handle = await start();
    const firstTask = async () =>
      (await workflow(handle.taskId).fetchHistory()).events?.find((one) => one.workflowTaskCompletedEventAttributes);
    await until('the first Workflow Task is done', async () => (await firstTask()) !== undefined);
    decider.shutdown();
    await deciding;
    await connection.close();
    const { runId } = await workflow(handle.taskId).describe();
    await it_.client.temporal.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.taskId, runId },
      workflowTaskFinishEventId: (await firstTask())!.eventId!,
      reason: 'test',
      requestId: 'reset-2',
    });
    await it_.startWorker();
    await until(
      'the reset run is over',
      async () => (await workflow(handle.taskId).describe()).status.name === 'COMPLETED',
    );
    expect((await workflow(handle.taskId).describe()).runId).not.toBe(runId);
    expect((await it_.store.getTask(handle.taskId))?.run).toBe(runId);
    expect((await handle.result()).run).toBe(runId);
    expect((await it_.store.readLog({ run: runId, subtask: '_plan', generation: 1 })).length).toBeGreaterThan(0);
  });

  test('who terminates a task makes its caller hear that, not a stack trace', async () => {
    const handle = await start();
    await workflow(handle.taskId).terminate('test');
    await expect(handle.result()).rejects.toThrow(TaskFailedError);
    await expect(handle.result()).rejects.toThrow(/terminated by an operator/);
  });

  test('sees the goal as summary, a table that changes, a summary on every Activity, and can filter by attributes', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'delay', ms: 1_500, match: { step: 'muster_findings', contains: 'Describe lighthouse' } });
    const handle = await start();
    const tables = new Set<string>();
    for await (const _event of handle.events()) {
      const metadata = await workflow(handle.taskId).query<{
        currentDetails?: string;
        definition?: { queryDefinitions?: { name: string; description?: string }[] };
      }>('__temporal_workflow_metadata');
      tables.add(metadata.currentDetails ?? '');
      const queries = metadata.definition?.queryDefinitions?.filter((one) =>
        ['progress', 'events', 'findings'].includes(one.name),
      );
      expect(queries).toHaveLength(3);
      expect(queries?.every((one) => (one.description ?? '') !== '')).toBe(true);
    }
    const all = [...tables].join('\n');
    expect(all).toMatch(/s3.*lighthouse.*running/i);
    expect(all).toMatch(/s3.*lighthouse.*done/i);
    const description = await workflow(handle.taskId).describe();
    expect(await description.staticSummary()).toBe(GOAL);
    const history = await workflow(handle.taskId).fetchHistory();
    const scheduled = history.events!.filter((event) => event.activityTaskScheduledEventAttributes);
    expect(scheduled.length).toBeGreaterThanOrEqual(6);
    expect(scheduled.every((event) => event.userMetadata?.summary)).toBe(true);
    const words = scheduled.map(({ userMetadata }) => String(Buffer.from(userMetadata?.summary?.data ?? [])));
    expect(words).toContain('"read 1 source"');
    const found: string[] = [];
    const query = `${SEARCH_ATTRIBUTES.state} = "completed" AND ${SEARCH_ATTRIBUTES.class} = "standard" AND ${SEARCH_ATTRIBUTES.tenant} = "default"`;
    await until('visibility has it', async () => {
      for await (const task of it_.client.temporal.workflow.list({ query })) found.push(task.workflowId);
      return found.includes(handle.taskId);
    });
  });

  test('whose namespace does not know the search attributes loses nothing but those', async () => {
    const namespace = `bare-${Date.now()}`;
    const { workflowService } = it_.client.temporal;
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
    await it_.startWorker({ namespace });
    const warnings: string[] = [];
    const client = await connect({
      address: serverAddress(),
      home: it_.home,
      namespace,
      warn: (message) => warnings.push(message),
    });
    try {
      const handle = await client.start({ goal: GOAL, sources: [it_.docs] });
      expect((await handle.result()).outcome).toBe('completed');
      expect(warnings.join(' ')).toContain('search attributes');
    } finally {
      await client.close();
    }
  });

  test('asks all three Queries without an argument', async () => {
    await it_.startWorker();
    const handle = await start();
    await handle.result();
    for (const name of ['progress', 'events', 'findings'])
      expect(await queried(workflow(handle.taskId), name)).toBeTruthy();
  });
});
