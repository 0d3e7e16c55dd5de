// fast-row.ts: answers at once over HTTP: what they add to the first word beside a plain proxy to the same model, what a demotion
// costs, and what becomes of five hundred slow ones, coming one after the other and all at once.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { directMaterial } from '../activities/evidence/direct-material.ts';
import { directShape, textSoFar } from '../activities/text/prompts/direct-prompt.ts';
import { createKey } from '../gateway/doors/keys.ts';
import { fileStore } from '../store/file-store.ts';
import { storeFolder } from '../store/home.ts';
import { startChild } from './child.ts';
import { benchDeployment, type BenchDeployment } from './deployment.ts';
import type { Bench } from './row.ts';
import { sseFrames, type SseFrame } from './sse-frames.ts';
import { percentile, rest, round } from './statistics.ts';

const SAMPLES_A_PAIR = 12;
const QUESTIONS = 500;
const A_SECOND = 20;
const SLOW_MS = 8_000;
const DEMOTED = 5;

export async function fastRows({ cleanup, pairs, print }: Bench): Promise<void> {
  await firstWordRow({ cleanup, pairs, print });
  await crowdRows({ cleanup, pairs, print });
}

interface Asking {
  it: BenchDeployment;
  url: string;
  metricsUrl: string;
  key: string;
}

/** A deployment whose documents are indexed, a worker, and a gateway that answers at once by itself. */
async function asking(bench: Bench, options: { directMs?: number; tokenMs?: number }): Promise<Asking> {
  const port = await freePort();
  const config = { sources: { handbook: { path: './handbook' } }, metrics: { gateway: port } };
  const it = await benchDeployment(bench.cleanup, { ...options, config });
  await it.startWorker();
  await (await it.startTask(1)).result();
  const { key } = await createKey(fileStore(storeFolder(it.home)), {
    name: 'bench',
    tenant: 'default',
    scopes: ['tasks:read', 'tasks:write'],
  });
  const gateway = await startChild(new URL('../gateway/main.js', import.meta.url), {
    args: ['--port', '0'],
    env: {
      MUSTER_HOME: it.home,
      TEMPORAL_ADDRESS: it.address,
      MUSTER_OFFLINE_URL: it.modelUrl,
      MUSTER_EXIT_WITH_PARENT: '1',
    },
    cleanup: bench.cleanup,
  });
  const url = /url=(\S+)/.exec(gateway.said)?.[1] ?? '';
  const made = { it, url, metricsUrl: `http://127.0.0.1:${port}/metrics`, key };
  // Its worker comes up behind the API.
  for (let queue = ''; !queue.startsWith('muster-fast-'); await rest()) {
    const { task } = await ask(made, 'Is it warm?', []);
    queue = (await it.client.temporal.workflow.getHandle(task).describe()).taskQueue;
  }
  return made;
}

interface Asked {
  /** ms to the first word; undefined where none came. */
  first: number | undefined;
  task: string;
  events: string[];
}

async function ask(
  { url, key }: Asking,
  goal: string,
  sources: object[] = [{ kind: 'named', name: 'handbook' }],
): Promise<Asked> {
  const began = performance.now();
  const response = await post(url, key, { goal, sources, path: 'fast' });
  if (response.status !== 200) throw new Error(`POST /tasks answered ${response.status}: ${await response.text()}`);
  let first: number | undefined;
  let task = '';
  const events: string[] = [];
  for await (const { event, data } of sseFrames(response.body)) {
    if (event === 'answer.delta') first ??= performance.now() - began;
    else events.push(event);
    if (event === 'done') task = (JSON.parse(data) as { task_id: string }).task_id;
  }
  return { first, task, events };
}

const post = async (url: string, key: string, body: object): Promise<Response> =>
  await fetch(`${url}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });

/** The same words and passages, asked of the model through the proxy. */
async function askProxy(url: string, messages: readonly object[]): Promise<number> {
  const began = performance.now();
  const format = {
    type: 'json_schema',
    json_schema: { name: directShape.name, schema: directShape.schema, strict: true },
  };
  const body = JSON.stringify({ model: 'muster-offline', stream: true, messages, response_format: format });
  const response = await fetch(url, { method: 'POST', body });
  let text = '';
  let first: number | undefined;
  for await (const { data } of sseFrames(response.body)) {
    if (data === '[DONE]') continue;
    text += (JSON.parse(data) as { choices: { delta?: { content?: string } }[] }).choices[0]?.delta?.content ?? '';
    if (first === undefined && textSoFar(text) !== '') first = performance.now() - began;
  }
  if (first === undefined) throw new Error('the proxy gave no words');
  return first;
}

async function firstWordRow(bench: Bench): Promise<void> {
  const made = await asking(bench, { tokenMs: 5 });
  const { it } = made;
  const proxy = await startChild(new URL('./plain-proxy.js', import.meta.url), {
    args: [it.modelUrl],
    cleanup: bench.cleanup,
  });
  const store = fileStore(storeFolder(it.home));
  const goalOf = (n: number): string => `How much coolant does part ${(n % 100) + 1} hold?`;
  const sources = [{ kind: 'path' as const, path: it.docs }];
  const material = (n: number) =>
    directMaterial({ goal: goalOf(n), sources }, { store, roots: [it.docs] }, new AbortController().signal);
  const ours: number[] = [];
  const alone: number[] = [];
  const plain: number[] = [];
  const plainAlone: number[] = [];
  const retrieval: number[] = [];
  /** From the request to the model's. */
  const asked: Record<'ours' | 'proxy' | 'alone', number[]> = { ours: [], proxy: [], alone: [] };
  const untilAsked = async (began: number): Promise<number> => ((await it.modelCalls()).at(-1)?.at ?? NaN) - began;
  const count = bench.pairs * SAMPLES_A_PAIR;
  for (let n = -10; n < count; n += 1) {
    const goal = goalOf(n + 10);
    const began = performance.now();
    const found = await material(n + 10);
    const took = performance.now() - began;
    if ('notEnough' in found) throw new Error(found.notEnough);
    const without = await directMaterial({ goal, sources: [] }, { store, roots: [] }, new AbortController().signal);
    if ('notEnough' in without) throw new Error(without.notEnough);
    const timed = async <T>(work: () => Promise<T>): Promise<[value: T, askedMs: number]> => {
      const at = Date.now();
      const value = await work();
      return [value, await untilAsked(at)];
    };
    const [{ first }, oursAsked] = await timed(() => ask(made, goal));
    const [byProxy, proxyAsked] = await timed(() => askProxy(proxy.said, found.messages));
    const [{ first: firstAlone }, aloneAsked] = await timed(() => ask(made, goal, []));
    const byProxyAlone = await askProxy(proxy.said, without.messages);
    // The first are the warm-up.
    if (n < 0) continue;
    if (first === undefined || firstAlone === undefined) throw new Error('an answer came without its words');
    ours.push(first);
    plain.push(byProxy);
    alone.push(firstAlone);
    plainAlone.push(byProxyAlone);
    retrieval.push(took);
    asked.ours.push(oursAsked);
    asked.proxy.push(proxyAsked);
    asked.alone.push(aloneAsked);
  }
  const added = (own: readonly number[], other: readonly number[]) => ({
    p50: round(percentile(own, 50) - percentile(other, 50), 1),
    p95: round(percentile(own, 95) - percentile(other, 95), 1),
  });
  const of = (ms: readonly number[]) => ({ p50: round(percentile(ms, 50), 1), p95: round(percentile(ms, 95), 1) });
  bench.print({
    row: 'fast',
    samples: count,
    gateway: of(ours),
    proxy: of(plain),
    added: added(ours, plain),
    retrieval: of(retrieval),
    untilAsked: { gateway: of(asked.ours), proxy: of(asked.proxy), withoutDocuments: of(asked.alone) },
  });
  bench.print({
    row: 'fast-without-documents',
    samples: count,
    gateway: of(alone),
    proxy: of(plainAlone),
    added: added(alone, plainAlone),
  });
}

const ENDINGS = ['answered', 'demoted', 'deep', 'refused', 'lost'] as const;
type Ending = (typeof ENDINGS)[number];

/** Slower than an answer at once may be: told so at the budget, and each call of the model made once. */
async function crowdRows(bench: Bench): Promise<void> {
  const made = await asking(bench, { directMs: SLOW_MS });
  const { it, metricsUrl } = made;
  const before = (await it.modelCalls()).length;
  const demoted = await Promise.all(
    Array.from({ length: DEMOTED }, (_one, n) => ask(made, `Which part is number ${n + 1}?`)),
  );
  const calls = (await it.modelCalls()).slice(before).filter(({ step }) => step === directShape.name);
  bench.print({
    row: 'fast-demoted',
    questions: DEMOTED,
    demoted: demoted.filter(({ events }) => events.includes('task.demoted')).length,
    answered: demoted.filter(({ events }) => events.includes('answer.ready')).length,
    modelCalls: calls.length,
    paidTwice: calls.length - new Set(calls.map(({ messagesSha }) => messagesSha)).size,
  });
  await crowd(made, 'fast-ramp', (n) => (n * 1_000) / A_SECOND, bench.print);
  await rest();
  await crowd(made, 'fast-burst', () => 0, bench.print);
  async function crowd(on: Asking, row: string, dueMs: (n: number) => number, print: Bench['print']): Promise<void> {
    const ends = Object.fromEntries(ENDINGS.map((end) => [end, 0])) as Record<Ending, number>;
    const told = Object.fromEntries(ENDINGS.map((end) => [end, [] as number[]])) as Record<Ending, number[]>;
    const late: number[] = [];
    const watching = setInterval(() => void loopDelay(metricsUrl).then((ms) => late.push(ms)), 5_000);
    const began = performance.now();
    await Promise.all(
      Array.from({ length: QUESTIONS }, async (_one, n) => {
        await new Promise((done) => setTimeout(done, Math.max(0, began + dueMs(n) - performance.now())));
        const { ending, toldMs } = await oneOfMany(on, n).catch(() => ({ ending: 'lost' as const, toldMs: undefined }));
        ends[ending] += 1;
        if (toldMs !== undefined) told[ending].push(toldMs);
      }),
    );
    clearInterval(watching);
    print({
      row,
      questions: QUESTIONS,
      ...ends,
      toldMs: Object.fromEntries(
        Object.entries(told)
          .filter(([, times]) => times.length > 0)
          .map(([ending, times]) => [
            ending,
            {
              p50: round(percentile(times, 50), 0),
              p99: round(percentile(times, 99), 0),
              max: round(Math.max(...times), 0),
            },
          ]),
      ),
      eventLoopP99Ms: late.length === 0 ? null : Math.max(...late),
    });
  }
}

/** How one question ended, and after how long its caller knew which way it goes: 429, deep, demoted or answered. */
async function oneOfMany({ url, key }: Asking, n: number): Promise<{ ending: Ending; toldMs: number }> {
  const began = performance.now();
  const known = (): number => performance.now() - began;
  const body = {
    goal: `How much coolant does part ${(n % 100) + 1} hold, asked ${n}?`,
    sources: [{ kind: 'named', name: 'handbook' }],
    path: 'fast',
  };
  const response = await post(url, key, body);
  if (response.status === 429 || response.status === 503) {
    await response.arrayBuffer();
    return { ending: 'refused', toldMs: known() };
  }
  let ending: Ending | undefined;
  let toldMs = 0;
  let isAnswered = false;
  const is = (what: Ending): void => {
    if (ending === undefined) toldMs = known();
    ending ??= what;
  };
  if (response.headers.get('muster-path') === 'deep') is('deep');
  for await (const frame of sseFrames(response.body)) {
    if (frame.event === 'task.demoted') is(reasonOf(frame) === 'budget' ? 'demoted' : 'deep');
    if (frame.event === 'task.accepted' && pathOf(frame) === 'deep') is('deep');
    if (frame.event === 'answer.ready') {
      is('answered');
      isAnswered = true;
    }
  }
  return { ending: isAnswered ? (ending ?? 'lost') : 'lost', toldMs };
}

const pathOf = ({ data }: SseFrame): string | undefined =>
  (JSON.parse(data) as { route?: { path?: string } }).route?.path;

const reasonOf = ({ data }: SseFrame): string => (JSON.parse(data) as { reason?: string }).reason ?? '';

async function loopDelay(url: string): Promise<number> {
  const text = await (await fetch(url)).text();
  return round(Number(/muster_event_loop_delay_seconds\{quantile="0.99"\} (\S+)/.exec(text)?.[1] ?? 0) * 1e3, 0);
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
