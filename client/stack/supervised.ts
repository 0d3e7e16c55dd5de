// supervised.ts: one child process that is started again when it dies, with growing pauses. Stopped by its id, never by name.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from '../../settings/variables.ts';
import { MusterError } from '../errors.ts';
import { SettingsRefusedError } from './settings-refused.ts';
import { BoundedFile } from './bounded-file.ts';
import { saidIn } from './said-in.ts';

export interface ChildSpec {
  name: string;
  command: string;
  args: string[];
  env: Environment;
  /** File that takes what the child says on stderr. */
  logFile: string;
  /** True for the stdout line that says the child is ready; further lines go to `onLine`. */
  isReady(line: string): boolean;
  onLine?(line: string): void;
  /** Where given, told what the child says on stderr, besides the log. */
  onStderr?(line: string): void;
  /** Told when the child died and will be started again. */
  onRestart(name: string, inMs: number, reason: string): void;
}

/** Exit code of every part that was started with settings that can't work. */
export const USAGE = 2;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A child that lived this long starts again without a growing pause. */
const STEADY_MS = 20_000;
/** Of what a child says before it is ready: the end is shown when it never is. */
const MAX_LAST_LINES = 20;
const LAST_LINES_MS = 1_000;
const STOP_TIMEOUT_MS = 12_000;

export class Supervised {
  readonly #spec: ChildSpec;
  #child: ChildProcess | undefined;
  #stopping = false;
  #pause = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(spec: ChildSpec) {
    this.#spec = spec;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it; resolves when it is ready, rejects when it ended before that. */
  start(): Promise<void> {
    return new Promise((ready, failed) => {
      const { command, args, env, logFile } = this.#spec;
      // stdin is a pipe that closes with this process, so that a child can tell that it was orphaned.
      // In a group of its own, so that a terminal's Ctrl-C reaches this process alone, which stops them in order.
      const child = spawn(command, args, {
        env: env as NodeJS.ProcessEnv,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      });
      const log = new BoundedFile(logFile);
      let lastLines: string[] = [];
      createInterface({ input: child.stderr }).on('line', (line) => {
        log.write(`${line}\n`);
        this.#spec.onStderr?.(line);
        if (!up) lastLines = [...lastLines, line].slice(-MAX_LAST_LINES);
      });
      this.#child = child;
      const began = Date.now();
      let up = false;
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#spec.onLine?.(line);
        if (up || !this.#spec.isReady(line)) return;
        up = true;
        ready();
      });
      child.on('error', failed);
      child.once('close', () => log.close());
      child.on('exit', (code, signal) => {
        this.#child = undefined;
        const reason = signal ? `killed by ${signal}` : `exit ${code}`;
        const isUsage = code === USAGE;
        if (!up) {
          const fail = (): void => failed(notReady(this.#spec, reason, lastLines, isUsage));
          // Closed when all that it said is read, the reason among it; a process that it left behind may keep that open.
          child.once('close', fail);
          setTimeout(fail, LAST_LINES_MS).unref();
        } else if (!this.#stopping) this.#restart(reason, Date.now() - began);
      });
    });
  }

  #restart(reason: string, livedMs: number): void {
    this.#pause = livedMs > STEADY_MS ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
    this.#spec.onRestart(this.#spec.name, this.#pause, reason);
    this.#timer = setTimeout(() => {
      this.start().catch((error: unknown) => {
        if (!this.#stopping) this.#restart(error instanceof Error ? error.message : String(error), 0);
      });
    }, this.#pause);
  }

  /** Asks it to end, waits, and ends it if it does not listen. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(hard);
  }
}

function notReady(spec: ChildSpec, reason: string, lastLines: readonly string[], isUsage: boolean): MusterError {
  const { name, logFile } = spec;
  // What was shown already is not said again.
  const said = spec.onStderr || lastLines.length === 0 ? '' : `:\n${lastLines.map(saidIn).join('\n')}`;
  const Refused = isUsage ? SettingsRefusedError : MusterError;
  return new Refused(`${name} ended before it was ready (${reason})${said}`, `Its log is ${logFile}.`);
}
