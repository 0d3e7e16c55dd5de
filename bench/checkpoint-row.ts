// checkpoint-row.ts: what it costs that a model call is on disk before the loop goes on: calls of a model that answers at
// once, kept in logs, beside the same calls alone.

import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callModel } from '../activities/loop/call-model.ts';
import { SubtaskLog } from '../activities/loop/subtask-log.ts';
import { modelLine, type ModelLine, type ModelReply, type ModelRequest } from '../activities/index.ts';
import { MODEL_RETRY } from '../protocol/retry.ts';
import { fileStore } from '../store/file-store.ts';
import type { Store } from '../store/store.ts';
import type { Bench } from './row.ts';
import { median, rest, round } from './statistics.ts';

const CALLS = 50;
/** Sub-agents side by side, each with a log of its own. */
const AT_ONCE = [1, 10, 100];
const LIMITS = { turns: CALLS + 1, tokens: 1e9, seconds: 3_600, callIdleSeconds: 60 };

const REPLY: ModelReply = { text: 'x'.repeat(2_000), toolCalls: [], inputTokens: 1_000, outputTokens: 500 };
const REQUEST: ModelRequest = { messages: [{ role: 'user', content: 'go on' }] };

export async function checkpointRows({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  const store = fileStore(join(folder, 'store'));
  cleanup.add(() => store.close());
  const line = modelLine({
    model: 'instant',
    offline: true,
    generate: () => Promise.resolve(REPLY),
    classify: (error) => ({ type: 'ModelUnavailable', message: String(error) }),
  });
  for (const atOnce of AT_ONCE) {
    const kept: number[] = [];
    const alone: number[] = [];
    const synced: number[] = [];
    for (let i = 0; i <= count; i += 1) {
      await rest();
      const ofKept = await timePerCall(atOnce, (n) => keptCalls(store, line, `run-${i}-${atOnce}`, n));
      await rest();
      const ofBare = await timePerCall(atOnce, () => bareCalls(line));
      await rest();
      const ofDisk = await timePerCall(atOnce, (n) => syncedWrites(join(folder, `raw-${i}-${atOnce}-${n}`)));
      // The first is the warm-up.
      if (i === 0) continue;
      kept.push(ofKept);
      alone.push(ofBare);
      synced.push(ofDisk);
    }
    const prices = kept.map((ms, i) => round(ms - (alone[i] ?? 0), 3));
    print({
      row: 'checkpoint',
      atOnce,
      calls: CALLS,
      msACall: prices,
      median: round(median(prices), 3),
      medianKept: round(median(kept), 3),
      medianBare: round(median(alone), 3),
      medianOfDiskAlone: round(median(synced), 3),
    });
  }
}

/** Wall time over all calls of all sub-agents: what one call takes away from everything else. */
async function timePerCall(atOnce: number, work: (n: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, (_one, n) => work(n)));
  return (performance.now() - began) / (atOnce * CALLS);
}

async function keptCalls(store: Store, line: ModelLine, run: string, n: number): Promise<void> {
  const log = await SubtaskLog.open(
    store,
    { run, subtask: `s${n + 1}`, generation: 1 },
    { expected: 0, worker: 'bench' },
  );
  const { signal } = new AbortController();
  const context = { log, models: [line], limits: LIMITS, retry: MODEL_RETRY, signal, prompt: 'bench/1' };
  for (let call = 1; call <= CALLS; call += 1) await callModel(`turn-${call}`, () => REQUEST, context);
  await log.close();
}

/** What the disk alone takes for as many bytes: a line written and synced, one after the other. */
async function syncedWrites(path: string): Promise<void> {
  const file = await open(path, 'ax');
  const line = `${JSON.stringify({ t: 'model', reply: REPLY })}\n`;
  for (let call = 1; call <= CALLS; call += 1) {
    await file.write(line);
    await file.datasync();
  }
  await file.close();
}

async function bareCalls({ provider }: ModelLine): Promise<void> {
  const { signal } = new AbortController();
  for (let call = 1; call <= CALLS; call += 1) await provider.generate(REQUEST, { signal, onBytes: () => undefined });
}
