// main.ts: `npm run bench [-- task|start|worker|recall …|against CHECKOUT [N]] [--pairs N]`. One JSON line a row on stdout; what it stands for
// is in docs/bench.md. Stops what it started, also when it is interrupted.

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Cleanup } from './cleanup.ts';
import { forgetSettings } from './deployment.ts';
import type { Bench } from './row.ts';

/** Loaded when used. */
const ROWS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  task: async (bench) => await (await import('./task-row.ts')).taskRows(bench),
  start: async (bench) => await (await import('./start-row.ts')).startRows(bench),
  'first-word': async (bench) => await (await import('./first-word-row.ts')).firstWordRows(bench),
  worker: async (bench) => await (await import('./worker-row.ts')).workerRow(bench),
  checkpoint: async (bench) => await (await import('./checkpoint-row.ts')).checkpointRows(bench),
  waiting: async (bench) => await (await import('./waiting-row.ts')).waitingRow(bench),
  resume: async (bench) => await (await import('./resume-row.ts')).resumeRow(bench),
  replay: async (bench) => await (await import('./replay-row.ts')).replayRow(bench),
  state: async (bench) => (await import('./state-row.ts')).stateRow(bench),
  'large-folder': async (bench) => await (await import('./large-folder-row.ts')).largeFolderRow(bench),
  gateway: async (bench) => await (await import('./gateway-row.ts')).gatewayRows(bench),
  fast: async (bench) => await (await import('./fast-row.ts')).fastRows(bench),
  join: async (bench) => await (await import('./join-row.ts')).joinRows(bench),
  hanging: async (bench) => await (await import('./hanging-row.ts')).hangingRow(bench),
  trace: async (bench) => await (await import('./trace-row.ts')).traceRows(bench),
  route: async (bench) => (await import('./route/route-row.ts')).routeRows(bench),
  eta: async (bench) => (await import('./eta-row.ts')).etaRows(bench),
  recall: async ({ print }) =>
    print({ row: 'recall', ...(await (await import('./recall/recall-row.ts')).recallRow()) }),
};

const against =
  (other: string, n: number) =>
  async (bench: Bench): Promise<void> =>
    await (await import('./against-row.ts')).againstRow(bench, other, n);

/** Fewer would make no median. */
const MIN_PAIRS = 5;

async function main(cleanup: Cleanup): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { pairs: { type: 'string', default: '7' } },
  });
  const pairs = Number(values.pairs);
  // Not one of the rows that run by themselves: it needs another version to be held against.
  const [first, other, n = '100'] = positionals;
  const rows = first === 'against' && other !== undefined ? { against: against(other, Number(n)) } : ROWS;
  const asked = rows === ROWS ? positionals : [];
  const unknown = asked.find((name) => !(name in ROWS));
  if (unknown !== undefined || !Number.isInteger(pairs) || pairs < MIN_PAIRS) {
    const problem =
      unknown === undefined ? `--pairs is a whole number from ${MIN_PAIRS}` : `there is no row ${unknown}`;
    process.stderr.write(
      `bench: ${problem}\n  Next: npm run bench -- ${Object.keys(ROWS).join(' | ')} | against CHECKOUT [N] --pairs 7\n`,
    );
    return 2;
  }
  forgetSettings();
  const print: Bench['print'] = (row) => void process.stdout.write(`${JSON.stringify({ ...row, load: load() })}\n`);
  print({
    row: 'machine',
    at: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    cpu: cpus()[0]?.model,
  });
  for (const [name, run] of Object.entries(rows)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const own = new Cleanup();
    const stop = cleanup.add(() => own.run());
    await run({ cleanup: own, pairs, print });
    await stop();
  }
  return 0;
}

/** Who else is at work: a figure from a busy machine is worth less. */
const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;

const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    process.stderr.write('bench: stops what it started\n');
    void cleanup.run().finally(() => process.exit(130));
  });
}
try {
  process.exitCode = await main(cleanup);
} catch (error) {
  // What fails because everything is being stopped is no news.
  if (!cleanup.hasBegun) process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
await cleanup.run();
