// server-process.ts: the transport to an MCP server that is a process and speaks over its standard streams. Reads what
// servers really write: noise between the messages, and messages that are nearly right. Knows no method.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { BoundedMessage } from './bounded-message.ts';
import { fitFrame, unreadFrame } from './fit-frame.ts';
import { endGroup, endWithWorker, OWN_GROUP } from './process-group.ts';

/** Of what it wrote to stderr, the end is kept: more than is told, since a secret that is cut in two can't be hidden. */
const STDERR_CHARS = 10_000;
const LINE_END = 10;
/** What a process that has ended may still have to be read of, in ms. */
const DRAIN_MS = 500;
/** Lines over which a message may be written. */
const MOST_LINES = 100_000;

/** A line with which programs that serve editors begin each message. */
const FRAMED = /^content-length:\s*\d+\s*$/i;
const FRAMING =
  'it writes a Content-Length header before its messages, as language servers do: an MCP server over stdio writes each as a line of JSON';

/** What is thrown when a message surely did not reach the process. */
export const NOT_SENT = 'the process takes no more input';

export class ServerProcess implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcessWithoutNullStreams | undefined;
  #ending: Promise<void> | undefined;
  readonly #soon = new AbortController();
  readonly #line = new BoundedMessage();
  /** Lines of a message that is written over several. */
  #held: string[] = [];
  #stderr = '';
  #hasSpoken = false;
  #problem: string | undefined;

  /** @param env all that the process sees. */
  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#command = command;
    this.#args = args;
    this.#env = env;
  }

  /** By these two the SDK knows that it speaks to a process. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }
  get stderr(): string {
    return this.#stderr;
  }
  /** Why what it says could not be read any further. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async start(): Promise<void> {
    const child = spawn(this.#command, this.#args, { env: this.#env, stdio: 'pipe', ...OWN_GROUP });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    this.#child = child;
    const unwatch = endWithWorker(child.pid as number);
    child.on('error', (error) => this.onerror?.(error));
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_CHARS);
    });
    // What it started may hold its ends of the streams for ever, and answers nothing.
    child.once('exit', () => setTimeout(() => destroyAll(child), DRAIN_MS).unref());
    child.once('close', () => {
      this.onclose?.();
      // Its helpers may be left.
      void this.close().finally(unwatch);
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child ?? {};
    if (!stdin?.writable) return Promise.reject(new Error(NOT_SENT));
    return new Promise((resolve, reject) => {
      stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the process and what it started. */
  close(): Promise<void> {
    const child = this.#child;
    if (!child) return Promise.resolve();
    this.#ending ??= (async () => {
      child.stdin.end();
      await endGroup(child, this.#soon.signal);
      // What escaped from the group may hold the other ends.
      destroyAll(child);
    })();
    return this.#ending;
  }

  /** As `close`, for a worker that ends: a process that does not end with its input is told so almost at once. */
  closeSoon(): Promise<void> {
    this.#soon.abort();
    return this.close();
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END)) {
      this.#line.add(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const { text, problem } = this.#line.take();
      // Once it has spoken as it should, this is noise.
      if (!this.#hasSpoken && FRAMED.test(text)) return this.#giveUp(FRAMING);
      const messages = problem === undefined ? this.#messages(text) : unreadFrame(text, problem);
      this.#hasSpoken ||= messages.length > 0;
      for (const message of messages) this.onmessage?.(message);
    }
    this.#line.add(rest);
    if (this.#line.isEndless) this.#giveUp(this.#line.problem ?? '');
  }

  /** Nothing that it says from now on can be read. */
  #giveUp(why: string): void {
    this.#child?.stdout.removeAllListeners('data').resume();
    this.#problem = why;
    this.onerror?.(new Error(why));
    void this.close();
  }

  /** One may be written over several lines, from a brace alone to a brace alone. */
  #messages(line: string): JSONRPCMessage[] {
    const found = fitFrame(line);
    if (found.length > 0 || this.#held.length > MOST_LINES) this.#held = [];
    if (found.length > 0) return found;
    const bare = line.trimEnd();
    if (this.#held.length === 0 && bare !== '{') return unreadFrame(line);
    this.#held.push(line);
    if (bare !== '}') return [];
    const all = this.#held.splice(0).join('\n');
    const whole = fitFrame(all);
    return whole.length > 0 ? whole : unreadFrame(all);
  }
}

function destroyAll({ stdin, stdout, stderr }: ChildProcessWithoutNullStreams): void {
  for (const stream of [stdin, stdout, stderr]) stream.destroy();
}
