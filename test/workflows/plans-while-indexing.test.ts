// A task plans while its documents are still being read.

import type { TaskEvent } from '../../client/index.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { serve, type TestServer } from '../tools/support.ts';

const GOAL = 'How often does Lighthouse poll the harbour service?';

describe('a task', () => {
  let it_: TestDeployment;
  let pages: TestServer;
  let answerPage: (() => void) | undefined;
  let breakOff: (() => void) | undefined;
  beforeEach(async () => {
    it_ = await testDeployment();
    [answerPage, breakOff] = [undefined, undefined];
    pages = await serve((_request, response) => {
      breakOff = () => response.destroy();
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
    const task = await start(it_.docs, `${pages.origin}/paint`);
    await until('the plan is there', async () => (await task.status()).progress?.subtasks.length === 1);
    expect((await task.status()).progress).toMatchObject({ stage: 'preparing' });
    answerPage?.();
    expect((await task.result()).outcome).toBe('completed');
    const events: TaskEvent[] = [];
    for await (const event of task.events()) events.push(event);
    const at = (type: TaskEvent['type']): number => events.findIndex((event) => event.type === type);
    expect(at('plan.ready')).toBeLessThan(at('sources.ready'));
    expect(at('sources.ready')).toBeLessThan(at('subtask.started'));
    // The planner knew all documents by name.
    const [plan] = it_.model.requests.filter(({ step }) => step === 'muster_plan');
    expect(JSON.stringify(plan?.body)).toMatch(/lighthouse\.md[^]*paint/);
  });

  test('whose documents can’t be read fails with that reason, though its plan is still at the model', async () => {
    it_.model.inject({ kind: 'delay', ms: 20_000, match: { step: 'muster_plan' } });
    const task = await start(`${pages.origin}/paint`);
    await until('the plan is asked for', () => it_.model.inFlight === 1);
    await until('the page is asked for', () => answerPage !== undefined);
    breakOff?.();
    await expect(task.result({ timeoutSeconds: 15 })).rejects.toThrow(/no text could be read/);
    expect(it_.model.requests.filter(({ aborted }) => aborted)).toHaveLength(1);
  });
});
