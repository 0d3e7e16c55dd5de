// doctor.ts: `muster doctor`: asks each configured model, and embeddings, for what a task needs and prints what works, what was learned of its
// server, and what the asking cost. Starts no worker and needs no Temporal server.

import { configuredModels } from './configured-models.ts';
import { checkEmbeddings, checkModel, type ModelReport } from './check-models.ts';
import { modelMemory } from './model-memory.ts';
import { readSettings } from './read-settings.ts';
import { withoutEmptyVariables } from '../settings/variables.ts';
import { openStore } from '../store/open-store.ts';
import type { Learned, LearnedEmbeddings } from '../activities/index.ts';

const HELP = `muster doctor --models: asks each configured model for text, a tool call, a schema and a stream, and embeddings for vectors,
and says what works, what its server does not take, and what it cost. Settings are those of muster worker.

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
  const read = await readSettings(withoutEmptyVariables(process.env));
  if ('problems' in read) return refuse(read.problems);
  const { config } = read;
  const store = openStore(config.store);
  const memory = modelMemory(store, (line) => say(line));
  const { lines, embeddings } = configuredModels(config.models, memory);
  const providers = [
    ...lines.map(({ provider }) => provider),
    ...config.extensions.flatMap(({ models = [] }) => models),
  ];
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped')));
  let areAllWell = true;
  const tell = async (report: ModelReport, recall?: () => Promise<Kept | undefined>): Promise<void> => {
    await memory.settled();
    const learned = await recall?.().catch(() => undefined);
    process.stdout.write(
      argv.includes('--json') ? `${JSON.stringify({ ...report, learned })}\n` : inWords(report, learned),
    );
    areAllWell &&= report.checks.some(({ name, works }) => (name === 'text' || name === 'vectors') && works);
  };
  for (const provider of providers) {
    const model = config.models.models.find(({ name }) => name === provider.model);
    await tell(await checkModel(provider, stop.signal), model && memory.of(model).recall);
  }
  const asked = config.models.embeddings;
  if (embeddings && asked)
    await tell(await checkEmbeddings(embeddings, stop.signal), memory.ofEmbeddings(asked).recall);
  await store.close();
  return areAllWell ? 0 : 1;
}

/** Whatever is remembered of a server. */
type Kept = Learned & LearnedEmbeddings;

function inWords(
  { model, checks, inputTokens, outputTokens, costUsd, firstByteMs }: ModelReport,
  learned: Kept = {},
): string {
  const rows = checks.map(
    ({ name, works, words }) => `  ${works ? 'ok' : 'no'}  ${name}${words === undefined ? '' : `: ${words}`}`,
  );
  const {
    features = {},
    refusedTools = {},
    contextTokens,
    mostOutput,
    mostTexts,
    mostTokens,
    encoding,
    baseURL,
  } = learned;
  const known = [
    ...Object.entries(features).map(([feature, level]) => `${feature}: ${String(level)}`),
    ...Object.keys(refusedTools).map((key) => `without the tool ${key.split(' ')[0]}`),
    ...(contextTokens === undefined ? [] : [`${contextTokens} tokens at once`]),
    ...(mostOutput === undefined ? [] : [`${mostOutput} tokens an answer`]),
    ...(mostTexts === undefined ? [] : [`${mostTexts} texts at once`]),
    ...(mostTokens === undefined ? [] : [`${mostTokens} tokens a text`]),
    ...(encoding === undefined ? [] : ['vectors as numbers']),
    ...(baseURL === undefined ? [] : [`it answers under ${baseURL}`]),
  ];
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
