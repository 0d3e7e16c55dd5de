// connection.ts: one MCP server as this worker knows it: connected on first use, connected again after it broke (with
// growing pauses), its tools listed again when it says that they changed. Judges nothing of what the server says.

import type { Client, jsonSchemaValidator, JsonSchemaValidator, Transport } from '@modelcontextprotocol/client';
import { orAborted } from '../../../protocol/or-aborted.ts';
import type { McpServerConfig } from '../../../protocol/schemas/tools.ts';
import { TOO_LONG } from './bounded-message.ts';
import { cappedFetch } from './capped-fetch.ts';
import { BROKE_OFF } from './fit-body.ts';
import { FittedResults, type OfferedTool } from './fit-results.ts';
import { isObject } from './json-object.ts';
import { hideSecrets } from './hide-secrets.ts';
import { NOT_SENT, ServerProcess } from './server-process.ts';
import { visibleText } from '../../../documents/extract/visible-text.ts';

/** The server can't be reached, or was lost. `notRun` when the call that failed was surely not carried out. */
export class McpBrokenError extends Error {
  override readonly name = 'McpBrokenError';
  readonly notRun: boolean;
  /** Without the server's name and without what changes from one time to the next. */
  readonly reason: string;
  constructor(message: string, notRun: boolean, reason = message) {
    super(message);
    this.notRun = notRun;
    this.reason = reason;
  }
}

interface Live {
  client: Client;
  results: FittedResults;
  /** Aborts, with the reason, when nothing more can be read of a process: calls under way would wait for its end. */
  broken: AbortController;
  calls: number;
  /** No call is made by it any more; it is closed with the last of those under way. */
  isLost: boolean;
}

/** How long a server may take to start when the config does not say. npx and uvx fetch what they run. */
export const START_SECONDS = 60;
const LONGEST_PAUSE_MS = 60_000;
/** What a process wrote to stderr, for the message that says why it can't be used. */
const STDERR_CHARS = 500;

type Sdk = typeof import('@modelcontextprotocol/client');

/** What a server offers. */
export interface Offer {
  tools: OfferedTool[];
  /** Entries of its list that have no name, and whether the list was cut because it goes on and on. */
  unnamed: number;
  isCut: boolean;
  /** Why the rest of its list is missing: a page of it failed. */
  brokeOff?: string;
}

export class McpConnection {
  readonly #config: McpServerConfig;
  readonly #hide: ReturnType<typeof hideSecrets>;
  #live: Promise<Live> | undefined;
  #offer: Promise<Offer> | undefined;
  /** Connections that were made and not yet closed. */
  readonly #open = new Set<Live>();
  /** From before they are connected until nothing is left of them. */
  readonly #transports = new Set<Transport>();
  readonly #ending = new WeakSet<Transport>();
  #closed = false;
  /** In a row: connections that could not be made, or were lost soon and before a call had succeeded. */
  #failures = 0;
  #retryAt = 0;
  #lastWhy = '';
  #connectedAt = 0;

  constructor(config: McpServerConfig) {
    this.#config = config;
    this.#hide = hideSecrets(config);
  }

  get name(): string {
    return this.#config.name;
  }

  /**
   * The server's tools, listed again when it said that they changed or the connection is a new one.
   * A server that is still starting when the signal aborts goes on with it, for whoever asks next.
   *
   * @throws McpBrokenError; the signal's reason.
   */
  async offer(signal: AbortSignal): Promise<Offer> {
    const live = await orAborted(this.#connected(), signal);
    this.#offer ??= this.#list(live);
    return await orAborted(this.#offer, signal);
  }

  /**
   * Calls a tool by the server's own name for it. The text is without what this server was trusted with.
   * @throws McpBrokenError; the signal's reason; Error with the server's words when it refuses, when it takes too long, or
   *   when what it sends can't be read.
   */
  async call(
    tool: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
    trace?: { traceparent: string; baggage: string },
  ): Promise<{ text: string; isError: boolean }> {
    const live = await orAborted(this.#connected(), signal);
    const milliseconds = (this.#config.callSeconds ?? 60) * 1_000;
    live.calls += 1;
    try {
      const result = await live.client.callTool(
        // As MCP has it, whatever the server is reached through.
        { name: tool, arguments: args, ...(trace ? { _meta: { ...trace } } : {}) },
        {
          signal: AbortSignal.any([signal, live.broken.signal]),
          timeout: milliseconds,
          maxTotalTimeout: milliseconds,
        },
      );
      this.#failures = 0;
      const [block] = result.content;
      return { text: this.#hide(block?.type === 'text' ? block.text : '', 'result'), isError: result.isError === true };
    } catch (error) {
      signal.throwIfAborted();
      throw await this.#explain(error, live, milliseconds);
    } finally {
      live.calls -= 1;
      if (live.isLost) this.#leave(live);
    }
  }

  /** Ends the connection, and the process behind it, for a worker that ends: also one that is still starting. */
  async close(): Promise<void> {
    this.#closed = true;
    const ends = [...this.#transports].map((one) => (one instanceof ServerProcess ? one.closeSoon() : one.close()));
    await Promise.allSettled(ends);
    await this.#live?.catch(() => undefined);
    this.#live = undefined;
    await Promise.all([...this.#open].map(({ client }) => client.close().catch(() => undefined)));
  }

  async #end(transport: Transport): Promise<void> {
    // Each close of one over HTTP says that it is closed, which ends it: again and again, until the stack is full.
    if (this.#ending.has(transport)) return;
    this.#ending.add(transport);
    await transport.close().catch(() => undefined);
    this.#transports.delete(transport);
  }

  #closedError(): McpBrokenError {
    return new McpBrokenError(`the MCP server "${this.name}" was closed with the worker`, true);
  }

  #connected(): Promise<Live> {
    if (this.#closed) throw this.#closedError();
    if (this.#live) return this.#live;
    const wait = this.#retryAt - Date.now();
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1_000);
      throw new McpBrokenError(
        `the MCP server "${this.name}" can't be used (${this.#lastWhy}); it is tried again in ${seconds} s`,
        true,
        this.#lastWhy,
      );
    }
    const connecting = this.#connect();
    this.#live = connecting;
    connecting.catch((error: unknown) =>
      this.#broke(connecting, error instanceof McpBrokenError ? error.reason : this.#why(error)),
    );
    return connecting;
  }

  async #connect(): Promise<Live> {
    try {
      return await this.#attempt('url' in this.#config ? 'auto' : 'legacy');
    } catch (error) {
      // Probing a process for the newest protocol costs a second start of it; so that is the second choice.
      const { ProtocolError } = await import('@modelcontextprotocol/client');
      if (!('command' in this.#config) || !ProtocolError.isInstance(error)) throw this.#unusable(error);
      return await this.#attempt('auto').catch((again: unknown) => {
        throw this.#unusable(again);
      });
    }
  }

  async #attempt(mode: 'auto' | 'legacy'): Promise<Live> {
    const sdk = await import('@modelcontextprotocol/client');
    const client = new sdk.Client(
      { name: 'muster-agents', version: '1' },
      {
        // No capabilities: a server may ask neither the model nor a person nor for folders.
        capabilities: {},
        versionNegotiation: { mode },
        // The list ends by itself before this (fit-results.ts).
        listMaxPages: 0,
        // A schema from outside is compiled to code by the default one, and may hold patterns that never end.
        jsonSchemaValidator: believer,
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void (this.#offer = undefined) } },
      },
    );
    const broken = new AbortController();
    const results = new FittedResults();
    const transport = results.fit(await this.#transport());
    if (this.#closed) throw this.#closedError();
    this.#transports.add(transport);
    try {
      await client.connect(transport, { timeout: this.#startMs, maxTotalTimeout: this.#startMs });
    } catch (error) {
      await client.close().catch(() => undefined);
      await this.#end(transport);
      throw this.#startProblem(error, transport, sdk);
    }
    const live: Live = { client, results, broken, calls: 0, isLost: false };
    this.#open.add(live);
    client.onerror = (error) => {
      if (TOO_LONG.test(error.message)) broken.abort(error);
    };
    client.onclose = () => {
      this.#open.delete(live);
      this.#lost(live);
      void this.#end(transport);
    };
    this.#connectedAt = Date.now();
    return live;
  }

  get #startMs(): number {
    return (this.#config.startSeconds ?? START_SECONDS) * 1_000;
  }

  async #transport(): Promise<Transport> {
    const config = this.#config;
    if ('url' in config) {
      const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
      return new StreamableHTTPClientTransport(new URL(config.url), {
        requestInit: { headers: config.headers ?? {} },
        fetch: cappedFetch,
      });
    }
    const { getDefaultEnvironment } = await import('@modelcontextprotocol/client/stdio');
    const { command, args = [], env = {} } = config;
    // Beside `env` it gets what the SDK holds harmless: HOME, PATH, SHELL, TERM and the user's name.
    return new ServerProcess(command, args, { ...getDefaultEnvironment(), ...env });
  }

  /** Why a server did not start, with what its process wrote, and the setting that gives it more time. */
  #startProblem(error: unknown, transport: Transport, { SdkError, SdkErrorCode }: Sdk): Error {
    const isLate = SdkError.isInstance(error) && error.code === SdkErrorCode.RequestTimeout;
    const why = isLate
      ? `it did not start within ${this.#startMs / 1_000} s; "startSeconds" at this server in the config gives it more`
      : ((transport instanceof ServerProcess ? transport.problem : undefined) ?? messageOf(error));
    const stderr = transport instanceof ServerProcess ? visibleText(this.#hide(transport.stderr, 'error')).trim() : '';
    const cause = { cause: isLate && error instanceof Error ? error.cause : error };
    return new Error(stderr === '' ? why : `${why}; it wrote: ${stderr.slice(-STDERR_CHARS)}`, cause);
  }

  async #list(live: Live): Promise<Offer> {
    const bounds = { signal: live.broken.signal, timeout: this.#startMs, maxTotalTimeout: this.#startMs };
    try {
      await live.client.listTools(undefined, { ...bounds, cacheMode: 'refresh' });
      const { tools, unnamed, isCut } = live.results;
      return { tools, unnamed, isCut };
    } catch (error) {
      this.#offer = undefined;
      const why = await this.#explain(error, live, this.#startMs);
      const { tools, unnamed, isCut } = live.results;
      // A later page: what the earlier ones hold can be called all the same.
      if (why instanceof McpBrokenError || tools.length === 0) throw why;
      return { tools, unnamed, isCut, brokeOff: why.message };
    }
  }

  /** What a failed call means, and whether the connection is at an end. */
  async #explain(thrown: unknown, live: Live, milliseconds: number): Promise<Error> {
    const { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } = await import('@modelcontextprotocol/client');
    const { signal } = live.broken;
    const error: unknown = signal.aborted ? signal.reason : thrown;
    const why = this.#why(error);
    const status = SdkHttpError.isInstance(error) ? error.status : undefined;
    // The session is gone: the server was started anew and knows nothing of this call.
    const notRun = status === 404 || (status === 400 && /session/i.test(why)) || why.includes(NOT_SENT);
    if (ProtocolError.isInstance(error) && TOO_LONG.test(why)) return this.#tooLong(why);
    const brokeOff = ProtocolError.isInstance(error) ? BROKE_OFF.exec(why)?.[1] : undefined;
    if (brokeOff !== undefined) return this.#broken(brokeOff, false);
    // The server answered: it is there. What it refuses may be a tool that it no longer has.
    if (ProtocolError.isInstance(error)) this.#offer = undefined;
    if (ProtocolError.isInstance(error) || (isRefusal(status) && !notRun))
      return new Error(`the MCP server "${this.name}" refused: ${why}`);
    if (SdkError.isInstance(error)) {
      if (error.code === SdkErrorCode.RequestTimeout)
        return new Error(`the MCP server "${this.name}" did not answer within ${milliseconds / 1_000} s`);
      const lost: unknown[] = [SdkErrorCode.ConnectionClosed, SdkErrorCode.NotConnected, SdkErrorCode.SendFailed];
      if (status === undefined && !lost.includes(error.code))
        return new Error(`what the MCP server "${this.name}" answered can't be read: ${why}`);
    }
    this.#lost(live, why);
    // Over HTTP each call has a connection of its own: what the others wait for may still come.
    if ('command' in this.#config) await live.client.close().catch(() => undefined);
    else {
      live.isLost = true;
      this.#leave(live);
    }
    return TOO_LONG.test(why) ? this.#tooLong(why) : this.#broken(why, notRun);
  }

  /** Closes a connection that is lost once nobody waits for a call. */
  #leave(live: Live): void {
    if (live.calls === 0) live.client.close().catch(() => undefined);
  }

  #broken(why: string, notRun: boolean): McpBrokenError {
    return new McpBrokenError(`the connection to the MCP server "${this.name}" broke (${why})`, notRun);
  }

  #tooLong(why: string): Error {
    const [said = why] = TOO_LONG.exec(why) ?? [];
    return new Error(`the MCP server "${this.name}": ${said}; ask for less`);
  }

  #lost(live: Live, why = 'it ended the connection'): void {
    const current = this.#live;
    void current?.then(
      (one) => one === live && this.#broke(current, why),
      () => undefined,
    );
  }

  #broke(connection: Promise<Live>, why: string): void {
    if (this.#live !== connection) return;
    this.#live = undefined;
    this.#offer = undefined;
    this.#lastWhy = why;
    // One that had served for long is no server that dies again and again.
    if (this.#connectedAt > 0 && Date.now() - this.#connectedAt > LONGEST_PAUSE_MS) this.#failures = 0;
    this.#connectedAt = 0;
    this.#failures += 1;
    // The first time at once; a server that dies again and again is given time.
    this.#retryAt = this.#failures === 1 ? 0 : Date.now() + Math.min(LONGEST_PAUSE_MS, 500 * 2 ** (this.#failures - 1));
  }

  #why(error: unknown): string {
    // The same end, where the process was gone before the first word to it was written: told twice it would be warned of twice.
    const message = /\bEPIPE\b/.test(messageOf(error)) ? 'Connection closed' : messageOf(error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : message;
    return this.#shown(message.includes(cause) ? message : `${message} (${cause})`);
  }

  #shown(message: string): string {
    return visibleText(this.#hide(message, 'error')).replace(/\s+/g, ' ').trim().slice(0, 300);
  }

  #unusable(error: unknown): McpBrokenError {
    const why = this.#why(error);
    return new McpBrokenError(`the MCP server "${this.name}" can't be used: ${why}`, true, why);
  }
}

const messageOf = (error: unknown): string =>
  isObject(error) && typeof error.message === 'string' ? error.message : String(error);

/** A response by which a server says that it did nothing. */
const isRefusal = (status: number | undefined): boolean =>
  status !== undefined && status >= 400 && status < 500 && status !== 408;

/** Results are text for a model, whatever shape they claim to have. */
const believer: jsonSchemaValidator = {
  getValidator:
    <T>(): JsonSchemaValidator<T> =>
    (input) => ({ valid: true, data: input as T, errorMessage: undefined }),
};
