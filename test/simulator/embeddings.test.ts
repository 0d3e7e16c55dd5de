// embeddings.test.ts: the embeddings of the simulator, as the real openai client gets them.

import OpenAI from 'openai';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { clientOf } from './support.ts';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

const embed = async (
  input: string | string[],
  options: Partial<OpenAI.EmbeddingCreateParams> = {},
): Promise<number[][]> => {
  const { data } = await client.embeddings.create({ model: 'muster-offline', input, ...options });
  return data.map((one) => one.embedding);
};
const dot = (a: number[] = [], b: number[] = []): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

test('a text becomes 256 numbers of length 1, the same each time', async () => {
  const [first] = await embed('Failed requests are retried');
  expect(first).toHaveLength(256);
  expect(dot(first, first)).toBeCloseTo(1, 5);
  expect((await embed('Failed requests are retried'))[0]).toEqual(first);
});

test('texts that share the stems of their words are nearer than texts that do not', async () => {
  const [asked, near, far] = await embed([
    'How are failed requests retried?',
    'A failing request retries after 250 ms.',
    'The lighthouse keeps its lamp behind the harbour.',
  ]);
  expect(dot(asked, near)).toBeGreaterThan(dot(asked, far) + 0.3);
});

test('base64, which the client asks for by itself, and float carry the same vectors', async () => {
  const [asFloat] = await embed('one two three', { encoding_format: 'float' });
  const [byDefault] = await embed('one two three');
  expect(byDefault).toEqual(asFloat);
  const raw = await client.embeddings.create({
    model: 'muster-offline',
    input: 'one two three',
    encoding_format: 'base64',
  });
  const bytes = Buffer.from(raw.data[0]?.embedding as unknown as string, 'base64');
  expect(bytes).toHaveLength(256 * 4);
  expect(bytes.readFloatLE(0)).toBe(asFloat?.[0]);
});

test('a client may ask for other dimensions, reads the usage, and is refused an empty input', async () => {
  expect((await embed('one two', { dimensions: 64 }))[0]).toHaveLength(64);
  const { usage } = await client.embeddings.create({ model: 'muster-offline', input: ['abcd', 'efgh'] });
  expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  await expect(embed([])).rejects.toThrow(OpenAI.BadRequestError);
  await expect(embed('')).rejects.toThrow(OpenAI.BadRequestError);
});

test('embeddings are a step of their own for faults and records', async () => {
  simulator.inject({ kind: 'status', status: 429, match: { step: 'embeddings' } });
  await client.chat.completions.create({ model: 'muster-offline', messages: [{ role: 'user', content: 'Hello' }] });
  await expect(embed('one')).rejects.toThrow(OpenAI.RateLimitError);
  expect(simulator.requests.at(-1)).toMatchObject({ path: '/v1/embeddings', step: 'embeddings', status: 429 });
});
