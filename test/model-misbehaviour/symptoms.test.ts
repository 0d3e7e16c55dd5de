// Each symptom of the catalogue in a real task, through Chat Completions and through Responses. What a provider refuses
// (keys, names) and what a model never stops doing stand beside this file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, RequestRecord } from '../../simulator/server.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { cases } from '../rig/long.ts';
import { DILIGENT, GOAL, hasRightAnswer, SYMPTOMS, type Outcome } from './symptoms.ts';

/** What comes over the wire is read by the API's own code; what is in it, by the same code whatever it came through. */
const OF_THE_WIRE = new Set([
  'a refusal',
  'an answer that is cut off at its most tokens',
  'each tool call twice with one id for all',
  'tool arguments as an object',
  'an answer without usage',
  'an answer that does not say why it ended',
  'a connection that drops in the middle of a stream',
  'silence in the middle of a stream',
  'something else than JSON in a 200',
]);

describe.each(['chat', 'responses'] as const)('through %s, a model that gives', (api) => {
  let it_: TestDeployment;
  let plain: Outcome;

  beforeAll(async () => {
    it_ = await testDeployment({ brain: DILIGENT });
    const patient = { extends: 'standard' };
    // Long enough for a busy machine to send what it has.
    const hasty = { extends: 'standard', subtask: { callIdleSeconds: 4 } };
    writeFileSync(join(it_.home, 'config.json'), JSON.stringify({ classes: { patient, hasty } }));
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
    await it_.startWorker({ provider: { api } });
    plain = await run([]);
  });
  afterAll(async () => {
    delete process.env.MUSTER_CONFIG;
    await it_.stop();
  });

  async function run(faults: Fault[], isSilent = false): Promise<Outcome> {
    const before = it_.model.requests.length;
    it_.model.clearFaults();
    const injected = faults.map((fault) => it_.model.inject(fault));
    const input = { goal: GOAL, sources: [it_.docs], class: isSilent ? 'hasty' : 'patient' };
    const task = await it_.client.start(input);
    const result = await task.result();
    for (const { hits } of injected) expect(hits).toBeGreaterThan(0);
    return { result, asked: it_.model.requests.slice(before) };
  }

  test('what it should gives the right answer over that address, streamed, with tools, schema and usage', () => {
    hasRightAnswer(plain);
    const path = api === 'chat' ? '/v1/chat/completions' : '/v1/responses';
    for (const one of plain.asked) expect(one).toMatchObject({ path, stream: true, finished: true });
    expect(plain.asked.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['muster_plan', 'muster_findings', 'muster_answer']),
    );
    expect(plain.result.usage.toolCalls).toBeGreaterThan(0);
    const sum = (of: (one: RequestRecord) => number): number => plain.asked.reduce((total, one) => total + of(one), 0);
    expect(plain.result.usage).toMatchObject({
      modelCalls: plain.asked.length,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      wastedTokens: 0,
    });
  });

  const tried = cases(SYMPTOMS, ({ name }) => api === 'chat' || OF_THE_WIRE.has(name));
  test.each(tried.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { faults, more, wastes, holds = hasRightAnswer }) => {
      const isSilent = faults.some(({ kind }) => kind === 'stall');
      const outcome = await run(faults, isSilent);
      holds(outcome);
      expect(outcome.asked.length - plain.asked.length).toBe(more);
      if (wastes) expect(outcome.result.usage.wastedTokens).toBeGreaterThan(0);
      else expect(outcome.result.usage.wastedTokens).toBe(0);
    },
  );
});
