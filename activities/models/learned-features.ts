// learned-features.ts: what one server turned out to take: a feature that it refuses is dropped or replaced, remembered, told
// once, and the call goes on. What the config says is never moved, and no call is tried more often than there are features.

import { kindOf, serverError } from './openai-faults.ts';
import type { ModelReply, ModelRequest, ToolSchema } from './provider.ts';
import { RefusedTools } from './refused-tools.ts';
import {
  ALL_FEATURES,
  FEATURE_NAMES,
  knownLevels,
  namedFeature,
  RISKIEST_FIRST,
  usesFeature,
  withoutFeature,
  type Api,
  type Feature,
  type Features,
} from './request-features.ts';
import type { ServerError } from './server-words.ts';

/** What is kept of a server between processes. */
export interface Learned {
  features?: Partial<Features>;
  contextTokens?: number;
  mostOutput?: number;
  /** Why it refuses single tools, by name and digest of their declarations. */
  refusedTools?: Record<string, string>;
  /** Where it answers, when that is not where the settings say. */
  baseURL?: string;
}

export interface FeatureOptions {
  api: Api;
  /** What the config says. */
  pinned?: Partial<Features> | undefined;
  /** What was learned before. Asked once, at the first call. */
  recall?: (() => Promise<Learned | undefined>) | undefined;
  /** Told once of each thing that is learned, in a sentence for the log. **Contract:** must not throw. */
  onLearned: (line: string) => void;
}

/** Makes a call with these features. */
type Ask = (features: Features, request: ModelRequest) => Promise<ModelReply>;

/** Refusals are sent with these; what a stream says inside a 200 may have none. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 404, 415, 422, 500, 501, undefined]);
/** What is taken and not heeded, and how that showed. */
const UNHEEDED = {
  schema: { feature: 'format', why: 'its answers had the form only once that was said in words' },
  format: { feature: 'formatBesideTools', why: 'no tool was called as long as it was asked so' },
  tools: { feature: 'tools', why: 'no tool was called as long as it was asked so' },
} as const satisfies Record<string, { feature: Feature; why: string }>;
/** All features, each down all its levels. */
const MOST_TRIES = 16;

export class LearnedFeatures {
  readonly #options: FeatureOptions;
  #current: Features;
  #recalled: Promise<void> | undefined;
  /** Features, with their levels, that a request had which was answered. */
  readonly #proven = new Set<string>();
  #isFormatHeeded = false;
  #probing: Promise<unknown> | undefined;
  /** Answers of "server error" since the last good one: the first may be an accident. */
  #errors = 0;
  #isFruitless = false;
  #suspect: Feature | undefined;
  readonly #tools = new RefusedTools();
  #contextTokens: number | undefined;
  #mostOutput: number | undefined;

  constructor(options: FeatureOptions) {
    this.#options = options;
    this.#current = { ...ALL_FEATURES, ...options.pinned };
  }

  get current(): Features {
    return this.#current;
  }

  /** The window in tokens, as the server has named it or refused above it. */
  get contextTokens(): number | undefined {
    return this.#contextTokens;
  }

  /** The most tokens that the server lets an answer have. */
  get mostOutput(): number | undefined {
    return this.#mostOutput;
  }

  /** All that is to be remembered of it. */
  get known(): Learned {
    const changed = Object.entries(this.#current).filter(
      ([feature, level]) => level !== ALL_FEATURES[feature as Feature] && !this.#isPinned(feature as Feature),
    );
    const refusedTools = this.#tools.kept;
    return {
      ...(refusedTools ? { refusedTools } : {}),
      ...(changed.length > 0 ? { features: Object.fromEntries(changed) } : {}),
      ...(this.#contextTokens === undefined ? {} : { contextTokens: this.#contextTokens }),
      ...(this.#mostOutput === undefined ? {} : { mostOutput: this.#mostOutput }),
    };
  }

  /**
   * Makes a call in the best way that the server is not known to refuse.
   * @param ask makes it, of the request without the tools that are refused
   * @throws what `ask` throws that is no such refusal
   */
  async call(wanted: ModelRequest, ask: Ask): Promise<ModelReply> {
    await this.#recall();
    const left: ToolSchema[] = [];
    for (let tries = 1; ; tries += 1) {
      const asked = this.#current;
      const { request, leftOut } = this.#tools.without(wanted);
      try {
        const reply = await ask(asked, request);
        this.#works(asked, request);
        return leftOut.length > 0 ? { ...reply, leftOut } : reply;
      } catch (error) {
        const said = refusalOf(error);
        if (!said || tries > MOST_TRIES) throw error;
        // Of calls that are under way together one learns, and all step down.
        if (this.#current !== asked) continue;
        const tool = this.#tools.learn(said, request, left);
        if (tool) {
          left.push(tool);
          this.#learned(`refuses the tool ${tool.name}, which is left out from now on (${said.message.slice(0, 200)})`);
          continue;
        }
        const named = this.#named(said, asked, request);
        const most = named === 'outputBound' ? mostNamed(said.message, this.#bound(request)) : undefined;
        if (most !== undefined) this.learnMostOutput(most);
        else if (named) this.#learn(named, withoutFeature(named, asked, this.#options.api), said);
        else if (this.#isWorthProbing(said)) {
          const found = await this.#probeOnce(asked, request, ask, said);
          if (found) return leftOut.length > 0 ? { ...found.reply, leftOut } : found.reply;
          if (this.#current === asked) throw error;
        } else throw error;
      }
    }
  }

  /** The server lets a request have no more than so many tokens. */
  learnWindow(tokens: number): void {
    this.#contextTokens = tokens;
    this.#options.onLearned(`takes ${tokens} tokens at once`);
  }

  learnMostOutput(tokens: number): void {
    this.#mostOutput = tokens;
    this.#learned(`writes ${tokens} tokens at most`);
  }

  #learned(line: string): void {
    // Another object: calls that are under way see that something was learned.
    this.#current = { ...this.#current };
    this.#options.onLearned(line);
  }

  /** The server took the bound, and heeded it not: it goes under the next name. False when there is none. */
  boundIsIgnored(asked: Features): boolean {
    const next = withoutFeature('outputBound', asked, this.#options.api);
    if (next.outputBound === 'none' || this.#options.pinned?.outputBound !== undefined) return false;
    if (this.#current === asked) this.#learn('outputBound', next, { message: 'it cut an answer off below it' });
    return true;
  }

  /** An answer had its form though nothing but the request's field for it said which. */
  formatIsHeeded(): void {
    this.#isFormatHeeded ||= this.#current.format === 'json_schema';
  }

  /**
   * An answer had its form, or tools were called, only once that was said in words: the server takes what says so and heeds it
   * not. Of a server that has heeded a form, one answer without it is its model's slip.
   */
  isUnheeded(what: keyof typeof UNHEEDED): void {
    const { feature, why } = UNHEEDED[what];
    const next = withoutFeature(feature, this.#current, this.#options.api);
    if (this.#isPinned(feature) || next[feature] === this.#current[feature]) return;
    if (what === 'schema' && (this.#isFormatHeeded || this.#current.format !== 'json_schema')) return;
    this.#learn(feature, next, { message: why });
  }

  #bound({ maxOutputTokens = 0 }: ModelRequest): number {
    return Math.min(maxOutputTokens, this.#mostOutput ?? Infinity);
  }

  #named(said: ServerError, asked: Features, request: ModelRequest): Feature | undefined {
    const words = `${said.param ?? ''} ${said.message}`;
    const named = namedFeature(words, asked, request, this.#options.api);
    return named !== undefined && this.#isPinned(named) ? undefined : named;
  }

  #isPinned(feature: Feature): boolean {
    return this.#options.pinned?.[feature] !== undefined;
  }

  /** What the server's refusal does not name is looked for, by one call at a time. */
  async #probeOnce(
    asked: Features,
    request: ModelRequest,
    ask: Ask,
    said: ServerError,
  ): Promise<{ reply: ModelReply } | undefined> {
    if (this.#probing) {
      await this.#probing;
      return undefined;
    }
    const probe = this.#probe(asked, request, ask, said);
    this.#probing = probe.catch(() => undefined);
    try {
      return await probe;
    } finally {
      this.#probing = undefined;
    }
  }

  async #probe(
    asked: Features,
    request: ModelRequest,
    ask: Ask,
    said: ServerError,
  ): Promise<{ reply: ModelReply } | undefined> {
    const { api } = this.#options;
    const isSure = (said.status ?? 0) !== 500;
    let tried = asked;
    for (const feature of RISKIEST_FIRST) {
      if (
        !usesFeature(feature, tried, request, api) ||
        this.#isPinned(feature) ||
        this.#proven.has(levelOf(feature, tried))
      )
        continue;
      tried = withoutFeature(feature, tried, api, 'least');
      try {
        const reply = await ask(tried, request);
        // What was dropped before it did not help alone: it comes back with the next call.
        const learned = { ...asked, [feature]: tried[feature] };
        if (isSure || this.#suspect === feature) this.#learn(feature, learned, said);
        else this.#suspect = feature;
        return { reply };
      } catch (error) {
        if (!refusalOf(error)) throw error;
      }
    }
    this.#isFruitless = true;
    return undefined;
  }

  /** A "server error" may be an outage: it is held against the request only when it comes again, and looked into once. */
  #isWorthProbing({ status }: ServerError): boolean {
    if (status === undefined) return false;
    if (status !== 500) return true;
    this.#errors += 1;
    return (this.#errors > 1 || this.#suspect !== undefined) && !this.#isFruitless;
  }

  #works(asked: Features, request: ModelRequest): void {
    this.#errors = 0;
    this.#isFruitless = false;
    for (const feature of RISKIEST_FIRST) {
      if (!usesFeature(feature, asked, request, this.#options.api)) continue;
      this.#proven.add(levelOf(feature, asked));
      if (feature === this.#suspect) this.#suspect = undefined;
    }
  }

  #learn(feature: Feature, features: Features, { message }: ServerError): void {
    this.#current = features;
    const instead = features[feature];
    const how = typeof instead === 'string' && instead !== 'none' ? `asked by ${instead}` : 'asked without';
    this.#options.onLearned(
      `does not take ${FEATURE_NAMES[feature]} as asked for and is ${how} from now on (${message.slice(0, 200)})`,
    );
  }

  #recall(): Promise<void> {
    this.#recalled ??= (async () => {
      const kept = await this.#options.recall?.().catch(() => undefined);
      if (!kept) return;
      this.#current = { ...ALL_FEATURES, ...knownLevels(kept.features), ...this.#options.pinned };
      this.#tools.recall(kept.refusedTools);
      this.#contextTokens ??= tokensOf(kept.contextTokens);
      this.#mostOutput ??= tokensOf(kept.mostOutput);
    })();
    return this.#recalled;
  }
}

const levelOf = (feature: Feature, features: Features): string => `${feature}=${features[feature]}`;

const tokensOf = (kept: unknown): number | undefined =>
  Number.isInteger(kept) && Number(kept) > 0 ? Number(kept) : undefined;

/** A refusal that a feature may be behind, and not a key, a quota, a length or an unknown model. */
function refusalOf(error: unknown): ServerError | undefined {
  const said = serverError(error);
  if (!said || !REFUSALS.has(said.status)) return undefined;
  const kind = kindOf(said);
  if (kind === 'rejected' || kind === 'overload') return said;
  if (kind !== 'model' && kind !== 'content' && kind !== 'length') return undefined;
  if (/not_found|content|context/i.test(`${said.code} ${said.type}`)) return undefined;
  // Words about a model, or about what a model does not take: only the name of a feature tells.
  const { status: _unsure, ...named } = said;
  return named;
}

/** The most that an answer may have, where a refusal of the bound names it. */
function mostNamed(words: string, sent: number): number | undefined {
  if (/unsupported|unrecogni|unknown|unexpected|extra|not (?:supported|permitted|allowed)/i.test(words))
    return undefined;
  if (!/at most|max|less than|limit|too (?:large|high|big)|above|greater|exceed|range|<=/i.test(words))
    return undefined;
  const numbers = (words.match(/\d[\d,]*/g) ?? []).map((one) => Number(one.replaceAll(',', '')));
  const lower = numbers.filter((one) => one >= LEAST_OUTPUT && one < sent);
  return lower.length > 0 ? Math.max(...lower) : undefined;
}

const LEAST_OUTPUT = 64;
