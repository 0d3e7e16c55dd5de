// fault-plans.test.ts: faults and latency drawn by seed: the same whatever the order of arrival, anew for each retry, at the
// rates that the plan names; and the report of what was asked.

import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type OpenAI from 'openai';
import { RunningPlan } from '../../simulator/draw-faults.ts';
import { planProblem } from '../../simulator/fault-plan.ts';
import { FAULT_KINDS } from '../../simulator/fault-problem.ts';
import { variantOf } from '../../simulator/faults.ts';
import {
  everyKindPlan,
  startSimulator,
  type FaultPlan,
  type PlanLatency,
  type RequestReport,
} from '../../simulator/server.ts';
import { textOf } from '../../simulator/wire.ts';
import { clientOf, format, HELLO, tool } from './support.ts';

const PLAN: FaultPlan = {
  seed: 7,
  faults: [
    { kind: 'status', status: 429, retryAfterSeconds: 1, rate: 0.1 },
    { kind: 'status', status: 503, rate: 0.1 },
    { kind: 'garbage', rate: 0.1 },
    { kind: 'cut', rate: 0.1 },
    { kind: 'bad-output', output: 'empty', rate: 0.1 },
  ],
};
const SUBJECT = { step: 'chat', text: () => '', offersTools: true, reply: { content: 'x', toolCalls: [] } };
const contents = Array.from({ length: 2_000 }, (_, i) => `content ${i}`);
const drawAll = (plan: FaultPlan, asked: string[]): Map<string, string> => {
  const running = new RunningPlan(plan);
  return new Map(asked.map((content) => [content, JSON.stringify(running.draw(content, SUBJECT))]));
};

/** Asks for each goal `times` times, in this order, and returns each record's fault by goal. */
async function faultsSeen(goals: string[], times: number): Promise<Record<string, string[]>> {
  const simulator = await startSimulator({ plan: PLAN });
  const ask = (content: string): Promise<unknown> =>
    clientOf(simulator)
      .chat.completions.create({ ...HELLO, messages: [{ role: 'user', content }] })
      .catch(() => undefined);
  for (let time = 0; time < times; time += 1) await Promise.all(goals.map(ask));
  while (simulator.requests.length < goals.length * times) await new Promise((next) => setTimeout(next, 5));
  const seen: Record<string, string[]> = {};
  for (const { body, faultVariant = 'none' } of simulator.requests) {
    const goal = body?.messages.map(textOf).join() ?? '';
    (seen[goal] ??= []).push(faultVariant);
  }
  await simulator.close();
  return seen;
}

test('a task sees the same faults whatever the order of arrival, and a retry draws anew', async () => {
  const goals = Array.from({ length: 25 }, (_, i) => `Goal ${i}`);
  const seen = await faultsSeen(goals, 4);
  expect(await faultsSeen([...goals].reverse(), 4)).toEqual(seen);
  const all = Object.values(seen);
  expect(new Set(all.flat())).toEqual(
    new Set(['none', 'status 429', 'status 503', 'garbage', 'cut', 'bad-output empty']),
  );
  expect(all.some(([first, again]) => first !== 'none' && again === 'none')).toBe(true);
});

test('another seed is another run of bad luck', () => {
  expect(drawAll({ ...PLAN, seed: 8 }, contents)).not.toEqual(drawAll(PLAN, contents));
});

test('each fault gets the share that its rate names, wherever it stands in the plan', () => {
  const drawn = [...drawAll(PLAN, contents).values()];
  for (const part of ['"status":429', '"status":503', '"garbage"', '"cut"', '"empty"']) {
    const share = drawn.filter((one) => one.includes(part)).length / contents.length;
    expect(share).toBeGreaterThan(0.075);
    expect(share).toBeLessThan(0.125);
  }
});

test('a fault that can not show in an answer is not drawn for it', () => {
  const plan: FaultPlan = { seed: 1, faults: [{ kind: 'bad-tool-call', call: 'duplicated', rate: 1 }] };
  const running = new RunningPlan(plan);
  expect(running.draw('a', SUBJECT).fault).toBeUndefined();
  const reply = { content: '', toolCalls: [{ name: 'find', arguments: '{}' }] };
  expect(running.draw('a', { ...SUBJECT, reply }).fault).toBeDefined();
});

test('a burst holds for the next requests of the content that drew it, and then ends', () => {
  const plan: FaultPlan = {
    seed: 3,
    faults: [{ kind: 'status', status: 429, rate: 0.05, burst: { requests: 3 } }],
  };
  const running = new RunningPlan(plan);
  const runs: number[] = [];
  for (const content of contents) {
    const hit = Array.from({ length: 12 }, () => running.draw(content, SUBJECT).fault !== undefined);
    const first = hit.indexOf(true);
    if (first < 0 || first > 8) continue;
    const end = hit.indexOf(false, first);
    runs.push((end < 0 ? hit.length : end) - first);
  }
  expect(runs.length).toBeGreaterThan(500);
  expect(Math.min(...runs)).toBe(3);
  expect(runs.filter((run) => run === 3).length).toBeGreaterThan(runs.length * 0.8);
});

test('a burst of all hits whatever comes next, as a limit of the provider does', () => {
  const plan: FaultPlan = {
    seed: 5,
    faults: [{ kind: 'status', status: 429, rate: 0.02, burst: { requests: 4, of: 'all' } }],
  };
  const running = new RunningPlan(plan);
  const hit = contents.map((content) => running.draw(content, SUBJECT).fault !== undefined);
  const runs = hit
    .map((one) => (one ? '#' : ' '))
    .join('')
    .match(/#+/g);
  expect(runs?.length).toBeGreaterThan(10);
  for (const run of runs ?? []) expect(run.length).toBeGreaterThanOrEqual(4);
});

test.each<[string, PlanLatency, number, number]>([
  ['fixed', { min: 2, distribution: 'fixed' }, 2, 2],
  ['uniform', { min: 0.3, max: 45, distribution: 'uniform' }, 20, 25],
  ['lognormal', { min: 0.3, max: 45 }, 3.2, 4.2],
])('a %s latency lies where it should, and speed divides it', (_what, latency, low, high) => {
  const running = new RunningPlan({ seed: 1, latency, speed: 10 });
  const drawn = contents.map((content) => running.draw(content, SUBJECT).latencyMs / 100).sort((a, b) => a - b);
  const median = drawn[drawn.length / 2] ?? 0;
  expect(median).toBeGreaterThanOrEqual(low);
  expect(median).toBeLessThanOrEqual(high);
  expect(drawn[0]).toBeGreaterThanOrEqual(latency.min);
  expect(drawn.at(-1)).toBeLessThanOrEqual(latency.max ?? latency.min);
});

test('speed hastens every wait of a plan, also what Retry-After names', () => {
  const draw = (fault: object): unknown =>
    new RunningPlan({ seed: 1, speed: 4, faults: [{ ...fault, rate: 1 }] } as FaultPlan).draw('a', SUBJECT).fault;
  expect(draw({ kind: 'delay', ms: 100 })).toEqual({ kind: 'delay', ms: 25 });
  expect(draw({ kind: 'stall', ms: 100, afterChunks: 1 })).toEqual({ kind: 'stall', ms: 25, afterChunks: 1 });
  expect(draw({ kind: 'status', status: 429, retryAfterSeconds: 2 })).toMatchObject({ retryAfterSeconds: 0.5 });
});

test('a client waits the latency that it drew', async () => {
  const simulator = await startSimulator({ plan: { seed: 1, latency: { min: 2, distribution: 'fixed' }, speed: 10 } });
  const began = Date.now();
  await clientOf(simulator).chat.completions.create(HELLO);
  expect(Date.now() - began).toBeGreaterThanOrEqual(195);
  await simulator.close();
});

test.each([
  [[], 'A fault plan must be a JSON object.'],
  [{}, 'A fault plan needs seed: a whole number or a text.'],
  [{ seed: 1, fault: [] }, 'A fault plan has no option "fault": use seed, speed, latency, faults.'],
  [{ seed: 1, speed: 0 }, 'A fault plan needs speed to be a number above 0, not 0.'],
  [{ seed: 1, latency: { min: 3, max: 1 } }, "A plan's latency needs max (1 s) to be at least min (3 s)."],
  [{ seed: 1, latency: { min: 0, max: 1 } }, "A plan's lognormal latency needs a min above 0."],
  [{ seed: 1, faults: [{ kind: 'cut' }] }, "faults[0]: A 'cut' fault needs rate: a number above 0 and at most 1."],
  [
    { seed: 1, faults: [{ kind: 'cut', rate: 0.1, match: { nth: 2 } }] },
    "faults[0]: A 'cut' fault's match has no option \"nth\": use step, contains.",
  ],
  [
    { seed: 1, faults: [{ kind: 'cut', rate: 0.1, burst: { requests: 0 } }] },
    "faults[0]: A 'cut' fault's burst needs requests to be a whole number from 1 to 1000, not 0.",
  ],
  [
    {
      seed: 1,
      faults: [
        { kind: 'cut', rate: 0.6 },
        { kind: 'garbage', rate: 0.6, match: { step: 'muster_plan' } },
      ],
    },
    'The rates of the faults for the requests of step "muster_plan" add up to 1.2: they share one draw, so at most 1.',
  ],
])('a person whose plan is %j reads why it can not be run', (plan, sentence) => {
  expect(planProblem(plan)).toBe(sentence);
});

test('a plan with nothing wrong has no problem, and a wrong one starts no simulator', async () => {
  expect(planProblem(PLAN)).toBeUndefined();
  await expect(startSimulator({ plan: { seed: 1, faults: [{ kind: 'cut', rate: 2 }] } })).rejects.toThrow(/rate/);
});

test('a plan of every kind gives each of them, and every request gets its record', async () => {
  const plan = everyKindPlan({ seed: 1, share: 0.9, speed: 1_000 });
  expect(planProblem(plan)).toBeUndefined();
  expect(new Set(plan.faults?.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
  const simulator = await startSimulator({ plan });
  const client = clientOf(simulator);
  const ask = async (i: number): Promise<void> => {
    const content = `<subtask>Compare parsely and optiona, ${i}</subtask>`;
    const body = {
      ...HELLO,
      messages: [{ role: 'user' as const, content }],
      ...(i % 2 && {
        tools: [tool('find', 'query')] as OpenAI.ChatCompletionTool[],
        response_format: format('muster_findings'),
      }),
    };
    let left = 100;
    if (i % 3 === 0) {
      // The client's own time-out ends with the first byte: an endless body would hold it for ever.
      const { body: bytes } = await client.chat.completions.create(body).asResponse();
      for await (const _piece of bytes as unknown as AsyncIterable<Uint8Array>) if ((left -= 10) === 0) break;
    } else {
      const stream = await client.chat.completions.create({ ...body, stream: true });
      for await (const _chunk of stream) if ((left -= 1) === 0) break;
    }
  };
  for (let first = 0; first < 600; first += 200) {
    await Promise.allSettled(Array.from({ length: 200 }, (_, i) => ask(first + i)));
  }
  while (simulator.inFlight > 0) await new Promise((next) => setTimeout(next, 10));
  const report = simulator.report();
  expect(report.requests).toBe(600);
  for (const fault of plan.faults ?? []) expect(Object.keys(report.faults)).toContain(variantOf(fault));
  await simulator.close();
});

test('a report tells requests, repeats, repeats of what was answered, tokens and faults', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator);
  const ask = (content: string): Promise<unknown> =>
    client.chat.completions.create({ ...HELLO, messages: [{ role: 'user', content }] }).catch(() => undefined);
  simulator.inject({ kind: 'status', status: 503 });
  await ask('once');
  await ask('once');
  await ask('once');
  await ask('other');
  const report = simulator.report();
  expect(report).toMatchObject({
    requests: 4,
    byStep: { chat: 4 },
    byStatus: { 200: 3, 503: 1 },
    aborted: 0,
    repeats: { all: 2, ofFinished: 1 },
    faults: { 'status 503': 1 },
  });
  const sum = (of: 'inputTokens' | 'outputTokens'): number =>
    simulator.requests.reduce((total, record) => total + record[of], 0);
  expect(report.tokens).toEqual({ input: sum('inputTokens'), output: sum('outputTokens') });
  await simulator.close();
});

test('another process sets a plan, reads the report and takes the plan back over HTTP', async () => {
  const simulator = await startSimulator();
  const admin = `http://127.0.0.1:${simulator.port}/_simulator`;
  const put = (body: unknown): Promise<Response> =>
    fetch(`${admin}/plan`, { method: 'PUT', body: JSON.stringify(body) });
  const refused = await put({ seed: 1, faults: [{ kind: 'sulk', rate: 1 }] });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('Unknown fault kind')]);
  expect((await put({ seed: 1, faults: [{ kind: 'status', status: 503, rate: 1 }] })).status).toBe(204);
  await expect(clientOf(simulator).chat.completions.create(HELLO)).rejects.toThrow();
  expect((await fetch(`${admin}/plan`, { method: 'DELETE' })).status).toBe(204);
  await clientOf(simulator).chat.completions.create(HELLO);
  const report = (await (await fetch(`${admin}/report`)).json()) as RequestReport;
  expect(report).toMatchObject({ requests: 2, faults: { 'status 503': 1 } });
  await simulator.close();
});

test('the command runs a plan from a file and ends with a report; a wrong plan ends it with 2 and a sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-plan-'));
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify({ seed: 1, faults: [{ kind: 'status', status: 503, rate: 1 }] }));
  const { child, out, ended } = simulate('--plan', file);
  while (!out().includes('listening on')) await new Promise((next) => setTimeout(next, 20));
  const url = /listening on (\S+)/.exec(out())?.[1] ?? '';
  await fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(HELLO) });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(out()).toMatch(/asked 1 times[^]*faults +status 503: 1\n$/);

  writeFileSync(file, '{"seed":1,"faults":[{"kind":"cut"}]}');
  const wrong = simulate('--plan', file);
  expect(await wrong.ended).toBe(2);
  expect(wrong.err()).toContain("faults[0]: A 'cut' fault needs rate");
});

function simulate(...args: string[]) {
  const child = spawn(process.execPath, [resolve(__dirname, '../../dist/simulator/main.js'), ...args]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  return { child, ended, out: () => out, err: () => err };
}
