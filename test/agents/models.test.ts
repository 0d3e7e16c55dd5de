// Several models: who is asked, when another is, what it costs. Real HTTP servers, one of them down.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelLine, modelLines, openaiProvider, providerGate } from '../../activities/index.ts';
import { ModelCallError } from '../../activities/models/model-line.ts';
import { ANSWER_PROMPT } from '../../activities/text/prompts/answer-prompt.ts';
import { DATA_PROMPT } from '../../activities/text/prompts/data-prompt.ts';
import { FINDINGS_PROMPT } from '../../activities/text/prompts/findings-prompt.ts';
import { PLAN_PROMPT } from '../../activities/text/prompts/plan-prompt.ts';
import { defineClass, type TaskInput } from '../../client/index.ts';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { modelsConfig } from '../../worker/model-config.ts';
import { configuredModels } from '../../worker/configured-models.ts';
import { configFile, readConfigFile } from '../../protocol/schemas/config.ts';
import { describeConfig, workerConfig } from '../../worker/config.ts';
import { kindTable } from '../../worker/kind-table.ts';
import { BUILT_IN_KINDS } from '../../worker/mcp-kinds.ts';
import { TEST_KEY, testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { call, scripted } from './scripted.ts';

const SECRET = 'sk-second-5e0c-never-to-be-seen';

describe('a task with two models', () => {
  let it_: TestDeployment;
  let second: Simulator;
  const script = scripted({ plan: ['a', 'b', 'c'].map((goal) => ({ title: goal, goal })), turn: () => undefined });

  beforeEach(async () => {
    it_ = await testDeployment({ brain: script });
    second = await startSimulator({ model: 'second', brain: script });
  });
  afterEach(async () => {
    await it_.stop();
    await second.close();
  });

  const models = (gate = providerGate()) => [
    modelLine(
      openaiProvider({
        model: 'muster-offline',
        apiKey: TEST_KEY,
        baseURL: it_.model.url,
        prices: { input: 1, output: 2 },
      }),
      gate,
    ),
    modelLine(
      openaiProvider({ model: 'second', apiKey: SECRET, baseURL: second.url, prices: { input: 10, output: 20 } }),
    ),
  ];

  const run = async (input: Partial<TaskInput> = {}) => {
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], ...input });
    const result = await task.result();
    const events = [];
    for await (const event of task.events()) events.push(event);
    return { result, events };
  };

  test('goes on with the second when the first is down in the middle of the fan-out, and says so', async () => {
    await it_.startWorker({ models: models() });
    it_.model.inject({ kind: 'status', status: 503, match: { step: 'muster_findings' }, times: 1_000 });
    const { result, events } = await run();
    expect(result.coverage.done).toBe(3);
    expect(result.usage.byModel).toMatchObject({ 'muster-offline': { calls: 2 }, second: { calls: 3 } });
    const failovers = events.filter((event) => event.type === 'model.failover');
    expect(failovers).toHaveLength(3);
    expect(failovers[0]).toMatchObject({ from: 'muster-offline', to: 'second', reason: 'ModelUnavailable' });
    const { byModel = {}, costUsd } = result.usage;
    const cost = Object.values(byModel).reduce((sum, one) => sum + (one.costUsd ?? 0), 0);
    expect(costUsd).toBeCloseTo(cost, 10);
    expect(byModel.second?.costUsd).toBeCloseTo(
      ((byModel.second?.inputTokens ?? 0) * 10 + (byModel.second?.outputTokens ?? 0) * 20) / 1e6,
      10,
    );
  });

  test.each([true, false])(
    'one whose provider gives what is no reply is told by its field and not asked for it again; another one beside it: %s',
    async (isBeside) => {
      const [line, ...others] = models();
      if (!line) throw new Error('there is no model');
      let asked = 0;
      const generate = async () => {
        asked += 1;
        return { text: 5, toolCalls: [], inputTokens: 1, outputTokens: 1 } as never;
      };
      const odd = modelLine({ ...line.provider, generate });
      await it_.startWorker({ models: isBeside ? [odd, ...others] : [odd] });
      if (isBeside) {
        const { result } = await run();
        expect(result.coverage.done).toBe(3);
        expect(result.failovers?.[0]).toMatchObject({ where: 'plan', to: 'second', reason: 'ModelRequestRejected' });
      } else {
        const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
        await expect(task.result()).rejects.toThrow(
          'what the provider of muster-offline gave is no reply: text: must be a text, not a number',
        );
      }
      // Plan, three sub-agents, the answer; and the plan alone.
      expect(asked).toBe(isBeside ? 5 : 1);
    },
  );

  test('tells of the failover and the cost of a step that fails in the end, too', async () => {
    await it_.startWorker({ models: models() });
    it_.model.inject({ kind: 'status', status: 503, match: { step: 'muster_data' } });
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const { result, events } = await run({ outputSchema: schema });
    expect(result.coverage.gaps.join()).toContain('could not be given in the schema');
    const failover = { from: 'muster-offline', to: 'second', reason: 'ModelUnavailable' };
    expect(events).toContainEqual(expect.objectContaining({ type: 'model.failover', subtask: 'shape', ...failover }));
    expect(result.failovers).toEqual([{ where: 'shape', ...failover }]);
    expect(result.prompts).toContain(DATA_PROMPT);
    expect(result.usage.byModel?.second?.calls).toBeGreaterThanOrEqual(1);
  });

  test('asks a model that is down no more until it has cooled, and then tries it with one call', async () => {
    const coolSeconds = 3_600;
    const gate = providerGate({ failures: 2, coolSeconds });
    await it_.startWorker({ models: models(gate) });
    it_.model.inject({ kind: 'status', status: 503, times: 2 });
    await run();
    // Planned with the second after one failure; the sub-agents' calls met one more, then a closed line.
    const asked = it_.model.requests.length;
    expect(asked).toBeLessThanOrEqual(4);
    expect(gate.closedForMs()).toBeGreaterThan(0);
    const now = Date.now.bind(Date);
    const later = jest.spyOn(Date, 'now').mockImplementation(() => now() + coolSeconds * 1_000);
    await run().finally(() => later.mockRestore());
    expect(it_.model.requests.length).toBeGreaterThan(asked);
    expect(gate.closedForMs()).toBe(0);
  });

  test('one that fails the plan alone is named by an event and by the result, which also names the prompts', async () => {
    await it_.startWorker({ models: models() });
    it_.model.inject({ kind: 'status', status: 503, match: { step: 'muster_plan' } });
    const { result, events } = await run();
    const failover = { from: 'muster-offline', to: 'second', reason: 'ModelUnavailable' };
    expect(events.filter((event) => event.type === 'model.failover')).toMatchObject([{ subtask: 'plan', ...failover }]);
    expect(result.failovers).toEqual([{ where: 'plan', ...failover }]);
    // The same words as stand beside each call in the logs.
    expect(result.prompts).toEqual([ANSWER_PROMPT, FINDINGS_PROMPT, PLAN_PROMPT].sort());
  });

  test('one whose key is refused is passed over, and no key is in its history, events or logs', async () => {
    await it_.startWorker({ models: models() });
    it_.model.inject({
      kind: 'status',
      status: 401,
      times: 1_000,
      body: { error: { message: `bad key ${TEST_KEY}` } },
    });
    const { result, events } = await run();
    expect(result.usage.byModel).toEqual({ second: expect.anything() as unknown });
    const handle = it_.client.temporal.workflow.getHandle(result.taskId);
    const logs = await Promise.all(
      ['_plan', 's1', '_synthesize'].map((subtask) => it_.store.readLog({ run: result.run, subtask, generation: 1 })),
    );
    const all = JSON.stringify([await handle.fetchHistory(), events, logs, result]);
    for (const secret of [TEST_KEY, SECRET]) {
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
    }
  });

  test('one with a budget does not spend more than that however many work at once', async () => {
    const searching = scripted({
      plan: ['a', 'b', 'c'].map((goal) => ({ title: goal, goal })),
      turn: (_goal, results) => [call('search_documents', { query: `lighthouse ${results.length}`, limit: null })],
    });
    const busy = await startSimulator({ model: 'busy', brain: searching, latencyMs: 50 });
    const provider = openaiProvider({ model: 'busy', apiKey: TEST_KEY, baseURL: busy.url });
    await it_.startWorker({ models: [provider] });
    const tokens = 30_000;
    const task = await it_.client.start({
      goal: 'anything',
      sources: [it_.docs],
      class: defineClass('thrifty', { extends: 'thorough', verify: false, budget: { tokens } }),
    });
    const { usage, coverage } = await task.result();
    await busy.close();
    expect(coverage.done).toBeGreaterThan(1);
    expect(usage.toolCalls).toBeGreaterThan(3);
    expect(usage.inputTokens + usage.outputTokens).toBeLessThan(tokens);
  });

  test('one whose budget is spent answers from what is there', async () => {
    await it_.startWorker({ models: models(), slots: 1 });
    const path = join(it_.home, 'config.json');
    writeFileSync(path, JSON.stringify({ classes: { poor: { budget: { costUsd: 0.002 } } } }));
    process.env.MUSTER_CONFIG = path;
    const task = await it_.client
      .start({ goal: 'anything', sources: [it_.docs], class: 'poor' })
      .finally(() => delete process.env.MUSTER_CONFIG);
    const result = await task.result();
    expect(result.coverage.done).toBeLessThan(3);
    expect(JSON.stringify(result.coverage)).toContain('dollars');
  });
});

test('a provider’s calls at once are no more than its places, and those that wait go on in their order', async () => {
  const model = await startSimulator({ latencyMs: 60 });
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, model.inFlight)), 2);
  const line = modelLine(
    openaiProvider({ model: 'muster-offline', apiKey: 'x', baseURL: model.url }),
    providerGate({ concurrency: 3 }),
  );
  const { signal } = new AbortController();
  const ask = () =>
    line.call(
      signal,
      () =>
        line.provider.generate(
          { messages: [{ role: 'user', content: 'hello' }] },
          { signal, onBytes: () => undefined },
        ),
      () => undefined,
    );
  await Promise.all(Array.from({ length: 12 }, ask));
  clearInterval(look);
  expect(most).toBe(3);
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(
    line.call(
      stop.signal,
      async () => 1,
      () => undefined,
    ),
  ).rejects.toThrow('enough');
  await model.close();
});

test('a 400 is no outage: the line stays open', async () => {
  const gate = providerGate({ failures: 1 });
  const line = modelLine(openaiProvider({ model: 'nope', apiKey: 'x', baseURL: 'http://127.0.0.1:9' }), gate);
  const { signal } = new AbortController();
  const stopped = () => ({ type: 'ModelRequestRejected' as const, message: 'no' });
  await expect(line.call(signal, () => Promise.reject(new Error('x')), stopped)).rejects.toThrow(ModelCallError);
  expect(gate.closedForMs()).toBe(0);
  await expect(
    line.call(
      signal,
      () => Promise.reject(new Error('x')),
      () => ({ type: 'ModelUnavailable', message: 'down' }),
    ),
  ).rejects.toThrow('down');
  expect(gate.closedForMs()).toBeGreaterThan(0);
  // Whoever is told of a provider that nobody asks is told why.
  const call = line.call(signal, () => Promise.resolve(1), stopped);
  await expect(call).rejects.toThrow('failed again and again (down) and is left alone');
});

describe('the config of models', () => {
  const file = {
    providers: [
      {
        name: 'big',
        keyFrom: 'BIG_KEY',
        api: 'responses',
        models: [{ name: 'gpt-big', prices: { input: 1, output: 2 } }],
      },
      {
        name: 'own',
        baseURL: 'http://127.0.0.1:11434/v1',
        models: [{ name: 'small', model: 'llama3', contextTokens: 8_000 }],
      },
    ],
    classes: { quick: { models: ['small', 'gpt-big'] } },
  };

  test('gives each class its order, keys from the environment only, and describes itself without them', () => {
    const read = workerConfig({ env: { BIG_KEY: SECRET }, file: { path: '/c.json', value: file }, home: '/h/.muster' });
    if ('problems' in read) throw new Error(read.problems.join());
    const { models, orders } = read.config.models;
    expect(models.map(({ name, api }) => [name, api])).toEqual([
      ['gpt-big', 'responses'],
      ['small', 'chat'],
    ]);
    const lines = modelLines(configuredModels({ models, orders }).lines, orders);
    const names = (order: readonly string[]) => lines.inOrder(order).map(({ provider }) => provider.model);
    expect(names(lines.orderFor('quick'))).toEqual(['small', 'gpt-big']);
    expect(names(lines.orderFor('standard'))).toEqual(['gpt-big', 'small']);
    expect(names(['unknown'])).toEqual(['gpt-big', 'small']);
    expect(describeConfig(read.config)).toContain('models gpt-big, then small at 127.0.0.1:11434');
    expect(describeConfig(read.config)).not.toContain(SECRET);
  });

  test('puts the model that MUSTER_MODEL names first', () => {
    const problems: string[] = [];
    const config = configFile.parse(file);
    const env = { BIG_KEY: 'k', MUSTER_MODEL: 'small' };
    expect(modelsConfig(env, config, undefined, problems).orders.default).toEqual(['small', 'gpt-big']);
    const other = { BIG_KEY: 'k', MUSTER_MODEL: 'third', OPENAI_API_KEY: 'k3' };
    expect(modelsConfig(other, config, undefined, problems).orders.default).toEqual(['third', 'gpt-big', 'small']);
    expect(problems).toEqual([]);
  });

  test.each([
    [
      'a key in the file',
      { providers: [{ name: 'x', keyFrom: 'sk-abc', models: [{ name: 'm' }] }] },
      /environment variable/,
    ],
    [
      'a name twice',
      { providers: [{ name: 'x', models: [{ name: 'm' }, { name: 'm' }] }] },
      /two models are named "m"/,
    ],
    [
      'an unknown model',
      { providers: [{ name: 'x', models: [{ name: 'm' }] }], models: ['n'] },
      /no provider has a model named "n"/,
    ],
    ['an unknown model of a class', { classes: { quick: { models: ['n'] } } }, /classes\.quick\.models/],
  ])('refuses %s in words', (_what, value, words) => {
    const read = readConfigFile(value);
    expect('problems' in read ? read.problems.join('\n') : '').toMatch(words);
  });

  test.each([
    [`"${SECRET}"`, 'BIG_KEY has quotes around the key. Set it to the key alone.'],
    [`“${SECRET}`, 'BIG_KEY has quotes around the key. Set it to the key alone.'],
    [`${SECRET}\n`, 'BIG_KEY holds a blank, a line end or another character that no key has. Set it to the key alone.'],
    [`Bearer ${SECRET}`, 'BIG_KEY begins with "Bearer", which is sent before the key anyway. Set it to the key alone.'],
    [`BIG_KEY=${SECRET}`, 'BIG_KEY holds its own name before the key. Set it to the key alone.'],
  ])('names a key that can be none, without showing it (%#)', (key, problem) => {
    const fromFile = workerConfig({
      env: { BIG_KEY: key },
      file: { path: '/c.json', value: file },
      home: '/h/.muster',
    });
    expect(fromFile).toEqual({ problems: [problem] });
    const env = { MUSTER_MODEL: 'm', OPENAI_API_KEY: key.replace('BIG_KEY', 'OPENAI_API_KEY') };
    const fromEnvironment = workerConfig({ env, home: '/h/.muster' });
    expect(fromEnvironment).toEqual({ problems: [problem.replace('BIG_KEY', 'OPENAI_API_KEY')] });
  });

  test.each([
    [{ provider: [] }, 'the file: there is no "provider" (did you mean "providers"?) here'],
    [
      { providers: [{ name: 'a', base_url: 'x', modles: [] }] },
      'providers.0: there is no "base_url" (did you mean "baseURL"?) and no "modles" (did you mean "models"?) here',
    ],
    [{ classes: { a: { deadline: 3 } } }, 'classes.a: there is no "deadline" (did you mean "deadlineSeconds"?) here'],
    [{ mcpServers: {} }, 'the file: there is no "mcpServers" (did you mean "mcp"?) here'],
    [
      { mcp: [{ name: 'x', comand: 'y' }] },
      'mcp.0: command is missing; it is a text; there is no "comand" (did you mean "command"?) here',
    ],
    [
      { mcp: [{ name: 'x', ulr: 'y' }] },
      'mcp.0: url is missing; it is a text; there is no "ulr" (did you mean "url"?) here',
    ],
    [{ sandwich: 1 }, 'the file: there is no "sandwich" here'],
    [{ classes: { c: { budget: { usd: 1 } } } }, 'classes.c.budget: there is no "usd" (did you mean "costUsd"?) here'],
    [
      { classes: { c: { path: 'deap' } } },
      'classes.c.path: must be one of "auto", "fast", "deep" (did you mean "deep"?)',
    ],
    [
      { providers: [{ name: 'a', models: [{ name: 'small' }] }], models: ['smal'] },
      'models: no provider has a model named "smal" (did you mean "small"?)',
    ],
    [
      { mcp: [{ name: 'notes', command: 'x' }], mcpTools: { researcher: { note: ['*'] } } },
      'mcpTools.researcher: there is no MCP server "note" under "mcp" (did you mean "notes"?)',
    ],
  ])('names the key of a config file that was probably meant: %j', (value, words) => {
    expect(readConfigFile(value)).toEqual({ problems: [words] });
  });

  test('does not start with MCP tools for a kind that there is not', () => {
    const value = { mcp: [{ name: 'notes', command: 'x' }], mcpTools: { reseacher: { notes: ['*'] } } };
    const env = { MUSTER_OFFLINE_URL: 'http://127.0.0.1:1' };
    expect(workerConfig({ env, file: { path: '/c.json', value }, home: '/h/.muster' })).toEqual({
      problems: [
        'mcpTools: there is no kind of sub-agent "reseacher" (did you mean "researcher"?); there are researcher, verifier',
      ],
    });
    expect(() => kindTable({ mcpTools: { reseacher: {} } })).toThrow('did you mean "researcher"');
    expect([...kindTable({}).keys()]).toEqual(BUILT_IN_KINDS);
  });

  test('says which variable a missing key was to come from', () => {
    const read = workerConfig({ env: {}, file: { path: '/c.json', value: file }, home: '/h/.muster' });
    expect(read).toEqual({ problems: ['provider big takes its key from BIG_KEY, which is not set'] });
  });
});
