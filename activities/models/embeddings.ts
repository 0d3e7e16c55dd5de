// embeddings.ts: where vectors of texts come from, asked in batches: any server that speaks OpenAI's embeddings
// endpoint, through the openai client. Never retries, keeps nothing: that is documents/embed-corpus.ts.

import OpenAI, { APIError } from 'openai';
import { z } from 'zod';
import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import { checkDefinition, type ShapesOf } from '../../protocol/schemas/definition.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { isObject } from '../text/json-values.ts';
import { tokenCount } from './counts.ts';
import { FittedEmbeddings, isTooSlow, mayBeSize } from './fit-embeddings.ts';
import { FoundAddress } from './found-address.ts';
import { callThrough, ModelCallError, providerGate, type ProviderGate } from './model-line.ts';
import { faultOf } from './openai-faults.ts';
import { readVectors } from './read-vectors.ts';
import { plainAddress } from './server-address.ts';
import { wholeFetch } from './server-fetch.ts';
import { serverOptions } from './server-options.ts';
import { errorIn } from './server-words.ts';

export interface OpenAIEmbeddingsOptions {
  /** The provider, as people know it. */
  name: string;
  /** What the server calls the model. */
  model: string;
  apiKey: string;
  /** Default: OpenAI's own. */
  baseURL?: string;
  /** Sent only when set: not every server knows it. */
  dimensions?: number;
  /** Its places and breaker. Default: its own, with 100 calls at once. */
  gate?: ProviderGate;
  /** How long a request may take, in ms; one that takes longer is made of fewer texts. Default: 120,000. */
  timeoutMs?: number;
  /** What was learned of this server before. Asked once, at the first call. */
  recall?: () => Promise<LearnedEmbeddings | undefined>;
  /** Told whatever is learned of it. **Contract:** must not throw. */
  onLearned?: (learned: LearnedEmbeddings) => void;
  /** Told in a sentence what was learned, for the log. Default: nobody is. */
  say?: (line: string) => void;
}

const optionShapes: ShapesOf<OpenAIEmbeddingsOptions> = {
  ...serverOptions,
  name: z.string().min(1),
  dimensions: z.int().min(1).optional(),
  gate: z.looseObject({}).optional(),
  timeoutMs: z.number().positive().optional(),
};

/** What is kept of an embeddings server between processes. */
export interface LearnedEmbeddings {
  /** Texts that it takes at once. */
  mostTexts?: number;
  /** Tokens, as we estimate them, that a text may have. */
  mostTokens?: number;
  /** How it sends vectors, when that is not base64. */
  encoding?: 'float';
  /** Where it answers, when that is not where the settings say. */
  baseURL?: string;
}

/** A batch takes seconds; on a laptop's CPU a minute, or longer than this. */
const TIMEOUT_MS = 120_000;

/** @throws DefinitionError with all that is wrong with its options. */
export function openaiEmbeddings(options: OpenAIEmbeddingsOptions): EmbeddingsProvider {
  checkDefinition('a model of embeddings', options, z.strictObject(optionShapes));
  const { name, model, apiKey, baseURL, dimensions, gate = providerGate() } = options;
  const address = baseURL ? plainAddress(baseURL) : undefined;
  const client = new OpenAI({
    apiKey,
    maxRetries: 0,
    // Its own log would print a server's garbage to the console.
    logLevel: 'off',
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    fetch: wholeFetch,
    ...(address ? { baseURL: address.baseURL } : {}),
    ...(address?.query ? { defaultQuery: address.query } : {}),
  });
  const learn = (line: string): void => {
    options.say?.(`${model} at ${new URL(client.baseURL).host} ${line}`);
    options.onLearned?.({
      ...fitted.bounds,
      ...(encoding === 'float' ? { encoding } : {}),
      ...(place.other === undefined ? {} : { baseURL: place.other }),
    });
  };
  const place = new FoundAddress(client, learn);
  // A third of the bytes of floats, which the event loop would have to parse. Servers that refuse it are asked as they like.
  let encoding: 'base64' | 'float' = 'base64';
  let recalled: Promise<void> | undefined;
  const recall = async (): Promise<void> => {
    const kept = await options.recall?.().catch(() => undefined);
    fitted.recall({ mostTexts: kept?.mostTexts, mostTokens: kept?.mostTokens });
    if (kept?.encoding === 'float') encoding = 'float';
    place.recall(kept?.baseURL);
  };
  const ask = async (
    input: readonly string[],
    signal: AbortSignal,
  ): Promise<{ vectors: Float32Array[]; tokens: number }> => {
    const asked = encoding;
    try {
      const body = { model, input: [...input], ...(dimensions === undefined ? {} : { dimensions }) };
      return await place.at(async () => {
        // The client leaves its listener on the signal that it is given, so each call gets one of its own.
        const own = { signal: AbortSignal.any([signal]) };
        const sent: unknown = await client.embeddings.create({ ...body, encoding_format: asked }, own);
        const usage = usageIn(sent);
        return {
          vectors: readVectors(sent, input.length),
          tokens: tokenCount(usage.prompt_tokens) ?? estimateTokens(input),
        };
      });
    } catch (error) {
      const refused =
        error instanceof APIError && error.status === 400 && /encoding_format|base64/i.test(error.message);
      if (!refused || asked === 'float') throw error;
      if (encoding === 'base64') {
        encoding = 'float';
        learn('is asked for vectors as numbers from now on');
      }
      return await ask(input, signal);
    }
  };
  const provider: EmbeddingsProvider = {
    name,
    model,
    ...(dimensions === undefined ? {} : { dimensions }),
    async embed(texts, { signal }) {
      await (recalled ??= recall());
      return await fitted.embed(texts, signal, (error) => provider.classify(error).message);
    },
    classify: (error) => {
      if (error instanceof ModelCallError) return error.fault;
      const fault = faultOf(error, options);
      // No outage, whatever the status: the server works, and says what it does not take.
      return fault.type === 'ModelUnavailable' && mayBeSize(error) ? { ...fault, type: 'ModelRequestRejected' } : fault;
    },
  };
  const fitted = new FittedEmbeddings(async (texts, signal) => {
    try {
      return await callThrough(gate, provider, signal, () => ask(texts, signal));
    } catch (error) {
      const cause = error instanceof ModelCallError ? error.cause : undefined;
      throw cause !== undefined && (mayBeSize(cause) || isTooSlow(cause)) ? cause : error;
    }
  }, learn);
  return provider;
}

/** @throws APIError for what is an error, and no answer, whatever its status. */
function usageIn(sent: unknown): Record<string, unknown> {
  const { data, embeddings, usage } = isObject(sent) ? sent : {};
  const said = (data ?? embeddings) === undefined && !Array.isArray(sent) ? errorIn(sent) : undefined;
  if (said) throw new APIError(said.status, said, undefined, undefined);
  return isObject(usage) ? usage : {};
}
