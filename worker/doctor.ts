// doctor.ts: `muster doctor`: asks each configured model for what a task needs and prints what works, what was learned of its
// server, and what the asking cost. Starts no worker and needs no Temporal server.

import { configuredModels } from './configured-models.ts';
import { checkModel, type ModelReport } from './check-models.ts';
import { modelMemory } from './model-memory.ts';
import { readSettings } from './read-settings.ts';
import { setVariables } from '../settings/variables.ts';
import { openStore } from '../store/open-store.ts';
import type { Learned } from '../activities/index.ts';

const HELP = `muster doctor --models: asks each configured model for text, a tool call, a schema and a stream, and says what works,
what its server does not take, and what it cost. Settings are those of muster worker.

  --models   ask the models (some hundred tokens each)
  --json     print one JSON line a model

Example:  muster doctor --models
`;

async function main(argv: readonly string[]): Promise<number> {
  const known = new Set(['--models', '--json', '--help', '-h']);
  const odd = argv.find((one) => !known.has(one));
  if (odd !== undefined) return refuse([`there is no option ${odd}: see muster doctor --help`]);
  if (argv.includes('--help') || argv.includes('-h') || !argv.includes('--models')) {
    process.stdout.write(HELP);
    return argv.includes('--help') || argv.includes('-h') ? 0 : 2;
  }
  const read = await readSettings(setVariables(process.env));
  if ('problems' in read) return refuse(read.problems);
  const { config } = read;
  const store = openStore(config.store);
  const memory = modelMemory(store, (line) => say(line));
  const { lines } = configuredModels(config.models, memory);
  const providers = [
    ...lines.map(({ provider }) => provider),
    ...config.extensions.flatMap(({ models = [] }) => models),
  ];
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped')));
  let areAllWell = true;
  for (const provider of providers) {
    const report = await checkModel(provider, stop.signal);
    await memory.settled();
    const model = config.models.models.find(({ name }) => name === provider.model);
    const learned = model && (await memory.recall(model).catch(() => undefined));
    process.stdout.write(
      argv.includes('--json') ? `${JSON.stringify({ ...report, learned })}\n` : inWords(report, learned),
    );
    areAllWell &&= report.checks.some(({ name, works }) => name === 'text' && works);
  }
  await store.close();
  return areAllWell ? 0 : 1;
}

function inWords(
  { model, checks, inputTokens, outputTokens, costUsd, firstByteMs }: ModelReport,
  learned?: Learned,
): string {
  const rows = checks.map(
    ({ name, works, words }) => `  ${works ? 'ok' : 'no'}  ${name}${words === undefined ? '' : `: ${words}`}`,
  );
  const taken = Object.entries(learned?.features ?? {}).map(([feature, level]) => `${feature}: ${String(level)}`);
  const limits = [
    ...(learned?.contextTokens === undefined ? [] : [`${learned.contextTokens} tokens at once`]),
    ...(learned?.mostOutput === undefined ? [] : [`${learned.mostOutput} tokens an answer`]),
  ];
  const known = [...taken, ...limits];
  const cost = costUsd === undefined ? '' : `, ${costUsd.toFixed(4)} dollars`;
  const first = firstByteMs === undefined ? '' : `, first words after ${firstByteMs} ms`;
  return `${[
    model,
    ...rows,
    ...(known.length > 0 ? [`  learned (kept for a week): ${known.join(', ')}`] : []),
    `  ${inputTokens} tokens in, ${outputTokens} out${cost}${first}`,
  ].join('\n')}\n`;
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) say(problem);
  return 2;
}

function say(line: string): void {
  process.stderr.write(`muster doctor: ${line}\n`);
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return 1;
});
process.exit();
