// openai.ts: any OpenAI-compatible server as a provider, through the openai client: what it turned out to accept, what it
// charges, what its errors mean. Never retries: Temporal does.

import OpenAI, { BadRequestError } from 'openai';
import { aboutTokens } from '../text/about-tokens.ts';
import { askChat } from './openai-chat.ts';
import { faultOf, isTooLong, windowNamed } from './openai-faults.ts';
import { askResponses } from './openai-responses.ts';
import { FORMATS } from './output-format.ts';
import type { ModelPrices, ModelProvider } from './provider.ts';

export interface OpenAIProviderOptions {
  model: string;
  apiKey: string;
  baseURL?: string;
  /** What the server calls it. Default: as `model`. */
  wireModel?: string;
  /** How the server is spoken to. Default: chat completions, which all compatible servers share. */
  api?: 'chat' | 'responses';
  /** True when this is the simulator. */
  offline?: boolean;
  prices?: ModelPrices;
  contextTokens?: number;
}

export function openaiProvider(options: OpenAIProviderOptions): ModelProvider {
  const client = new OpenAI({
    apiKey: options.apiKey,
    maxRetries: 0,
    // Its own log would print a server's garbage to the console.
    logLevel: 'off',
    // The loop has its own clocks: an idle limit and the subtask's wall clock.
    timeout: 24 * 3_600_000,
    ...(options.baseURL ? { baseURL: options.baseURL } : {}),
  });
  // Node loads its fetch, about 20 ms of work, when it is first touched: here no call waits for it yet.
  new Headers();
  const { model, wireModel = model, api = 'chat', prices } = options;
  let { contextTokens } = options;
  const ask = api === 'responses' ? askResponses : askChat;
  // What this server turned out to accept; found out once, at the price of one refused call.
  let format = 0;
  return {
    model,
    offline: options.offline ?? false,
    ...(prices ? { prices } : {}),
    get contextTokens() {
      return contextTokens;
    },
    async generate(request, call) {
      for (;;) {
        // Of calls that are under way together each steps down from what it asked with itself.
        const asked = format;
        try {
          return await ask(client, wireModel, request, FORMATS[asked] ?? 'prompt', call);
        } catch (error) {
          // Learned the hard way, for servers that don't say: half of what was too much, when they name no number either.
          if (isTooLong(error)) {
            const size = aboutTokens(request.messages);
            contextTokens = Math.min(contextTokens ?? Infinity, size, windowNamed(error) ?? Math.floor(size / 2));
          }
          const refusesFormat =
            error instanceof BadRequestError &&
            /response_format|json_schema|json_object|text\.format/i.test(error.message);
          if (!refusesFormat || !request.format || asked === FORMATS.length - 1) throw error;
          format = Math.max(format, asked + 1);
        }
      }
    },
    classify: (error) => faultOf(error, options),
  };
}
