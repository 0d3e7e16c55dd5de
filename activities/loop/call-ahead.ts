// call-ahead.ts: a model call that leaves before there is a log to keep it in: who comes with the same request takes it over as it
// is, words and all; with another one it is given up. Nobody sees anything of it before that.

import { canonicalJson } from '../../protocol/schemas/hash.ts';
import { ModelCallError, type ModelLine } from '../models/model-line.ts';
import { fitHistory } from '../models/fit-history.ts';
import type { CallOptions, ChatMessage, ModelProvider, ModelReply, ModelRequest } from '../models/provider.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import type { OutputShape } from '../text/parse-output.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { CallHeaders } from './call-headers.ts';
import { firstRequest } from './first-request.ts';

export class CallAhead {
  readonly line: ModelLine;
  readonly #request: ModelRequest;
  readonly #given = new AbortController();
  readonly #reply: Promise<ModelReply>;
  #text: string | undefined;
  #lastHeard = 0;
  #isOver = false;
  #isTaken = false;
  #to: CallOptions | undefined;

  /**
   * Makes the call.
   * @param lines of which the first that is not down is asked.
   * @param headers what it tells the server. Default: nothing.
   */
  constructor(
    lines: readonly [ModelLine, ...ModelLine[]],
    messages: readonly ChatMessage[],
    shape: Pick<OutputShape<unknown>, 'name' | 'schema'>,
    limits: SubtaskLimits,
    headers?: CallHeaders,
  ) {
    this.line = lines.find((line) => line.closedForMs() === 0) ?? lines[0];
    const { provider } = this.line;
    const request = firstRequest(messages, shape, limits, lines);
    this.#request = { ...request, messages: fitHistory(request.messages, provider.model) };
    const { signal } = this.#given;
    this.#reply = this.line
      .call(
        signal,
        (place) =>
          provider.generate(this.#request, {
            signal,
            ...(headers ? { headers: { ...headers } } : {}),
            onBytes: (isAnswer = true) => {
              this.#lastHeard = Date.now();
              if (isAnswer) place.heard();
              this.#to?.onBytes(isAnswer);
            },
            onText: (text) => {
              this.#text = text;
              this.#to?.onText?.(text);
            },
          }),
        () => undefined,
      )
      .finally(() => (this.#isOver = true));
    this.#reply.catch(() => undefined);
  }

  /** The line that it went to, for who has a log: its next call is this one, when that asks for the same; all others are its own. */
  asLine(): ModelLine {
    const { line } = this;
    const provider = withGenerate(line.provider, (request, options) =>
      this.#isTaken ? line.provider.generate(request, options) : this.#take(request, options),
    );
    return {
      provider,
      closedForMs: () => (this.#isTaken ? line.closedForMs() : 0),
      inBackground: () => line.inBackground(),
      atOnce: () => line.atOnce(),
      // It has its place at the provider.
      call: async (signal, make, stopped) => {
        if (this.#isTaken) return await line.call(signal, make, stopped);
        try {
          return await make({ heard: () => undefined, lastHeard: () => this.#lastHeard });
        } catch (error) {
          signal.throwIfAborted();
          throw error instanceof ModelCallError
            ? error
            : new ModelCallError(stopped() ?? provider.classify(error), error);
        }
      },
    };
  }

  async #take(request: ModelRequest, options: CallOptions): Promise<ModelReply> {
    this.#isTaken = true;
    if (canonicalJson(request) !== canonicalJson(this.#request)) {
      this.giveUp();
      return await this.line.call(
        options.signal,
        () => this.line.provider.generate(request, options),
        () => undefined,
      );
    }
    this.#to = options;
    options.signal.addEventListener('abort', () => this.#given.abort(options.signal.reason), { once: true });
    if (this.#lastHeard > 0) options.onBytes(this.#text !== undefined);
    if (this.#text !== undefined) options.onText?.(this.#text);
    return await this.#reply;
  }

  /** Nobody wants it any more. @returns about how many tokens it cost; 0 for one that somebody had. */
  giveUp(): number {
    if (this.#to) return 0;
    if (!this.#isOver) this.#given.abort(new Error('nobody wants this call any more'));
    return estimateTokens(this.#request.messages) + estimateTokens(this.#text ?? '');
  }
}

/** The same provider, that answers otherwise. Whatever it is made of: its own methods meet itself. */
const withGenerate = (provider: ModelProvider, generate: ModelProvider['generate']): ModelProvider =>
  new Proxy(provider, {
    get(own, name) {
      if (name === 'generate') return generate;
      const value: unknown = Reflect.get(own, name, own);
      return typeof value === 'function' ? (value.bind(own) as unknown) : value;
    },
  });
