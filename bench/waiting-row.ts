// waiting-row.ts: the memory of a sub-agent that waits for its model, above that of the same call pending alone.

import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { workOnSubtask } from '../activities/agents/work-on-subtask.ts';
import {
  modelLine,
  modelLines,
  openaiProvider,
  providerGate,
  researcher,
  type Deployment,
} from '../activities/index.ts';
import { toolSchema } from '../activities/tools/tool.ts';
import { MODEL_RETRY } from '../protocol/retry.ts';
import { BUILT_IN_CLASSES } from '../protocol/classes.ts';
import type { PlannedSubtask } from '../protocol/plan.ts';
import { fileStore } from '../store/file-store.ts';
import type { Bench } from './row.ts';
import { startChild } from './child.ts';
import { median, round } from './statistics.ts';

const SUB_AGENTS = 200;
/** Longer than the measurement. */
const LATENCY_MS = 600_000;
const limits = BUILT_IN_CLASSES.thorough.subtask;

export async function waitingRow({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  const store = fileStore(join(folder, 'store'));
  cleanup.add(() => store.close());
  const model = await startChild(new URL('./scripted-model.js', import.meta.url), {
    args: [String(LATENCY_MS)],
    cleanup,
  });
  const provider = openaiProvider({ model: 'muster-offline', apiKey: 'x', baseURL: model.said, offline: true });
  const deployment: Deployment = {
    store,
    models: modelLines([modelLine(provider, providerGate({ concurrency: SUB_AGENTS }))]),
    kinds: new Map([[researcher.name, researcher]]),
    defaultKind: researcher.name,
    roots: [],
    ceiling: BUILT_IN_CLASSES.thorough,
    worker: 'bench',
  };
  const alone = (_round: number, signal: AbortSignal): Promise<unknown>[] =>
    each((n) =>
      provider.generate(
        {
          messages: researcher.open({ goal: 'wait', subtask: `wait ${n}`, input: undefined, needs: [], documents: [] }),
          tools: researcher.tools.map(toolSchema),
          format: { name: researcher.output.name, schema: researcher.output.schema },
        },
        { signal, onBytes: () => undefined },
      ),
    );
  const subAgents = (of: number, signal: AbortSignal): Promise<unknown>[] =>
    each((n) => workOnSubtask(workOf(of, n), deployment, signal));

  const bytes: number[] = [];
  for (let i = 0; i <= count; i += 1) {
    const bare = await held((signal) => alone(i, signal));
    const whole = await held((signal) => subAgents(i, signal));
    // The first is the warm-up.
    if (i > 0) bytes.push((whole - bare) / SUB_AGENTS);
  }
  print({
    row: 'waiting',
    subAgents: SUB_AGENTS,
    kilobytes: bytes.map((one) => round(one / 1_000, 1)),
    median: round(median(bytes) / 1_000, 1),
  });
}

const each = <T>(make: (n: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: SUB_AGENTS }, (_one, n) => make(n));

function workOf(round: number, n: number): Parameters<typeof workOnSubtask>[0] {
  const spec: PlannedSubtask = {
    id: `s${n + 1}`,
    title: 'waits',
    kind: researcher.name,
    goal: `wait ${n}`,
    needs: [],
    mode: 'blocking',
    limits,
    timeouts: { startToCloseSeconds: 3_600, heartbeatSeconds: 10 },
    queue: 'bench',
    retry: MODEL_RETRY,
    priority: 3,
    inputHash: '',
  };
  return {
    spec,
    planned: spec,
    generation: 1,
    records: 0,
    needs: [],
    taskGoal: 'wait',
    taskId: 'bench',
    run: `round-${round}`,
    isRetry: false,
    reporter: { finding: () => undefined, shared: () => undefined, resumed: () => undefined },
    onChange: () => undefined,
  };
}

/** Heap and external bytes that pending work holds, garbage left out. */
async function held(begin: (signal: AbortSignal) => Promise<unknown>[]): Promise<number> {
  const before = await settledBytes();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const pending = begin(stop.signal);
  for (const one of pending) one.catch(() => undefined);
  const during = await settledBytes();
  stop.abort(new Error('measured'));
  await Promise.allSettled(pending);
  return during - before;
}

async function settledBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await new Promise((done) => setTimeout(done, 1_500));
  collect();
  await new Promise((done) => setTimeout(done, 100));
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
