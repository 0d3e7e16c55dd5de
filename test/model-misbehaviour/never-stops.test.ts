// What a model does that never stops: each is ended at a limit that the subtask has, and says which.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TaskFailedError } from '../../client/index.ts';
import type { Brain, Fault } from '../../simulator/server.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { FIRST, GOAL } from './symptoms.ts';

describe('a model that never stops', () => {
  let it_: TestDeployment;
  afterEach(() => it_.stop());

  const failure = async (brain: Brain, faults: Fault[] = []): Promise<TaskFailedError> => {
    it_ = await testDeployment({ brain });
    for (const fault of faults) it_.model.inject(fault);
    writeFileSync(
      join(it_.home, 'config.json'),
      JSON.stringify({ classes: { brief: { extends: 'quick', subtask: { seconds: 10 } } } }),
    );
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
    await it_.startWorker();
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs], class: 'brief' });
    delete process.env.MUSTER_CONFIG;
    const error = await task.result().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    return error as TaskFailedError;
  };
  const plan = { subtasks: [{ title: 'One', kind: 'researcher', goal: 'one', needs: [] }] };
  const isPlan: (request: Parameters<Brain>[0]) => boolean = (request) =>
    request.response_format?.json_schema?.name === 'muster_plan';

  test('calling tools, told to stop or not, is ended at its turns, and its subtask says so', async () => {
    const error = await failure((request) =>
      isPlan(request)
        ? { content: JSON.stringify(plan), toolCalls: [] }
        : {
            content: '',
            toolCalls: [
              {
                name: 'search_documents',
                arguments: JSON.stringify({ query: `more ${request.messages.length}`, limit: null }),
              },
            ],
          },
    );
    expect(error.failure).toMatchObject({ type: 'AllSubtasksFailed' });
    const turns = it_.model.requests.filter(({ step }) => step === 'muster_findings');
    expect(turns).toHaveLength(5);
    // Told once in words, too; what it calls from then on is not run.
    expect(turns.slice(-2).map(({ body }) => body?.tool_choice)).toEqual(['none', 'none']);
    expect(JSON.stringify(turns.at(-1)?.body)).toContain('no tool can be called any more');
    expect(error.result?.usage.toolCalls).toBe(3);
    expect(JSON.stringify(error.coverage)).toContain('ModelOutputInvalid');
  });

  test('writing is left when its subtask’s time is over, and the subtask says so', async () => {
    const error = await failure(
      (request) => ({ content: isPlan(request) ? JSON.stringify(plan) : '{}', toolCalls: [] }),
      [{ kind: 'endless', ...FIRST, times: 2 }],
    );
    expect(error.coverage?.subtasks[0]?.failure).toMatchObject({ type: 'LimitReached' });
    // One call may take half of the time; the second has no more than what is left.
    expect(it_.model.requests.filter(({ aborted }) => aborted)).toHaveLength(2);
  });

  test('answering garbage, to the plan already, fails the task in words and counts as waste', async () => {
    const error = await failure(() => ({ content: 'I would rather not', toolCalls: [] }));
    expect(error.failure).toMatchObject({ type: 'AllSubtasksFailed' });
    // Without a plan the goal is one subtask; that is asked twice, too.
    expect(it_.model.requests).toHaveLength(4);
    const spent = it_.model.requests.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0);
    expect(error.result?.usage.wastedTokens).toBe(spent);
  });

  test('answering outside the schema is asked twice and no more, and all of it counts as waste', async () => {
    const error = await failure((request) => ({
      content: isPlan(request) ? JSON.stringify(plan) : '{"unexpected":1}',
      toolCalls: [],
    }));
    expect(error.failure).toMatchObject({ type: 'AllSubtasksFailed' });
    const turns = it_.model.requests.filter(({ step }) => step === 'muster_findings');
    expect(turns).toHaveLength(2);
    expect(error.result?.usage.wastedTokens).toBe(
      turns.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0),
    );
  });
});
