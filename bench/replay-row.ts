// replay-row.ts: a kept history of a task with 480 sub-agents is replayed, and each activation of its Workflow is timed: one
// that takes too long aborts its worker's process, and every worker's that takes the task up after it.

import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { BaseVMWorkflow } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { bundlePath } from '../worker/host-worker.ts';
import type { Bench } from './row.ts';
import { median, round } from './statistics.ts';

const HISTORY = new URL('../../test/replay/histories/wide.json.gz', import.meta.url);

export async function replayRow({ pairs: count, print }: Bench): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const text = (await promisify(gunzip)(await readFile(HISTORY))).toString('utf8');
  const history = historyFromJSON(JSON.parse(text));
  const longest: number[] = [];
  const whole: number[] = [];
  let activations = 0;
  for (let i = 0; i <= count; i += 1) {
    const times = await timesOf(() =>
      Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath() } }, history, 'wide'),
    );
    activations = times.length;
    // The first is the warm-up.
    if (i === 0) continue;
    longest.push(round(Math.max(...times), 1));
    whole.push(
      round(
        times.reduce((sum, ms) => sum + ms, 0),
        1,
      ),
    );
  }
  print({
    row: 'replay',
    events: history.events?.length,
    activations,
    longestMs: longest,
    medianLongest: round(median(longest), 1),
    medianWhole: round(median(whole), 1),
  });
}

/** Milliseconds of each activation, which a replay runs in this thread. */
async function timesOf(replay: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const { prototype } = BaseVMWorkflow;
  const activate = Object.getOwnPropertyDescriptor(prototype, 'activate')?.value as BaseVMWorkflow['activate'];
  prototype.activate = async function timed(activation) {
    const began = performance.now();
    try {
      return await activate.call(this, activation);
    } finally {
      times.push(performance.now() - began);
    }
  };
  try {
    await replay();
    return times;
  } finally {
    prototype.activate = activate;
  }
}
