// openai.ts: any OpenAI-compatible server as a provider, through the openai client: where it is, what it turned out to take,
// what it charges, what its errors mean. Never retries what a server might do better later: Temporal does.

import OpenAI from 'openai';
import { z } from 'zod';
import { checkDefinition, type ShapesOf } from '../../protocol/schemas/definition.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { hasFormOf } from '../text/parse-output.ts';
import { withCallsInText } from './calls-in-text.ts';
import { asWanted, fitRequest } from './fit-request.ts';
import { FoundAddress } from './found-address.ts';
import { LearnedFeatures, type Learned } from './learned-features.ts';
import { answerOf } from './answer-in-call.ts';
import { askChat } from './openai-chat.ts';
import { faultOf, kindOf, serverError, windowNamed } from './openai-faults.ts';
import { askResponses } from './openai-responses.ts';
import { modelPrices, type ModelPrices, type ModelProvider, type ModelReply, type ModelRequest } from './provider.ts';
import type { Api, Features } from './request-features.ts';
import { plainAddress } from './server-address.ts';
import { serverFetch } from './server-fetch.ts';
import { serverOptions } from './server-options.ts';
import { WindowEnds } from './window-ends.ts';

export interface OpenAIProviderOptions {
  model: string;
  apiKey: string;
  baseURL?: string;
  /** What the server calls it. Default: as `model`. */
  wireModel?: string;
  /** How the server is spoken to. Default: chat completions, which all compatible servers share. */
  api?: Api;
  /** True when this is the simulator. */
  offline?: boolean;
  prices?: ModelPrices;
  contextTokens?: number;
  /** Seconds that the first byte may take at least. Default: the class's. */
  firstByteSeconds?: number;
  /** Most tokens that an answer may have, whatever a step would allow. Default: the step's. */
  maxOutputTokens?: number;
  /** What the server is known to take, which is not to be found out. Default: it is found out, call by call. */
  features?: Partial<Features>;
  /** What was learned of this server before. */
  recall?: () => Promise<Learned | undefined>;
  /** Told whatever is learned of it. **Contract:** must not throw. */
  onLearned?: (learned: Learned) => void;
  /** Told in a sentence what was learned, for the log. Default: nobody is. */
  say?: (line: string) => void;
}

const optionShapes: ShapesOf<OpenAIProviderOptions> = {
  ...serverOptions,
  wireModel: z.string().min(1).optional(),
  api: z.enum(['chat', 'responses']).optional(),
  offline: z.boolean().optional(),
  prices: modelPrices.optional(),
  contextTokens: z.int().min(1).optional(),
  firstByteSeconds: z.number().positive().optional(),
  maxOutputTokens: z.int().min(1).optional(),
  features: z.looseObject({}).optional(),
};

const OFFLINE_NOTE =
  'No model was configured: this answer was put together by the built-in offline model, from exact sentences of the sources. Set MUSTER_MODEL and OPENAI_API_KEY for a written one.';

/** Least that an answer gets, however little a window leaves. */
const LEAST_OUTPUT = 256;
/** An answer that was cut off below this share of what it was to have was cut off by somebody else's bound. */
const HEEDED = 0.75;

/** The server cut an answer off at a bound of its own: it is asked again, with ours under another name. */
class BoundIgnoredError extends Error {
  override readonly name = 'BoundIgnoredError';
  readonly spent: { inputTokens: number; outputTokens: number };
  constructor({ inputTokens, outputTokens }: ModelReply) {
    super(
      'it cut its answer off below the bound that it was given; "maxOutputTokens" and "supports" of the provider say more',
    );
    this.spent = { inputTokens, outputTokens };
  }
}

/** @throws DefinitionError with all that is wrong with its options. */
export function openaiProvider(options: OpenAIProviderOptions): ModelProvider {
  checkDefinition('a model', options, z.strictObject(optionShapes));
  const address = options.baseURL ? plainAddress(options.baseURL) : undefined;
  const client = new OpenAI({
    apiKey: options.apiKey,
    maxRetries: 0,
    // Its own log would print a server's garbage to the console.
    logLevel: 'off',
    // The loop has its own clocks: an idle limit and the subtask's wall clock.
    timeout: 24 * 3_600_000,
    fetch: serverFetch,
    ...(address ? { baseURL: address.baseURL } : {}),
    ...(address?.query ? { defaultQuery: address.query } : {}),
  });
  // Node loads its fetch, about 20 ms of work, when it is first touched: here no call waits for it yet.
  new Headers();
  const { model, wireModel = model, api = 'chat', prices, contextTokens, firstByteSeconds } = options;
  const ask = api === 'responses' ? askResponses : askChat;
  const say = (line: string): void => options.say?.(`${model} at ${new URL(client.baseURL).host} ${line}`);
  const place = new FoundAddress(client, (line) => {
    say(line);
    tell();
  });
  const learned = new LearnedFeatures({
    api,
    pinned: options.features,
    recall: async () => {
      const kept = await options.recall?.();
      place.recall(kept?.baseURL);
      return kept;
    },
    onLearned: (line) => {
      say(line);
      tell();
    },
  });
  const ends = new WindowEnds();
  const tell = (): void =>
    options.onLearned?.({ ...learned.known, ...(place.other === undefined ? {} : { baseURL: place.other }) });
  const window = (): number | undefined => least(contextTokens, learned.contextTokens);
  function bounded(request: ModelRequest): ModelRequest {
    const room = window();
    const inWindow = room === undefined ? undefined : Math.max(LEAST_OUTPUT, room - Math.ceil(sizeOf(request) * 1.2));
    const most = least(request.maxOutputTokens, options.maxOutputTokens, learned.mostOutput, inWindow);
    return most === undefined ? request : { ...request, maxOutputTokens: most };
  }

  function noteWhatIsHeeded({ inWords, format }: ModelRequest, asked: ModelRequest, reply: ModelReply): void {
    if (reply.toolCalls.length > 0) {
      if (inWords === 'format' || inWords === 'tools') learned.isUnheeded(inWords);
    } else if (format && asked.format && hasFormOf(format.schema, reply.text)) {
      if (inWords === 'schema') learned.isUnheeded('schema');
      else learned.formatIsHeeded();
    }
  }

  return {
    model,
    offline: options.offline ?? false,
    ...(options.offline ? { note: OFFLINE_NOTE } : {}),
    ...(prices ? { prices } : {}),
    ...(firstByteSeconds === undefined ? {} : { firstByteSeconds }),
    get contextTokens() {
      return window();
    },
    async generate(request, call) {
      let asked: Features | undefined;
      let sent = request;
      try {
        const reply = await learned.call(request, async (features, taken) => {
          const own = (asked = asWanted(taken, features));
          sent = fitRequest(bounded(taken), own);
          return await place.at(() => ask(client, wireModel, sent, own, call));
        });
        if (isCutBelowBound(reply, sent)) {
          const { isLikely, window: end } = ends.see(reply);
          if (end !== undefined && end < (window() ?? Infinity)) learned.learnWindow(end);
          if (asked && !isLikely && learned.boundIsIgnored(asked)) throw new BoundIgnoredError(reply);
        }
        const read = answerOf(asked?.tools === 'words' ? withCallsInText(reply, request.tools ?? []) : reply, request);
        noteWhatIsHeeded(request, sent, read);
        return read;
      } catch (error) {
        const said = serverError(error);
        if (said && kindOf(said) === 'length') learned.learnWindow(smallerWindow(sent, window(), windowNamed(said)));
        throw error;
      }
    },
    classify(error) {
      if (error instanceof BoundIgnoredError)
        return { type: 'ModelOutputInvalid', message: error.message, again: true, spent: error.spent };
      const { apiKey, baseURL } = options;
      const fault = faultOf(error, { model, apiKey, ...(baseURL ? { baseURL: client.baseURL } : {}) });
      // Where a model has answered, a page or a "not found" is a gateway's trouble.
      return fault.type === 'ModelAddressWrong' && place.isThere ? { ...fault, type: 'ModelUnavailable' } : fault;
    },
  };
}

const least = (...given: (number | undefined)[]): number | undefined => {
  const numbers = given.filter((one) => one !== undefined);
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
};

const sizeOf = ({ messages, tools, format }: ModelRequest): number =>
  estimateTokens(messages) + (tools ? estimateTokens(tools) : 0) + (format ? estimateTokens(format) : 0);

/** A window that the refused request does not fit into: the one that is named, or, by and by, a smaller one. */
function smallerWindow(request: ModelRequest, known: number | undefined, named: number | undefined): number {
  const size = sizeOf(request);
  if (named !== undefined && named < (known ?? Infinity)) return named;
  // Named before: what was counted as fitting did not fit. Not named: by and by.
  const most = Math.min(known ?? Infinity, size + (request.maxOutputTokens ?? 0));
  return Math.max(LEAST_OUTPUT, Math.floor(most * (named === undefined ? 0.5 : 0.8)));
}

/** Cut off far below the bound that it was given. */
function isCutBelowBound(
  { isCutShort = false, repeats = false, outputTokens }: ModelReply,
  { maxOutputTokens }: ModelRequest,
): boolean {
  return isCutShort && !repeats && maxOutputTokens !== undefined && outputTokens < maxOutputTokens * HEEDED;
}
