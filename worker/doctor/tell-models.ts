// tell-models.ts: `muster doctor --models` and `--keys`: what each configured model, and embeddings, can do, what was learned of its
// server, and what the asking cost.

import { checkEmbeddings, checkKey, checkModel, type ModelReport } from '../check-models.ts';
import type { WorkerConfig } from '../config.ts';
import { configuredModels } from '../configured-models.ts';
import { modelMemory } from '../model-memory.ts';
import { counted, formatCount } from '../../protocol/counted.ts';
import type { Learned, LearnedEmbeddings, ModelProvider } from '../../activities/index.ts';
import { openStore } from '../../store/open-store.ts';

/** How what is asked is told. */
export interface Telling {
  isJson: boolean;
  signal: AbortSignal;
  /** Takes what is no answer. */
  say: (line: string) => void;
}

/** Asks each model for a word, which shows whether its key works. True when each answers. */
export async function tellKeys(config: WorkerConfig, { isJson, signal }: Telling): Promise<boolean> {
  const reports = await Promise.all(providersOf(config).map(async (one) => await checkKey(one, signal)));
  for (const report of reports) process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : inWords(report));
  return reports.every(({ checks }) => checks.every(({ works }) => works));
}

function providersOf(config: WorkerConfig, memory?: ReturnType<typeof modelMemory>): ModelProvider[] {
  const { lines } = configuredModels(config.models, memory);
  return [...lines.map(({ provider }) => provider), ...config.extensions.flatMap(({ models = [] }) => models)];
}

/** True when each of them answers. */
export async function tellModels(config: WorkerConfig, { isJson, signal, say }: Telling): Promise<boolean> {
  const store = openStore(config.store);
  const memory = modelMemory(store, (line) => say(line));
  const { embeddings } = configuredModels(config.models, memory);
  let areAllWell = true;
  const tell = async (report: ModelReport, recall?: () => Promise<Kept | undefined>): Promise<void> => {
    await memory.settled();
    const learned = await recall?.().catch(() => undefined);
    process.stdout.write(isJson ? `${JSON.stringify({ ...report, learned })}\n` : inWords(report, learned));
    areAllWell &&= report.checks.some(({ name, works }) => (name === 'text' || name === 'vectors') && works);
  };
  for (const provider of providersOf(config, memory)) {
    const model = config.models.models.find(({ name }) => name === provider.model);
    await tell(await checkModel(provider, signal), model && memory.of(model).recall);
  }
  const asked = config.models.embeddings;
  if (embeddings && asked) await tell(await checkEmbeddings(embeddings, signal), memory.ofEmbeddings(asked).recall);
  await store.close();
  return areAllWell;
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
    ...(contextTokens === undefined ? [] : [`${counted(contextTokens, 'token')} at once`]),
    ...(mostOutput === undefined ? [] : [`${counted(mostOutput, 'token')} an answer`]),
    ...(mostTexts === undefined ? [] : [`${counted(mostTexts, 'text')} at once`]),
    ...(mostTokens === undefined ? [] : [`${counted(mostTokens, 'token')} a text`]),
    ...(encoding === undefined ? [] : ['vectors as numbers']),
    ...(baseURL === undefined ? [] : [`it answers under ${baseURL}`]),
  ];
  const cost = costUsd === undefined ? '' : `, ${costUsd.toFixed(4)} dollars`;
  const first = firstByteMs === undefined ? '' : `, first words after ${firstByteMs} ms`;
  return `${[
    model,
    ...rows,
    ...(known.length > 0 ? [`  learned (kept for a week): ${known.join(', ')}`] : []),
    `  ${counted(inputTokens, 'token')} in, ${formatCount(outputTokens)} out${cost}${first}`,
  ].join('\n')}\n`;
}
