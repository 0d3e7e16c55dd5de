// request-log.test.ts: latency, records, the log file, and clients that leave; and the command around it all.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSimulator } from '../../simulator/cli.ts';
import { startSimulator, type RequestRecord } from '../../simulator/server.ts';
import { clientOf, format, HELLO } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-simulator-'));
});
afterAll(() => rm(folder, { recursive: true }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('the simulator waits its latency before the first byte and then streams without pauses', async () => {
  const simulator = await startSimulator({ latencyMs: 200 });
  const start = Date.now();
  const stream = await clientOf(simulator).chat.completions.create({ ...HELLO, stream: true });
  const first = Date.now() - start;
  let chunks = 0;
  for await (const _chunk of stream) chunks += 1;
  expect(first).toBeGreaterThanOrEqual(195);
  // With its latency before each chunk it would take twice this at least.
  expect(chunks).toBeGreaterThan(3);
  expect(Date.now() - start - first).toBeLessThan((chunks * 200) / 2);
  await simulator.close();
});

test('many clients wait their latency side by side', async () => {
  const simulator = await startSimulator({ latencyMs: 200 });
  const client = clientOf(simulator);
  const start = Date.now();
  await Promise.all(Array.from({ length: 50 }, () => client.chat.completions.create(HELLO)));
  // One after the other would take ten seconds of waiting alone.
  expect(Date.now() - start).toBeLessThan((50 * 200) / 2);
  await simulator.close();
});

test('a request record tells what was asked and how it ended', async () => {
  const seen: RequestRecord[] = [];
  const simulator = await startSimulator({ log: (record) => seen.push(record) });
  const client = clientOf(simulator);
  const plan = { ...HELLO, response_format: format('muster_plan') };
  await client.chat.completions.create(plan);
  await client.chat.completions.create(plan);
  await client.chat.completions.create(HELLO);
  const [first, again, other] = simulator.requests;
  expect(seen).toEqual(simulator.requests);
  expect(first).toMatchObject({
    path: '/v1/chat/completions',
    model: 'muster-offline',
    step: 'muster_plan',
    stream: false,
    status: 200,
    aborted: false,
    body: { messages: HELLO.messages },
  });
  expect(first?.endedAt).toBeGreaterThanOrEqual(first?.at ?? Infinity);
  expect(first?.inputTokens).toBeGreaterThan(0);
  expect(first?.outputTokens).toBeGreaterThan(0);
  expect(first?.bytes).toBe(JSON.stringify(plan).length);
  expect(other?.step).toBe('chat');
  expect(first?.messagesSha).toBe(again?.messagesSha);
  expect(first?.messagesSha).not.toBe(other?.messagesSha);
  expect(new Set(simulator.requests.map((record) => record.id)).size).toBe(3);
  await simulator.close();
});

test('the log file has one line a request, without bodies and keys', async () => {
  const log = join(folder, 'requests.ndjson');
  const simulator = await startSimulator({ log, keepBodies: false });
  await clientOf(simulator, 'sk-very-secret').chat.completions.create(HELLO);
  await clientOf(simulator)
    .chat.completions.create({ ...HELLO, model: 'nobody' })
    .catch(() => undefined);
  expect(simulator.requests[0]).not.toHaveProperty('body');
  await simulator.close();
  const text = await readFile(log, 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RequestRecord);
  expect(lines.map((line) => line.status)).toEqual([200, 404]);
  expect(text).not.toContain('sk-very-secret');
  expect(text).not.toContain('Hello there');
});

test('a client that leaves ends the pending answer at once and is recorded as aborted', async () => {
  const simulator = await startSimulator({ latencyMs: 30_000 });
  const aborter = new AbortController();
  const asked = clientOf(simulator).chat.completions.create(HELLO, { signal: aborter.signal });
  const failed = asked.then(
    () => false,
    () => true,
  );
  while (simulator.inFlight === 0) await pause(5);
  aborter.abort();
  expect(await failed).toBe(true);
  while (simulator.inFlight > 0) await pause(5);
  expect(simulator.requests[0]).toMatchObject({ aborted: true, status: 0, outputTokens: 0 });
  await simulator.close();
});

test('closing cuts what is pending and frees the port', async () => {
  const simulator = await startSimulator({ latencyMs: 30_000 });
  const asked = clientOf(simulator)
    .chat.completions.create(HELLO)
    .catch((error: unknown) => error);
  while (simulator.inFlight === 0) await pause(5);
  await simulator.close();
  expect(await asked).toBeInstanceOf(Error);
  const again = await startSimulator({ port: simulator.port });
  await again.close();
});

describe('the command', () => {
  /** Runs the command in this process; `end` is its signal. */
  function command(...argv: string[]) {
    let out = '';
    let err = '';
    let end = (): void => undefined;
    const done = runSimulator(argv, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      ended: () => new Promise((resolve) => (end = resolve)),
    });
    return { done, end: () => end(), out: () => out, err: () => err };
  }

  test('the command prints one line when ready and ends cleanly when told to', async () => {
    const { done, end, out, err } = command('--latency', '1', '--models', 'a,b', '--require-key', 'k');
    while (out() === '') await pause(5);
    const [, url] = /^listening on (http:\/\/127\.0\.0\.1:\d+\/v1)\n$/.exec(out()) ?? [];
    expect((await fetch(`${url}/models`)).status).toBe(401);
    const list = await fetch(`${url}/models`, { headers: { authorization: 'Bearer k' } });
    expect(((await list.json()) as { data: unknown[] }).data).toHaveLength(3);
    end();
    expect(await done).toBe(0);
    expect(err()).toBe('');
  });

  test('the command explains itself, and says what is wrong with a flag', async () => {
    const help = command('--help');
    expect([await help.done, help.out()]).toEqual([0, expect.stringContaining('--exit-with-parent')]);
    const wrong = command('--port', 'many');
    expect([await wrong.done, wrong.err()]).toEqual([2, expect.stringContaining('--port must be a whole number')]);
    const unknown = command('--sing');
    expect(await unknown.done).toBe(2);
  });

  test('the command says why it can not listen', async () => {
    const taken = await startSimulator();
    const second = command('--port', String(taken.port));
    expect([await second.done, second.err()]).toEqual([1, expect.stringContaining('EADDRINUSE')]);
    await taken.close();
  });

  const main = join(__dirname, '../../dist/simulator/main.js');

  test.each([
    ['SIGTERM', []],
    ['SIGINT', []],
    ['the end of standard input', ['--exit-with-parent']],
  ])('the process ends with 0 on %s', async (how, flags) => {
    const child = spawn(process.execPath, [main, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    if (how.startsWith('SIG')) child.kill(how as NodeJS.Signals);
    else child.stdin.end();
    expect(await ended).toBe(0);
  });
});
