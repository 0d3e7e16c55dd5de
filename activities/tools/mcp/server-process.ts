// server-process.ts: the transport to an MCP server that is a process and speaks over its standard streams. Reads what
// servers really write: noise between the messages, and messages that are nearly right. Knows no method.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { MAX_MESSAGE_BYTES } from './capped-fetch.ts';
import { fitFrame, unreadFrame } from './fit-frame.ts';
import { endGroup, endWithWorker, OWN_GROUP } from './process-group.ts';

/** Of what it wrote to stderr, the end is kept: more than is told, since a secret that is cut in two can't be hidden. */
const STDERR_CHARS = 10_000;
const LINE_END = 10;
/** What a process that has ended may still have to be read of, in ms. */
const DRAIN_MS = 500;
/** Of a message that is too long, what is kept of its beginning and end to tell which call it answers. */
const EDGE_BYTES = 1_000;
/** One that is longer than this has no end. */
const MOST_SKIPPED = 16 * MAX_MESSAGE_BYTES;
/** Lines over which a message may be written. */
const MOST_LINES = 100_000;
const TOO_LONG = `it answers more than ${MAX_MESSAGE_BYTES / 1_000_000} MB`;

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
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Lines of a message that is written over several. */
  #held: string[] = [];
  #stderr = '';

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
      await endGroup(child);
      // What escaped from the group may hold the other ends.
      destroyAll(child);
    })();
    return this.#ending;
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END)) {
      this.#keep(rest.subarray(0, end));
      const line = Buffer.concat(this.#parts).toString('utf8');
      const isWhole = this.#bytes <= MAX_MESSAGE_BYTES;
      this.#parts = [];
      this.#bytes = 0;
      rest = rest.subarray(end + 1);
      for (const message of isWhole ? this.#messages(line) : unreadFrame(line, TOO_LONG)) this.onmessage?.(message);
    }
    this.#keep(rest);
  }

  /** Of a message that is too long the edges are kept: one call fails by it, and the others go on. */
  #keep(part: Buffer): void {
    const before = this.#bytes;
    this.#bytes += part.length;
    if (this.#bytes <= MAX_MESSAGE_BYTES) this.#parts.push(part);
    else {
      const [head, tail] = before <= MAX_MESSAGE_BYTES ? [Buffer.concat([...this.#parts, part])] : this.#parts;
      const end = Buffer.concat([tail ?? Buffer.alloc(0), part]).subarray(-EDGE_BYTES);
      this.#parts = [head?.subarray(0, EDGE_BYTES) ?? end, end];
    }
    if (this.#bytes <= MOST_SKIPPED || before > MOST_SKIPPED) return;
    this.#child?.stdout.removeAllListeners('data').resume();
    this.onerror?.(new Error(TOO_LONG));
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
