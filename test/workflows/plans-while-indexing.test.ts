// A task plans while its documents are still being read.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskEvent } from '../../client/index.ts';
import { wordy } from '../documents/support.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { serve, type TestServer } from '../tools/support.ts';

const GOAL = 'How often does Lighthouse poll the harbour service?';

describe('a task', () => {
  let it_: TestDeployment;
  let pages: TestServer;
  let answerPage: (() => void) | undefined;
  beforeEach(async () => {
    it_ = await testDeployment();
    answerPage = undefined;
    pages = await serve((_request, response) => {
      answerPage = () => {
        if (!response.headersSent)
          response.writeHead(200, { 'content-type': 'text/plain' }).end('Lighthouse is white.');
      };
    });
  });
  afterEach(async () => {
    answerPage?.();
    await it_.stop();
    await pages.close();
  });

  const start = async (...sources: string[]) => {
    await it_.startWorker({ web: { allow: [], allowPrivate: [pages.pair] } });
    return await it_.client.start({ goal: GOAL, sources });
  };

  test('has its plan before its last document is read, and its sub-agents have that one, too', async () => {
    // Large enough to be worth it.
    writeFileSync(join(it_.docs, 'log.txt'), wordy(2_100_000, 1));
    const task = await start(it_.docs, `${pages.origin}/paint`);
    await until('the plan is there', async () => (await task.status()).progress?.subtasks.length === 1);
    expect((await task.status()).progress).toMatchObject({ stage: 'preparing' });
    // What a worker says that takes long; one that begins anew has less, and a stranger counts for nothing.
    const handle = it_.client.temporal.workflow.getHandle(task.taskId);
    const { runId: run } = await handle.describe();
    // Further than the worker gets, which may tell of itself meanwhile.
    const read = { of: 9, ofBytes: 9e9, skipped: 0 };
    for (const [files, from] of [
      [2, run],
      [1, run],
      [3, 'another'],
      [4, run],
    ] as const)
      // prettier-ignore
      await handle.signal('reading', { v: 1, run: from, read: { ...read, files, bytes: 1e9 * files } });
    answerPage?.();
    expect((await task.result()).outcome).toBe('completed');
    const events: TaskEvent[] = [];
    for await (const event of task.events()) events.push(event);
    const at = (type: TaskEvent['type']): number => events.findIndex((event) => event.type === type);
    expect(at('plan.ready')).toBeLessThan(at('sources.ready'));
    expect(at('sources.ready')).toBeLessThan(at('subtask.started'));
    const reading = events.flatMap((event) =>
      event.type === 'sources.reading' && event.of === 9 ? [event.files] : [],
    );
    expect(reading).toEqual([2, 4]);
    // The planner knew all documents by name.
    const [plan] = it_.model.requests.filter(({ step }) => step === 'muster_plan');
    expect(JSON.stringify(plan?.body)).toMatch(/lighthouse\.md[^]*paint/);
  });

  test('of few documents plans once they are read: nothing is paid for a plan of what can’t be read', async () => {
    const task = await start(it_.docs, `${pages.origin}/paint`);
    await until('the page is asked for', () => answerPage !== undefined);
    await new Promise((done) => setTimeout(done, 500));
    expect(it_.model.requests).toHaveLength(0);
    answerPage?.();
    expect((await task.result()).outcome).toBe('completed');
  });

  test('whose cancel comes while it plans and reads ends both', async () => {
    writeFileSync(join(it_.docs, 'log.txt'), wordy(2_100_000, 1));
    it_.model.inject({ kind: 'delay', ms: 20_000, match: { step: 'muster_plan' } });
    const task = await start(it_.docs, `${pages.origin}/paint`);
    await until('the plan is asked for', () => it_.model.inFlight === 1);
    await task.cancel('enough');
    await expect(task.result()).rejects.toThrow(/cancelled/);
    await until('the call is given up', () => it_.model.inFlight === 0);
  });
});
