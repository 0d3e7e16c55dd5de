// responses.test.ts: the Responses API of the simulator, as the real openai client uses it.

import OpenAI from 'openai';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { clientOf, LIBRARY } from './support.ts';

type Events = OpenAI.Responses.ResponseStreamEvent[];

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

const functionTool = (name: string, property: string): OpenAI.Responses.FunctionTool => ({
  type: 'function',
  name,
  strict: false,
  parameters: { type: 'object', properties: { [property]: { type: 'string' } }, required: [property] },
});
const format = (name: string) => ({ format: { type: 'json_schema' as const, name, schema: {} } });
const HELLO = { model: 'muster-offline', input: 'Hello there' };
const RESEARCH = {
  model: 'muster-offline',
  instructions: 'You research documents.',
  input: [
    {
      role: 'user' as const,
      content: '<subtask>Compare `parsely` and `optiona`: which exit code do unknown options give?</subtask>',
    },
  ] as OpenAI.Responses.ResponseInput,
  tools: [functionTool('find', 'query'), functionTool('open', 'source')],
  text: format('muster_findings'),
};

async function streamed(body: object): Promise<Events> {
  const events: Events = [];
  const stream = await client.responses.create({ ...HELLO, ...body, stream: true });
  for await (const event of stream) events.push(event);
  return events;
}

test('a client gets a whole response with text and usage', async () => {
  const response = await client.responses.create(HELLO);
  expect(response).toMatchObject({ object: 'response', status: 'completed', error: null });
  expect(response.output_text).toContain('offline model');
  const { input_tokens: input = 0, output_tokens: output = 0, total_tokens: total } = response.usage ?? {};
  expect(input).toBeGreaterThan(0);
  expect(output).toBeGreaterThan(0);
  expect(total).toBe(input + output);
});

test('a streaming client gets the same response in numbered events, from created to completed', async () => {
  const whole = await client.responses.create(HELLO);
  const events = await streamed({});
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, i) => i));
  expect(events[0]?.type).toBe('response.created');
  const deltas = events.filter((event) => event.type === 'response.output_text.delta');
  expect(deltas.length).toBeGreaterThan(2);
  expect(deltas.map((event) => event.delta).join('')).toBe(whole.output_text);
  const last = events.at(-1);
  expect(last?.type === 'response.completed' && last.response.output).toEqual(whole.output);
  expect(last?.type === 'response.completed' && last.response.usage).toEqual(whole.usage);
});

test("the client's own stream helper accumulates a streamed response with function calls", async () => {
  const whole = await client.responses.create(RESEARCH);
  const final = await client.responses.stream(RESEARCH).finalResponse();
  const callsOf = (output: OpenAI.Responses.ResponseOutputItem[]) =>
    output.flatMap((item) => (item.type === 'function_call' ? [[item.call_id, item.name, item.arguments]] : []));
  expect(callsOf(whole.output).length).toBeGreaterThan(1);
  expect(callsOf(final.output)).toEqual(callsOf(whole.output));
});

test('a sub-agent works to its end over responses as it does over chat', async () => {
  const input = [...RESEARCH.input];
  const first = await client.responses.create({ ...RESEARCH, input });
  for (const item of first.output) {
    if (item.type !== 'function_call') continue;
    expect(JSON.parse(item.arguments)).toHaveProperty('query');
    input.push(item, {
      type: 'function_call_output',
      call_id: item.call_id,
      output: JSON.stringify({ passages: LIBRARY.map((doc) => ({ ...doc, id: doc.source })) }),
    });
  }
  const events = await streamed({ ...RESEARCH, input, tool_choice: 'none' });
  const last = events.at(-1);
  const text = last?.type === 'response.completed' ? last.response.output.at(-1) : undefined;
  const part = text?.type === 'message' ? text.content[0] : undefined;
  const { findings } = JSON.parse(part?.type === 'output_text' ? part.text : '{}') as { findings: unknown[] };
  expect(findings.length).toBeGreaterThan(0);
  expect(simulator.requests.at(-1)).toMatchObject({ path: '/v1/responses', step: 'muster_findings', finished: true });
});

test('a client that limits the tokens gets an incomplete response', async () => {
  const response = await client.responses.create({ ...HELLO, max_output_tokens: 3 });
  expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  expect((await streamed({ max_output_tokens: 3 })).at(-1)?.type).toBe('response.incomplete');
});

test('tool_choice by name is obeyed', async () => {
  const response = await client.responses.create({ ...RESEARCH, tool_choice: { type: 'function', name: 'open' } });
  expect(response.output).toMatchObject([{ type: 'function_call', name: 'open', status: 'completed' }]);
});

test.each([
  ['no input', { input: undefined }, 'input'],
  ['an earlier response', { previous_response_id: 'resp_1' }, 'previous_response_id'],
  ['a hosted tool', { tools: [{ type: 'web_search' }] }, 'tools[0].type'],
  ['an item of an unknown kind', { input: [{ type: 'item_reference', id: 'x' }] }, 'input[0].type'],
])('a body with %s gets 400 with the parameter named', async (_what, change, param) => {
  const asked = client.responses.create({ ...HELLO, ...change } as typeof HELLO);
  const error: unknown = await asked.then(
    () => undefined,
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ param });
});
