// One provider alone: its outage, its places, and streams that are not what they should be.

import { CallClock } from '../../activities/loop/call-clock.ts';
import { modelLine, openaiProvider, providerGate, type ModelReply } from '../../activities/index.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { testDeployment, TEST_KEY, type TestDeployment } from '../rig/deployment.ts';
import { serve } from '../tools/support.ts';
import { call, finding, scripted } from './scripted.ts';

describe('a task with one provider', () => {
  let it_: TestDeployment;
  afterEach(() => it_.stop());

  const begin = async (latencyMs: number, parts: number): Promise<void> => {
    it_ = await testDeployment({
      latencyMs,
      brain: scripted({
        plan: Array.from({ length: parts }, (_one, at) => ({ title: `${at}`, goal: `part ${at}` })),
        turn: (_goal, results) => (results.length === 0 ? [call('search_documents', { query: 'poll' })] : undefined),
        findings: (goal) => ({ findings: [finding(goal)], missing: [] }),
      }),
    });
  };
  const provider = () =>
    openaiProvider({ model: 'muster-offline', apiKey: TEST_KEY, baseURL: it_.model.url, offline: true });

  test('that is out in the middle of the fan-out, for longer than any one would try, costs time and nothing else', async () => {
    await begin(0, 5);
    await it_.startWorker({ models: [modelLine(provider(), providerGate({ failures: 2, coolSeconds: 1 }))] });
    it_.model.inject({ kind: 'status', status: 503, times: 10_000, match: { step: 'muster_findings' } });
    setTimeout(() => it_.model.clearFaults(), 9_000);
    const result = await (await it_.client.start({ goal: 'anything', sources: [it_.docs] })).result();
    expect(result.coverage.done).toBe(5);
  });

  test('has its plan read once by a worker, however many subtasks that visits', async () => {
    await begin(0, 6);
    const reads = jest.spyOn(it_.store, 'getBlob');
    await it_.startWorker();
    const { coverage } = await (await it_.client.start({ goal: 'anything', sources: [it_.docs] })).result();
    expect(coverage.done).toBe(6);
    const blobs = await Promise.all(reads.mock.results.map(({ value }) => value as Promise<Uint8Array>));
    const isPlan = (blob: Uint8Array): boolean => /"subtasks":\[/.test(Buffer.from(blob).toString());
    expect(blobs.filter(isPlan)).toHaveLength(1);
  });

  test('that has one place for three sub-agents does not count their waiting for it as work', async () => {
    await begin(300, 6);
    await it_.startWorker({ models: [modelLine(provider(), providerGate({ concurrency: 1 }))] });
    const began = Date.now();
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    const { coverage, run } = await task.result();
    const took = Date.now() - began;
    expect(coverage.done).toBe(6);
    const logs = await Promise.all(
      coverage.subtasks.map(({ subtask }) => it_.store.readLog<LogRecord>({ run, subtask, generation: 1 })),
    );
    // One after the other: together their calls can't work for longer than the whole task took.
    const worked = logs.flat().flatMap((record) => (record.t === 'model' ? [record.ms] : []));
    expect(worked).toHaveLength(12);
    expect(worked.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(took);
  });
});

test('a call that is cancelled while it waits for a place is dropped at once, and never made', async () => {
  let made = 0;
  let end: (() => void) | undefined;
  const reply: ModelReply = { text: '', toolCalls: [], inputTokens: 0, outputTokens: 0 };
  const line = modelLine(
    {
      model: 'm',
      offline: true,
      generate: () => Promise.resolve(reply),
      classify: () => ({ type: 'ModelUnavailable', message: '' }),
    },
    providerGate({ concurrency: 1 }),
  );
  const first = line.call(
    new AbortController().signal,
    () => new Promise<void>((done) => (end = done)),
    () => undefined,
  );
  const stop = new AbortController();
  const second = line.call(
    stop.signal,
    async () => void (made += 1),
    () => undefined,
  );
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  end?.();
  await first;
  await line.call(
    new AbortController().signal,
    () => Promise.resolve(),
    () => undefined,
  );
  expect(made).toBe(0);
});

test('a provider that is down stays so when the call that tries it is cancelled, waiting or under way', async () => {
  const gate = providerGate({ concurrency: 1, failures: 1, coolSeconds: 0.2 });
  const line = modelLine(
    {
      model: 'm',
      offline: true,
      generate: () => Promise.reject(new Error('unused')),
      classify: () => ({ type: 'ModelUnavailable', message: 'down' }),
    },
    gate,
  );
  const call = (signal: AbortSignal, make: () => Promise<unknown>) => line.call(signal, make, () => undefined);
  jest.useFakeTimers();
  const cooled = () => jest.advanceTimersByTime(250);
  const { signal } = new AbortController();
  const refused = () => call(signal, () => Promise.reject(new Error('503')));
  await expect(refused()).rejects.toThrow('down');
  expect(gate.closedForMs()).toBeGreaterThan(0);

  cooled();
  const underWay = new AbortController();
  const trial = call(
    underWay.signal,
    () => new Promise((_done, failed) => underWay.signal.addEventListener('abort', () => failed(new Error('cut')))),
  );
  const waiting = new AbortController();
  const behind = call(waiting.signal, () => Promise.resolve());
  waiting.abort(new Error('enough'));
  await expect(behind).rejects.toThrow('enough');
  underWay.abort(new Error('stop'));
  await expect(trial).rejects.toThrow('stop');
  // Neither found out whether it is back.
  expect(gate.closedForMs()).toBeGreaterThan(0);

  cooled();
  await call(signal, () => Promise.resolve());
  expect(gate.closedForMs()).toBe(0);
  jest.useRealTimers();
});

test.each([
  ['standard', 45, false],
  ['thorough', 45, false],
  ['quick', 45, true],
  ['standard', 61, true],
] as const)('a model of class %s that is silent for %i s is given up: %s', (name, seconds, isGivenUp) => {
  jest.useFakeTimers();
  try {
    const clock = new CallClock(new AbortController().signal, BUILT_IN_CLASSES[name].subtask, 0);
    clock.start();
    jest.advanceTimersByTime(seconds * 1_000);
    expect(clock.signal.aborted).toBe(isGivenUp);
    clock.stop();
  } finally {
    jest.useRealTimers();
  }
});

test('a server that refuses the schema’s form is asked in words, also by calls that are under way together', async () => {
  const forms: string[] = [];
  const ALL = 6;
  // Together, as a fan-out's first calls are: none of a form is answered before all are there, however busy the machine is.
  const held = new Map<string, (() => void)[]>();
  const together = (form: string, refuseIt: () => void): void => {
    const others = held.get(form) ?? [];
    held.set(form, [...others, refuseIt]);
    if (others.length + 1 === ALL) held.get(form)?.forEach((one) => one());
  };
  const server = await serve((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const form = (JSON.parse(body) as { response_format?: { type: string } }).response_format?.type ?? 'words';
      forms.push(form);
      if (form !== 'words')
        return together(form, () =>
          response
            .writeHead(400, { 'content-type': 'application/json' })
            .end(JSON.stringify({ error: { message: `response_format ${form} is not supported` } })),
        );
      const delta = { content: '{"n":1}' };
      const chunk = { choices: [{ index: 0, delta, finish_reason: 'stop' }] };
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(chunk)}\n\n`);
    });
  });
  const one = openaiProvider({ model: 'm', apiKey: TEST_KEY, baseURL: `${server.origin}/v1` });
  const ask = () =>
    one.generate(
      { messages: [{ role: 'user', content: 'x' }], format: { name: 'n', schema: { type: 'object' } } },
      { signal: new AbortController().signal, onBytes: () => undefined },
    );
  const replies = await Promise.all(Array.from({ length: ALL }, ask));
  expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: ALL }, () => '{"n":1}'));
  expect(forms.filter((form) => form === 'json_schema')).toHaveLength(ALL);
  await ask();
  expect(forms.at(-1)).toBe('words');
  expect(forms).toHaveLength(19);
  await server.close();
});

describe('a stream', () => {
  const sse = (events: unknown[]): string => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const ask = async (api: 'chat' | 'responses', events: unknown[]): Promise<{ type: string } | ModelReply> => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sse(events)),
    );
    const one = openaiProvider({ model: 'm', apiKey: TEST_KEY, baseURL: `${server.origin}/v1`, api });
    try {
      const { signal } = new AbortController();
      return await one.generate({ messages: [{ role: 'user', content: 'x' }] }, { signal, onBytes: () => undefined });
    } catch (error) {
      return one.classify(error);
    } finally {
      await server.close();
    }
  };
  const chunk = (delta: object) => ({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta }] });

  test('whose tool call has a far place in the list costs no time', async () => {
    const far = chunk({ tool_calls: [{ index: 4e9, id: 'a', function: { name: 'x', arguments: '{}' } }] });
    expect(await ask('chat', [far])).toMatchObject({ toolCalls: [{ id: 'a', name: 'x', arguments: '{}' }] });
  });

  test('of responses that ends in the middle is no answer', async () => {
    const delta = { type: 'response.output_text.delta', delta: '{"findings":[]', item_id: 'i', output_index: 0 };
    expect(await ask('responses', [delta])).toMatchObject({ type: 'ModelUnavailable' });
  });

  test('that ends in order in the middle of a call, or of an answer, is no answer', async () => {
    const call = (args: string) =>
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'x', arguments: args } }] });
    expect(await ask('chat', [call('{"amount": 10')])).toMatchObject({ type: 'ModelUnavailable' });
    expect(await ask('chat', [chunk({ content: '{"findings": [' })])).toMatchObject({ type: 'ModelUnavailable' });
    // Whole, though badly written or followed by words: that is mended elsewhere.
    for (const whole of ['{"a":1,} That is all.', "{'a': 1}", '{"a":"}"}'])
      expect(await ask('chat', [chunk({ content: whole })])).toMatchObject({ text: whole });
    expect(await ask('chat', [call('{"amount": 10}')])).toMatchObject({ toolCalls: [{ name: 'x' }] });
    const responses = [
      { type: 'response.output_item.done', item: { type: 'reasoning', id: 'r', summary: [] }, output_index: 0 },
      { type: 'response.output_item.added', item: { type: 'function_call', name: 'x' }, output_index: 1 },
    ];
    expect(await ask('responses', responses)).toMatchObject({ type: 'ModelUnavailable' });
  });

  test.each([
    ['insufficient_quota', 'ModelQuotaExhausted'],
    ['rate_limit_exceeded', 'ModelRateLimited'],
    ['server_error', 'ModelUnavailable'],
  ])('of responses that fails with %s means %s', async (code, type) => {
    const failed = { type: 'response.failed', response: { error: { code, message: 'no' } } };
    expect(await ask('responses', [failed])).toMatchObject({ type });
  });
});
