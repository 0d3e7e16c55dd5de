// connection.ts: one MCP server as this worker knows it: connected on first use, connected again after it broke (with
// growing pauses), its tools listed again when it says that they changed. Judges nothing of what the server says.

import type {
  CallToolResult,
  Client,
  jsonSchemaValidator,
  JsonSchemaValidator,
  Tool as McpTool,
  Transport,
} from '@modelcontextprotocol/client';
import { orAborted } from '../../../protocol/or-aborted.ts';
import type { McpServerConfig } from '../../../protocol/schemas/tools.ts';
import { cappedFetch, MAX_MESSAGE_BYTES } from './capped-fetch.ts';
import { hideSecrets } from './hide-secrets.ts';
import { visibleText } from '../../../documents/extract/visible-text.ts';

/** The server can't be reached, or was lost. `notRun` when the call that failed was surely not carried out. */
export class McpBrokenError extends Error {
  override readonly name = 'McpBrokenError';
  readonly notRun: boolean;
  constructor(message: string, notRun: boolean) {
    super(message);
    this.notRun = notRun;
  }
}

interface Live {
  client: Client;
  /** Aborts, with the reason, when an answer broke off: calls under way would wait for their time-out. */
  broken: AbortController;
}

/** How transports say that a message is longer than MAX_MESSAGE_BYTES. Asking again would bring the same. */
const TOO_LONG = /more than \d+ MB|exceeded maximum size/;
const CONNECT_MS = 20_000;
const LIST_MS = 20_000;
/** Pages of a list of tools; a server that never ends its list is refused. */
const MAX_PAGES = 20;
const LONGEST_PAUSE_MS = 60_000;
/** What a process wrote to stderr, for the message that says why it can't be used. */
const STDERR_CHARS = 500;

export class McpConnection {
  readonly #config: McpServerConfig;
  readonly #hide: ReturnType<typeof hideSecrets>;
  #live: Promise<Live> | undefined;
  #tools: Promise<McpTool[]> | undefined;
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
   * @throws McpBrokenError; the signal's reason.
   */
  async tools(signal: AbortSignal): Promise<McpTool[]> {
    const live = await orAborted(this.#connected(), signal);
    this.#tools ??= this.#list(live);
    return await orAborted(this.#tools, signal);
  }

  /**
   * Calls a tool by the server's own name for it.
   * @throws McpBrokenError; the signal's reason; Error with the server's words when it refuses, or when it takes too long.
   */
  async call(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    const live = await orAborted(this.#connected(), signal);
    const milliseconds = (this.#config.callSeconds ?? 60) * 1_000;
    try {
      const result = await live.client.callTool(
        { name: tool, arguments: args },
        {
          signal: AbortSignal.any([signal, live.broken.signal]),
          timeout: milliseconds,
          maxTotalTimeout: milliseconds,
        },
      );
      this.#failures = 0;
      return result;
    } catch (error) {
      signal.throwIfAborted();
      throw await this.#explain(error, live, milliseconds);
    }
  }

  /** Ends the connection, and the process behind it. */
  async close(): Promise<void> {
    this.#closed = true;
    const live = this.#live;
    this.#live = undefined;
    await (await live?.catch(() => undefined))?.client.close().catch(() => undefined);
  }

  #connected(): Promise<Live> {
    if (this.#closed) throw new McpBrokenError(`the MCP server "${this.name}" was closed with the worker`, true);
    if (this.#live) return this.#live;
    const wait = this.#retryAt - Date.now();
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1_000);
      throw new McpBrokenError(
        `the MCP server "${this.name}" can't be used (${this.#lastWhy}); it is tried again in ${seconds} s`,
        true,
      );
    }
    const connecting = this.#connect();
    this.#live = connecting;
    connecting.catch((error: unknown) => this.#broke(connecting, this.#why(error)));
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
        listMaxPages: MAX_PAGES,
        // A schema from outside is compiled to code by the default one, and may hold patterns that never end.
        jsonSchemaValidator: believer,
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void (this.#tools = undefined) } },
      },
    );
    const broken = new AbortController();
    const { transport, stderr } = await this.#transport((error) => broken.abort(error));
    try {
      await client.connect(transport, { timeout: CONNECT_MS });
    } catch (error) {
      await client.close().catch(() => undefined);
      await transport.close().catch(() => undefined);
      if (!(error instanceof Error) || stderr() === '') throw error;
      throw new Error(`${error.message}; it wrote: ${stderr()}`, { cause: error });
    }
    const live = { client, broken };
    client.onerror = (error) => {
      if (TOO_LONG.test(error.message)) broken.abort(error);
    };
    client.onclose = () => this.#lost(live);
    this.#connectedAt = Date.now();
    return live;
  }

  async #transport(onBroken: (error: Error) => void): Promise<{ transport: Transport; stderr: () => string }> {
    const config = this.#config;
    if ('url' in config) {
      const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
      const transport = new StreamableHTTPClientTransport(new URL(config.url), {
        requestInit: { headers: config.headers ?? {} },
        fetch: cappedFetch(onBroken),
      });
      return { transport, stderr: () => '' };
    }
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
    const { command, args = [], env = {} } = config;
    // Beside `env` it gets what the SDK holds harmless: HOME, PATH, SHELL, TERM and the user's name.
    const transport = new StdioClientTransport({
      command,
      args,
      env,
      stderr: 'pipe',
      maxBufferSize: MAX_MESSAGE_BYTES,
    });
    let written = '';
    transport.stderr?.on('data', (chunk: Buffer) => {
      // More than is told: a secret that is cut in two could not be found and hidden.
      written = (written + chunk.toString()).slice(-STDERR_CHARS * 20);
    });
    return { transport, stderr: () => visibleText(this.#hide(written, 'error')).trim().slice(-STDERR_CHARS) };
  }

  async #list(live: Live): Promise<McpTool[]> {
    const bounds = { signal: live.broken.signal, timeout: LIST_MS, maxTotalTimeout: LIST_MS };
    try {
      return (await live.client.listTools(undefined, { ...bounds, cacheMode: 'refresh' })).tools;
    } catch (error) {
      this.#tools = undefined;
      throw await this.#explain(error, live, LIST_MS);
    }
  }

  /** What a failed call means, and whether the connection is at an end. */
  async #explain(thrown: unknown, live: Live, milliseconds: number): Promise<Error> {
    const { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } = await import('@modelcontextprotocol/client');
    const { signal } = live.broken;
    const error: unknown = signal.aborted ? signal.reason : thrown;
    const why = this.#why(error);
    // The server answered: it is there.
    if (ProtocolError.isInstance(error)) return new Error(`the MCP server "${this.name}" refused: ${why}`);
    if (SdkError.isInstance(error) && error.code === SdkErrorCode.RequestTimeout) {
      return new Error(`the MCP server "${this.name}" did not answer within ${milliseconds / 1_000} s`);
    }
    this.#lost(live, why);
    await live.client.close().catch(() => undefined);
    if (TOO_LONG.test(why)) {
      return new Error(
        `the MCP server "${this.name}" answers more than ${MAX_MESSAGE_BYTES / 1_000_000} MB; ask for less`,
      );
    }
    // 404 says that the session is gone: the server was started anew and knows nothing of this call.
    const notRun = SdkHttpError.isInstance(error) && error.status === 404;
    return new McpBrokenError(`the connection to the MCP server "${this.name}" broke (${why})`, notRun);
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
    this.#tools = undefined;
    this.#lastWhy = why;
    // One that had served for long is no server that dies again and again.
    if (this.#connectedAt > 0 && Date.now() - this.#connectedAt > LONGEST_PAUSE_MS) this.#failures = 0;
    this.#connectedAt = 0;
    this.#failures += 1;
    // The first time at once; a server that dies again and again is given time.
    this.#retryAt = this.#failures === 1 ? 0 : Date.now() + Math.min(LONGEST_PAUSE_MS, 500 * 2 ** (this.#failures - 1));
  }

  /** A result's text without what this server was trusted with. */
  withoutSecrets(text: string): string {
    return this.#hide(text, 'result');
  }

  #why(error: unknown): string {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    const message = error instanceof Error ? error.message + cause : String(error);
    return visibleText(this.#hide(message, 'error')).replace(/\s+/g, ' ').trim().slice(0, 300);
  }

  #unusable(error: unknown): McpBrokenError {
    return new McpBrokenError(`the MCP server "${this.name}" can't be used: ${this.#why(error)}`, true);
  }
}

/** Results are text for a model, whatever shape they claim to have. */
const believer: jsonSchemaValidator = {
  getValidator:
    <T>(): JsonSchemaValidator<T> =>
    (input) => ({ valid: true, data: input as T, errorMessage: undefined }),
};
