// What a request holds of earlier replies, in real tasks: all that its server sent to that server, nothing of it to another, and
// nothing that any would refuse.

import { join } from 'node:path';
import { readFileSync, readdirSync } from 'node:fs';
import { modelLine, openaiProvider } from '../../activities/index.ts';
import type { TaskFailedError } from '../../client/index.ts';
import { summaryLine } from '../../client/cli/render/summary.ts';
import { TEST_KEY, testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { quirkServer, type QuirkServer, type Ways } from '../rig/quirk-server.ts';
import { call, scripted } from '../agents/scripted.ts';
import { DILIGENT, FIRST, GOAL, hasRightAnswer } from './symptoms.ts';
import { answer, asking, FULL, oddServer, refuse } from './odd-server.ts';

type Json = Record<string, unknown>;
interface Message extends Json {
  role?: string;
  type?: string;
  content?: unknown;
  tool_calls?: { id: string; function: { arguments: string }; extra_content?: unknown }[];
}

const messagesIn = (body: Json): Message[] => (body.messages ?? body.input) as Message[];
const callsIn = (body: Json): { id: string; args: string }[] =>
  messagesIn(body).flatMap((one) => [
    ...(one.tool_calls ?? []).map(({ id, function: { arguments: args } }) => ({ id, args })),
    ...(one.type === 'function_call' ? [{ id: String(one.call_id), args: String(one.arguments) }] : []),
  ]);
const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
};

describe.each(['chat', 'responses'] as const)('through %s', (api) => {
  let it_: TestDeployment;
  let servers: QuirkServer[];
  beforeEach(async () => {
    it_ = await testDeployment({ brain: DILIGENT });
    servers = [];
  });
  afterEach(async () => {
    await it_.stop();
    await Promise.all(servers.map((one) => one.close()));
  });

  const server = async (ways: Omit<Ways, 'api'>): Promise<QuirkServer> => {
    const one = await quirkServer(it_.model.url, { api, ...ways });
    servers.push(one);
    return one;
  };
  const line = (model: string, { url }: QuirkServer) =>
    modelLine(openaiProvider({ model, wireModel: 'muster-offline', apiKey: TEST_KEY, baseURL: url, api }));
  const run = async () => await (await it_.client.start({ goal: GOAL, sources: [it_.docs] })).result();
  const inLogs = (): string => {
    const folder = join(it_.home, 'store');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ndjson'));
    return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  };

  /** Reasoning beside the words, and a signature on each call, as this API has them. */
  const signed = (reply: Json[]): Json[] =>
    api === 'chat'
      ? reply.map((message) => ({
          ...message,
          reasoning_content: 'I look it up first.',
          reasoning_details: [{ type: 'reasoning.encrypted', data: 'sealed', index: 0 }],
          ...(message.tool_calls
            ? {
                tool_calls: (message.tool_calls as Json[]).map((one) => ({
                  ...one,
                  extra_content: { any: { signature: 'c2ln' } },
                })),
              }
            : {}),
        }))
      : [
          { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed' },
          ...reply.map((item) => (item.type === 'function_call' ? { ...item, signature: 'c2ln' } : item)),
        ];
  const lacksSignature = (body: Json): boolean => {
    const messages = messagesIn(body);
    const made = callsIn(body).length;
    const text = JSON.stringify(messages);
    return made > 0 && (text.split('c2ln').length - 1 < made || !text.includes('sealed'));
  };

  test('reasoning, signatures and fields of its own go back whole to the server that sent them', async () => {
    const one = await server({
      say: signed,
      refuse: (body) => (lacksSignature(body) ? { status: 400, message: 'a signature is missing' } : undefined),
    });
    await it_.startWorker({ models: [line('own', one)] });
    const result = await run();
    hasRightAnswer({ result, asked: [] });
    expect(one.refused).toEqual([]);
    const last = one.bodies.find((body) => callsIn(body).length > 0);
    expect(last && callsIn(last)).toHaveLength(2);
    const again = JSON.stringify(last);
    for (const own of api === 'chat'
      ? ['I look it up first.', 'reasoning.encrypted', 'signature']
      : ['rs_1', 'signature'])
      expect(again).toContain(own);
    expect(inLogs()).toContain('sealed');
    expect(inLogs()).not.toContain(TEST_KEY);
  });

  test('what would show the key is not kept', async () => {
    const one = await server({
      say: (reply) =>
        api === 'chat'
          ? reply.map((message) => ({ ...message, debug: { authorization: `Bearer ${TEST_KEY}` } }))
          : [{ type: 'debug', authorization: `Bearer ${TEST_KEY}` }, ...reply],
    });
    await it_.startWorker({ models: [line('own', one)] });
    hasRightAnswer({ result: await run(), asked: [] });
    expect(inLogs()).not.toContain(TEST_KEY);
  });

  test('the next model goes on where the first one left off, with ids that it takes and nothing of the first’s own', async () => {
    const first = await server({
      say: signed,
      refuse: (body) => (callsIn(body).length > 0 ? { status: 503, message: 'overloaded' } : undefined),
    });
    const second = await server({
      refuse: (body) =>
        callsIn(body).some(({ id }) => !/^[a-zA-Z0-9]{9}$/.test(id))
          ? { status: 400, message: 'Tool call id must be a-z, A-Z, 0-9, with a length of 9.' }
          : undefined,
    });
    await it_.startWorker({ models: [line('one', first), line('two', second)] });
    const result = await run();
    hasRightAnswer({ result, asked: [] });
    expect(second.refused).toEqual([]);
    expect(second.bodies.some((body) => callsIn(body).length === 2)).toBe(true);
    for (const own of ['sealed', 'c2ln', 'I look it up first.', 'reasoning'])
      expect(JSON.stringify(second.bodies.map(messagesIn))).not.toContain(own);
    // Each result is told of the call that it belongs to.
    for (const body of second.bodies) {
      const told = messagesIn(body).flatMap(({ tool_call_id: a, type, call_id: b }) =>
        a ? [a] : type === 'function_call_output' ? [b] : [],
      );
      expect(told).toEqual(callsIn(body).map(({ id }) => id));
    }
  });

  test('arguments are JSON objects, and no message of the model is empty', async () => {
    const one = await server({
      refuse: (body) => {
        const bad = callsIn(body).find(({ args }) => !isObject(args));
        if (bad) return { status: 400, message: `arguments are no object: ${bad.args}` };
        const isEmpty = messagesIn(body).some(
          ({ role, content, tool_calls: made }) => role === 'assistant' && !content && !made,
        );
        return isEmpty ? { status: 400, message: 'the message with role assistant must not be empty' } : undefined;
      },
      say: (reply) => reply,
    });
    await it_.startWorker({ models: [line('own', one)] });
    it_.model.inject({ kind: 'bad-tool-call', call: 'broken-arguments', ...FIRST });
    it_.model.inject({ kind: 'bad-output', output: 'empty', match: { step: 'muster_findings', nth: 2 } });
    it_.model.inject({ kind: 'bad-output', output: 'empty', match: { step: 'muster_plan' } });
    const result = await run();
    hasRightAnswer({ result, asked: [] });
    expect(one.refused).toEqual([]);
    expect(one.bodies.flatMap(callsIn).length).toBeGreaterThan(0);
  });

  test('counts that are no numbers are estimated, and said to be', async () => {
    const one = await server({
      usage: { prompt_tokens: '100', completion_tokens: -1, input_tokens: '100', output_tokens: -1, total_tokens: 'x' },
    });
    await it_.startWorker({ models: [line('own', one)] });
    const result = await run();
    const { usage } = result;
    expect(usage.inputTokens).toBe(100 * usage.modelCalls);
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(usage.estimatedTokens).toBe(usage.outputTokens);
    expect(summaryLine(result)).toMatch(/ tokens \([\d,]+ estimated\)/);
  });

  test('calls that a server leaves in the text are made, and a note says so', async () => {
    const asText = (calls: { name: string; args: string }[]): string =>
      calls.map(({ name, args }) => `<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`).join('\n');
    const one = await server({
      say: (reply) => {
        const made = reply.flatMap((item) =>
          api === 'chat'
            ? ((item.tool_calls ?? []) as { function: { name: string; arguments: string } }[]).map(
                (tool) => tool.function,
              )
            : item.type === 'function_call'
              ? [item as unknown as { name: string; arguments: string }]
              : [],
        );
        if (made.length === 0) return reply;
        const text = asText(made.map(({ name, arguments: args }) => ({ name, args })));
        return api === 'chat'
          ? [{ role: 'assistant', content: text }]
          : [{ type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text }] }];
      },
    });
    await it_.startWorker({ models: [line('own', one)] });
    const result = await run();
    hasRightAnswer({ result, asked: [] });
    expect(result.usage.toolCalls).toBe(2);
    expect(result.notes?.join()).toContain('tool call parser');
  });
});

test('a server that refuses the fields that it sent itself gets them no more, at the price of one refusal', async () => {
  const it_ = await testDeployment({ brain: DILIGENT });
  const one = await quirkServer(it_.model.url, {
    api: 'chat',
    say: (reply) => reply.map((message) => ({ ...message, reasoning: 'hm' })),
    refuse: (body) =>
      messagesIn(body).some((message) => 'reasoning' in message)
        ? { status: 400, message: "property 'reasoning' is unsupported" }
        : undefined,
  });
  const provider = openaiProvider({ model: 'own', wireModel: 'muster-offline', apiKey: TEST_KEY, baseURL: one.url });
  await it_.startWorker({ models: [modelLine(provider)] });
  try {
    for (let run = 0; run < 2; run += 1) {
      const result = await (await it_.client.start({ goal: GOAL, sources: [it_.docs] })).result();
      hasRightAnswer({ result, asked: [] });
    }
    expect(one.refused).toHaveLength(1);
  } finally {
    await it_.stop();
    await one.close();
  }
});

test('through responses, what was said before goes back as items that say of which type they are', async () => {
  const inputs: Record<string, unknown>[][] = [];
  const server = await oddServer(({ body, response }) => {
    const input = body.input as unknown as Record<string, unknown>[];
    inputs.push(input);
    if (input.some(({ type }) => type === undefined))
      return refuse(response, 400, { error: { code: 400, message: "Cannot determine type of 'item'" } });
    answer('responses', response, { text: '{"n":2}' });
  });
  try {
    const { ask } = asking(server.url, 'responses');
    const { text } = await ask();
    await ask({
      ...FULL,
      messages: [...FULL.messages, { role: 'assistant', content: text }, ...FULL.messages.slice(1)],
    });
    expect(inputs.map((input) => input.map(({ type, role }) => `${String(type)} ${String(role)}`))).toEqual([
      ['message system', 'message user'],
      ['message system', 'message user', 'message assistant', 'message user'],
    ]);
  } finally {
    await server.close();
  }
});

test.each([
  [
    'claims only what stands nowhere',
    {
      findings: [
        { claim: 'It never polls.', citations: [{ source: 'lighthouse.md', quote: 'It never polls anything.' }] },
      ],
      missing: [],
    },
    'nothing that the model claimed stands in a source',
  ],
  ['finds nothing and has called no tool', { findings: [], missing: ['Nothing is said of it.'] }, 'called no tool'],
])('a subtask whose model %s has failed, and its model is asked for no answer', async (_what, findings, words) => {
  const it_ = await testDeployment({ brain: scripted({ turn: () => undefined, findings: () => findings }) });
  await it_.startWorker();
  try {
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    const error = (await task.result().catch((caught: unknown) => caught)) as TaskFailedError;
    const failure = error.coverage?.subtasks[0]?.failure;
    expect(failure).toMatchObject({ type: 'ModelOutputInvalid', message: expect.stringContaining(words) });
    expect(it_.model.requests.map(({ step }) => step)).not.toContain('muster_answer');
  } finally {
    await it_.stop();
  }
});

test('an answer of no findings is written by code, of what was looked for', async () => {
  const it_ = await testDeployment({
    brain: scripted({
      turn: (_goal, results) => (results.length === 0 ? [call('search_documents', { query: 'poll' })] : undefined),
      findings: () => ({ findings: [], missing: ['Nothing is said of tides.'] }),
    }),
  });
  await it_.startWorker();
  try {
    const result = await (await it_.client.start({ goal: GOAL, sources: [it_.docs] })).result();
    expect(result.answer?.gaps).toContain('Nothing is said of tides.');
    expect(it_.model.requests.map(({ step }) => step)).not.toContain('muster_answer');
  } finally {
    await it_.stop();
  }
});

test('a subtask whose every tool call failed, and which found nothing, is not done', async () => {
  const it_ = await testDeployment({
    brain: scripted({
      turn: (_goal, results) => (results.length === 0 ? [call('look_everywhere', { query: 'poll' })] : undefined),
      findings: () => ({ findings: [], missing: ['Nothing is said about it.'] }),
    }),
  });
  await it_.startWorker();
  try {
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    const error = (await task.result().catch((caught: unknown) => caught)) as TaskFailedError;
    expect(error.failure).toMatchObject({ type: 'AllSubtasksFailed' });
    expect(error.coverage?.subtasks[0]?.failure).toMatchObject({ type: 'ToolsFailed' });
    expect(error.coverage?.subtasks[0]?.failure?.message).toContain('there is no tool');
  } finally {
    await it_.stop();
  }
});
