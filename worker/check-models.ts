// check-models.ts: asks one model for what a task needs of it (text, a tool call, a schema, a stream) and says what works, how
// long it takes and what it costs. What its server turns out not to take is learned by the provider itself.

import type { EmbeddingsProvider, ModelProvider, ModelReply, ModelRequest } from '../activities/index.ts';
import { hintFor } from '../protocol/failures.ts';

export interface Check {
  name: 'key' | 'text' | 'tool call' | 'schema' | 'schema in words' | 'stream' | 'vectors';
  works: boolean;
  /** What came instead, or why nothing did. */
  words?: string;
}

export interface ModelReport {
  model: string;
  checks: Check[];
  inputTokens: number;
  outputTokens: number;
  /** Dollars, where its prices are known. */
  costUsd?: number;
  firstByteMs?: number;
}

const MOST_TOKENS = 2_000;
/** Some servers take no fewer. */
const KEY_TOKENS = 16;
const PATIENCE_MS = 120_000;
const said = (content: string): ModelRequest['messages'] => [{ role: 'user', content }];
const TOOL = {
  name: 'note_number',
  description: 'Notes a number.',
  parameters: {
    type: 'object',
    properties: { number: { type: 'number' } },
    required: ['number'],
    additionalProperties: false,
  },
};
const SCHEMA: ModelRequest = {
  messages: said('How many days has a week? Give the number.'),
  format: { name: 'number', schema: TOOL.parameters },
  maxOutputTokens: MOST_TOKENS,
};
const REQUESTS: Record<'text' | 'tool call' | 'schema' | 'schema in words', ModelRequest> = {
  text: { messages: said('Count from one to ten, in words.'), maxOutputTokens: MOST_TOKENS },
  'tool call': {
    messages: said('Call the tool note_number with the number 7.'),
    tools: [TOOL],
    toolChoice: 'auto',
    maxOutputTokens: MOST_TOKENS,
  },
  schema: SCHEMA,
  'schema in words': { ...SCHEMA, inWords: 'schema' },
};

/**
 * Does the work within the time. A controller of its own, which its timer holds: of `AbortSignal.any` with
 * `AbortSignal.timeout` inside nobody holds the second, and once it is collected it never fires.
 */
async function inTime<T>(signal: AbortSignal, ms: number, work: (within: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`it took longer than ${ms / 1_000} s`)), ms);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param signal ends the asking
 * @param patienceMs what each question may take
 */
export async function checkModel(
  provider: ModelProvider,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<ModelReport> {
  const report: ModelReport = { model: provider.model, checks: [], inputTokens: 0, outputTokens: 0 };
  let pieces = 0;
  const ask = async (
    name: keyof typeof REQUESTS,
    isRight: (reply: ModelReply) => string | undefined,
  ): Promise<'right' | 'wrong' | 'failed'> => {
    const began = Date.now();
    let first: number | undefined;
    pieces = 0;
    const patience = Math.max(patienceMs, (provider.firstByteSeconds ?? 0) * 1_000);
    try {
      const reply = await inTime(signal, patience, (within) =>
        provider.generate(REQUESTS[name], {
          signal: within,
          onBytes(isOutput = true) {
            if (isOutput) first ??= Date.now() - began;
          },
          onText: () => (pieces += 1),
        }),
      );
      report.inputTokens += reply.inputTokens;
      report.outputTokens += reply.outputTokens;
      report.firstByteMs ??= first ?? Date.now() - began;
      const instead = isRight(reply);
      report.checks.push({ name, works: instead === undefined, ...(instead === undefined ? {} : { words: instead }) });
      return instead === undefined ? 'right' : 'wrong';
    } catch (error) {
      const { type, message } = provider.classify(error);
      report.checks.push({ name, works: false, words: `${message} ${hintFor(type)}` });
      return 'failed';
    }
  };
  await ask('text', ({ text }) => (text.trim() === '' ? 'no text came' : undefined));
  const isStreamed = pieces > 1;
  report.checks.push({
    name: 'stream',
    works: isStreamed,
    ...(isStreamed ? {} : { words: 'the answer came in one piece, so nobody sees it grow' }),
  });
  await ask('tool call', ({ toolCalls, text }) =>
    toolCalls.some(({ name }) => name === TOOL.name) ? undefined : `it called none, and said: ${text.slice(0, 80)}`,
  );
  const hasForm = ({ text }: ModelReply): string | undefined =>
    /"number"\s*:\s*-?\d/.test(text) ? undefined : `it said: ${text.slice(0, 80)}`;
  // Some servers take a schema and don't heed it, without a word.
  if ((await ask('schema', hasForm)) === 'wrong') await ask('schema in words', hasForm);
  const { prices } = provider;
  if (prices) report.costUsd = (report.inputTokens * prices.input + report.outputTokens * prices.output) / 1e6;
  return report;
}

/** Asks a model for a word: whether its key, its address and its name are right. The dearest of them takes a few tokens for it. */
export async function checkKey(provider: ModelProvider, signal: AbortSignal): Promise<ModelReport> {
  const report: ModelReport = { model: provider.model, checks: [], inputTokens: 0, outputTokens: 0 };
  const began = Date.now();
  try {
    const { inputTokens, outputTokens } = await inTime(signal, PATIENCE_MS, (within) =>
      provider.generate(
        { messages: said('Say yes.'), maxOutputTokens: KEY_TOKENS },
        { signal: within, onBytes: () => undefined, onText: () => undefined },
      ),
    );
    Object.assign(report, { inputTokens, outputTokens });
    report.checks.push({ name: 'key', works: true });
  } catch (error) {
    const { type, message } = provider.classify(error);
    report.checks.push({ name: 'key', works: false, words: `${message} ${hintFor(type)}` });
  }
  report.firstByteMs = Date.now() - began;
  return report;
}

/** The same of embeddings: whether their server gives vectors. */
export async function checkEmbeddings(embeddings: EmbeddingsProvider, signal: AbortSignal): Promise<ModelReport> {
  const began = Date.now();
  const report: ModelReport = { model: embeddings.model, checks: [], inputTokens: 0, outputTokens: 0 };
  try {
    const { vectors, tokens } = await inTime(signal, PATIENCE_MS, (within) =>
      embeddings.embed(['How many days has a week?', 'Seven.'], { signal: within }),
    );
    const [length] = vectors.map((vector) => vector?.length);
    report.inputTokens = tokens;
    report.checks.push({ name: 'vectors', works: length !== undefined, words: `of ${length ?? 'no'} numbers` });
  } catch (error) {
    const { type, message } = embeddings.classify(error);
    report.checks.push({ name: 'vectors', works: false, words: `${message} ${hintFor(type)}` });
  }
  report.firstByteMs = Date.now() - began;
  return report;
}
