// A conversation that grows beyond the model's window: old results are shortened, what was asked and found last stays.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelLine, openaiProvider, type ModelProvider } from '../../activities/index.ts';
import { windowNamed } from '../../activities/models/openai-faults.ts';
import { estimateTokens } from '../../activities/text/estimate-tokens.ts';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { TEST_KEY, testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { call, finding, scripted } from './scripted.ts';

const SEARCHES = 6;
const WINDOW = 6_000;
/** Sections that all searches find, so long that six results are more than the window. */
const SECTIONS = Array.from(
  { length: 60 },
  (_, n) =>
    `## Pier ${n}\n\n${`The harbour lighthouse at pier ${n} turns slowly, and is painted each spring. `.repeat(12)}\n`,
);

describe('a sub-agent that reads more than its model’s window holds', () => {
  let it_: TestDeployment;
  let model: Simulator;
  beforeEach(async () => {
    it_ = await testDeployment();
    model = await startSimulator({
      model: 'small',
      brain: scripted({
        turn: (_goal, results) =>
          results.length < SEARCHES
            ? [call('search_documents', { query: `harbour lighthouse ${results.length}`, limit: null })]
            : undefined,
        findings: () => ({ findings: [finding('It polls.')], missing: [] }),
      }),
    });
  });
  afterEach(async () => {
    await it_.stop();
    await model.close();
  });

  const provider = (contextTokens?: number): ModelProvider =>
    openaiProvider({
      model: 'small',
      apiKey: TEST_KEY,
      baseURL: model.url,
      ...(contextTokens === undefined ? {} : { contextTokens }),
    });
  const sizes = (): number[] =>
    model.requests
      .filter(({ step, status }) => step === 'muster_findings' && status === 200)
      .map(({ body }) => estimateTokens(body?.messages));
  const run = async (one: ModelProvider) => {
    const docs = join(it_.home, '..', 'piers');
    mkdirSync(docs, { recursive: true });
    writeFileSync(join(docs, 'piers.md'), SECTIONS.join('\n'));
    writeFileSync(join(docs, 'lighthouse.md'), readFileSync(join(it_.docs, 'lighthouse.md')));
    await it_.startWorker({ models: [modelLine(one)] });
    return await (await it_.client.start({ goal: 'anything', sources: [docs] })).result();
  };

  test('asks with old results shortened', async () => {
    const result = await run(provider(WINDOW));
    expect(result.coverage.done).toBe(1);
    expect(sizes()).toHaveLength(SEARCHES + 1);
    expect(Math.max(...sizes())).toBeLessThan(WINDOW);
    const last = JSON.stringify(model.requests.findLast(({ step }) => step === 'muster_findings')?.body);
    expect(last).toContain('shortened to save room');
  });

  test('and whose server alone knows the window learns it from the refusal, and goes on', async () => {
    model.inject({
      kind: 'status',
      status: 400,
      body: {
        error: { code: 'context_length_exceeded', message: "This model's maximum context length is 3000 tokens." },
      },
      match: { step: 'muster_findings', nth: 4 },
    });
    const one = provider();
    const result = await run(one);
    expect(result.coverage.done).toBe(1);
    expect(one.contextTokens).toBe(3_000);
    const calls = model.requests.filter(({ step }) => step === 'muster_findings');
    const at = calls.findIndex(({ status }) => status === 400);
    const [refused, again] = calls.slice(at).map(({ body }) => estimateTokens(body?.messages));
    expect(again).toBeLessThan(refused ?? 0);
  });
});

test('a character of Chinese counts as a token, four of English as one', () => {
  expect(estimateTokens('harbours')).toBe(2);
  expect(estimateTokens('港口灯塔')).toBe(4);
  expect(estimateTokens('маяк')).toBe(2);
});

test.each([
  ['maximum context length is 8192 tokens', 8_192],
  ['exceeds the context window of 128k tokens', 128_000],
  ['the model’s context length is only 131,072 tokens', 131_072],
  ['context window exceeded (error 400)', undefined],
  ['prompt is too long: 213462 tokens > 200000 maximum', 200_000],
  ['The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
  ['Prompt contains 40000 tokens, too large for model with 32768 maximum context length', 32_768],
])('a server that refuses with “%s” names %s tokens', (message, tokens) => {
  expect(windowNamed({ message })).toBe(tokens);
});
