// server-process.ts: the transport to an MCP server that is a process and speaks over its standard streams. Reads what
// servers really write: noise between the messages, and messages that are nearly right. Knows no method.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { MAX_MESSAGE_BYTES } from './capped-fetch.ts';
import { fitFrame } from './fit-frame.ts';
import { endGroup, endWithWorker, OWN_GROUP } from './process-group.ts';

/** Of what it wrote to stderr, the end is kept: more than is told, since a secret that is cut in two can't be hidden. */
const STDERR_CHARS = 10_000;
const LINE_END = 10;

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
    child.once('close', () => {
      this.onclose?.();
      // Its helpers may be left.
      void this.close().finally(unwatch);
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const { stdin } = this.#child ?? {};
    if (!stdin?.writable) return Promise.reject(new Error('the process takes no more input'));
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
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    })();
    return this.#ending;
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END)) {
      if (!this.#keep(rest.subarray(0, end))) return;
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      rest = rest.subarray(end + 1);
      for (const message of fitFrame(line)) this.onmessage?.(message);
    }
    this.#keep(rest);
  }

  /** @returns false when the message is too long, which ends the connection. */
  #keep(part: Buffer): boolean {
    this.#bytes += part.length;
    if (this.#bytes <= MAX_MESSAGE_BYTES) this.#parts.push(part);
    else {
      this.#parts = [];
      this.#child?.stdout.removeAllListeners('data').resume();
      this.onerror?.(new Error(`it answers more than ${MAX_MESSAGE_BYTES / 1_000_000} MB`));
      void this.close();
    }
    return this.#bytes <= MAX_MESSAGE_BYTES;
  }
}
