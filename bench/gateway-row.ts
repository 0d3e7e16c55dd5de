// gateway-row.ts: what the HTTP API costs: accepting beside a bare start, reading a running task, one task's events to five hundred
// readers, and how soon a reader sees what a model said.

import type { TaskEvent } from '../client/index.ts';
import { startChild, type Child } from './child.ts';
import { benchDeployment, type BenchDeployment } from './deployment.ts';
import { cpuMsOf } from './processor-time.ts';
import type { Bench } from './row.ts';
import { sseFrames } from './sse-frames.ts';
import { percentile, rest, round } from './statistics.ts';

const SECONDS = 5;
const STARTS_A_SECOND = 50;
const READS_A_SECOND = 200;
const READERS = 500;
const SUB_AGENTS = 10;
const TASKS = 5;
/** Ten replies come over one to ten seconds. */
const APART_MS = 1_000;

export async function gatewayRows({ cleanup, print }: Bench): Promise<void> {
  const it = await benchDeployment(cleanup, { apartMs: APART_MS });
  const gateway = await startChild(new URL('../gateway/main.js', import.meta.url), {
    args: ['--port', '0'],
    env: { MUSTER_HOME: it.home, TEMPORAL_ADDRESS: it.address, MUSTER_EXIT_WITH_PARENT: '1' },
    cleanup,
  });
  const url = /url=(\S+)/.exec(gateway.said)?.[1] ?? '';
  const worker = await it.startWorker();
  await readRow(it, url, print);
  await modelToReaderRow(it, url, print);
  await readersRow(it, url, gateway, print);
  // What is accepted would be worked on, and measured with it.
  await worker.stop();
  await acceptRow(it, url, print);
}

type Print = Bench['print'];

/** Starts `work` so often a second, whatever the ones before do, and returns how long each took, in ms. */
async function openLoop(aSecond: number, seconds: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const began = performance.now();
  const all = Array.from({ length: aSecond * seconds }, async (_one, n) => {
    const due = began + (n * 1_000) / aSecond;
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
    // From when it was due: a loop that is late does not make it look quick.
    await work(n);
    return performance.now() - due;
  });
  return await Promise.all(all);
}

const shown = (ms: readonly number[]): { p50: number; p95: number } => ({
  p50: round(percentile(ms, 50), 1),
  p95: round(percentile(ms, 95), 1),
});

/** Without a worker: what is measured is that a task is taken, not what it does then. */
async function acceptRow({ client, docs }: BenchDeployment, url: string, print: Print): Promise<void> {
  const post = async (): Promise<void> => {
    const response = await fetch(`${url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ goal: 'accept me', sources: [docs] }),
    });
    if (response.status !== 202) throw new Error(`POST /tasks answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  const start = (): Promise<unknown> => client.start({ goal: 'accept me', sources: [docs] });
  for (const warm of [post, start]) await openLoop(10, 1, warm);
  await rest();
  const bare = await openLoop(STARTS_A_SECOND, SECONDS, start);
  await rest();
  const http = await openLoop(STARTS_A_SECOND, SECONDS, post);
  print({ row: 'gateway-accept', aSecond: STARTS_A_SECOND, ...shown(http), bareStart: shown(bare) });
}

async function readRow(it: BenchDeployment, url: string, print: Print): Promise<void> {
  const { taskId } = await it.startTask(SUB_AGENTS);
  const get = async (): Promise<void> => {
    const response = await fetch(`${url}/tasks/${taskId}`);
    if (response.status !== 200) throw new Error(`GET /tasks/${taskId} answered ${response.status}`);
    await response.arrayBuffer();
  };
  await get();
  const reads: number[] = [];
  const task = await it.client.get(taskId);
  // As long as it runs: of a closed task nothing is asked.
  while (await task.isOpen()) reads.push(...(await openLoop(READS_A_SECOND, 0.25, get)));
  print({ row: 'gateway-read', aSecond: READS_A_SECOND, reads: reads.length, ...shown(reads) });
}

/** Each sub-agent ends with the reply to its last call: the nth of these is told by the nth of those. */
async function modelToReaderRow(it: BenchDeployment, url: string, print: Print): Promise<void> {
  const told: number[] = [];
  for (let n = 0; n <= TASKS; n += 1) {
    const { taskId } = await it.startTask(SUB_AGENTS);
    const finished: number[] = [];
    const { body } = await fetch(`${url}/tasks/${taskId}/events`, { headers: { accept: 'text/event-stream' } });
    for await (const { event, at } of eventsIn(body)) if (event.type === 'subtask.finished') finished.push(at);
    const replies = (await it.modelCalls())
      .filter(({ step }) => step === 'muster_findings')
      .map(({ endedAt }) => endedAt)
      .slice(-SUB_AGENTS);
    if (finished.length !== SUB_AGENTS || replies.length !== SUB_AGENTS)
      throw new Error(`${replies.length} replies and ${finished.length} ends of ${SUB_AGENTS} sub-agents were seen`);
    // The first is the warm-up.
    if (n > 0) told.push(...finished.map((at, of) => at - (replies[of] ?? at)));
    await rest();
  }
  print({ row: 'gateway-model-to-reader', subAgents: SUB_AGENTS, samples: told.length, ...shown(told) });
}

/** Connecting is counted by itself: a reader does it once, however many events come. */
async function readersRow(it: BenchDeployment, url: string, gateway: Child, print: Print): Promise<void> {
  const { taskId } = await it.startTask(SUB_AGENTS);
  const lags: number[] = [];
  const idle = cpuMsOf(gateway.pid);
  let connected = 0;
  let counted = { cpuMs: idle, events: 0 };
  const readers = Array.from({ length: READERS }, async () => {
    const { body } = await fetch(`${url}/tasks/${taskId}/events`, { headers: { accept: 'text/event-stream' } });
    connected += 1;
    if (connected === READERS) counted = { cpuMs: cpuMsOf(gateway.pid), events: lags.length };
    for await (const { event, at } of eventsIn(body)) lags.push(at - event.at);
  });
  await Promise.all(readers);
  const cpuMs = cpuMsOf(gateway.pid) - counted.cpuMs;
  print({
    row: 'gateway-readers',
    readers: READERS,
    events: round(lags.length / READERS, 0),
    cpuUsAnEventAndReader: round((cpuMs * 1_000) / (lags.length - counted.events), 1),
    cpuUsAConnection: round(((counted.cpuMs - idle) * 1_000) / READERS, 0),
    lag: shown(lags),
  });
}

/** The numbered events of a stream, with when each was read. */
async function* eventsIn(body: unknown): AsyncGenerator<{ event: TaskEvent; at: number }> {
  for await (const { id, data } of sseFrames(body)) {
    if (id === undefined) continue;
    const event = JSON.parse(data) as { at: string; type: string };
    yield { event: { ...event, at: Date.parse(event.at) } as unknown as TaskEvent, at: Date.now() };
  }
}
