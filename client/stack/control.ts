// control.ts: starts a home's stack in the background when none runs, and asks it to stop.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeFolderSync } from '../../store/make-folder.ts';
import { readStack, removeStack, type StackFile } from '../../store/stack-file.ts';
import { MusterError } from '../errors.ts';
import { SettingsRefusedError } from './settings-refused.ts';
import { askSupervisor } from '../supervisor-socket.ts';
import { forgetStackEnd, stackEnd, stackLog } from './stack-end.ts';
import { saidIn } from './said-in.ts';
import type { StackOptions } from './start-all.ts';
import { USAGE } from './supervised.ts';

/** Long enough for a first build of the Temporal server. */
const START_TIMEOUT_MS = 15 * 60_000;
const LOOK_EVERY_MS = 100;

/** True when the home's supervisor lives. */
export async function stackAnswers(home: string): Promise<boolean> {
  return (await askSupervisor(home, 'status')) !== undefined;
}

/** True while no worker of it is there yet: a first build of the server takes minutes. */
export const isStarting = (stack: StackFile | undefined): boolean => stack?.worker?.pid === undefined;

type EnsureOptions = StackOptions & {
  isWhole?: boolean;
  isAgain?: boolean;
  endsWithCommand?: boolean;
  /** Told when the stack that runs is stopped, and when one starts that goes on without this process. */
  on?: (what: 'stops' | 'starts') => void;
};

/**
 * Returns the home's stack, started in the background if none runs; says so once.
 * @param options.endsWithCommand its caller stops it before it ends itself. Default: no.
 * @param options.isAgain it was stopped for this just now. Default: no.
 * @param options.isWhole waits for the HTTP API, too. Default: returns once its worker is ready.
 * @throws MusterError when it can't be started.
 */
export async function ensureStack(options: EnsureOptions): Promise<StackFile> {
  const { home, say } = options;
  if (await stackAnswers(home)) {
    if (isStarting(readStack(home))) say('the local stack is being started, by another command: waits for it');
    return await whenReady(options, sizeOf(stackLog(home)), undefined);
  }
  const end = await stackEnd(home);
  for (const line of end ? [end.message, ...end.lines] : []) say(line);
  makeFolderSync(home);
  const logPath = stackLog(home);
  const from = sizeOf(logPath);
  const log = openSync(logPath, 'a');
  const entry = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [entry, JSON.stringify({ home, roots: options.roots, latencyMs: options.latencyMs, tokenMs: options.tokenMs })],
    {
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  child.unref();
  options.on?.('starts');
  say(
    options.isAgain
      ? 'starts them again'
      : `nothing runs here yet: starts a local Temporal server, worker and model ${options.endsWithCommand ? 'until this command ends' : 'in the background (muster down stops them)'}`,
  );
  let ended: number | null | undefined;
  child.on('exit', (code) => (ended = code));
  return await whenReady(options, from, () => ended);
}

/**
 * Stops the home's stack and starts it again with the settings of this process, the folders that it could read among them.
 * Without one, starts it.
 * @throws MusterError when it can't be started.
 */
export async function restartStack(options: EnsureOptions): Promise<StackFile> {
  const before = readStack(options.home)?.startedWith;
  options.on?.('stops');
  const isAgain = await stopStack(options.home, options.say);
  return await ensureStack({
    ...options,
    isAgain,
    roots: [...new Set([...(before?.roots ?? []), ...options.roots])].filter((root) => existsSync(root)),
    latencyMs: options.latencyMs ?? before?.latencyMs ?? 0,
    tokenMs: options.tokenMs ?? before?.tokenMs ?? 0,
  });
}

/** Waits until the worker is ready, forwarding what the supervisor says. */
async function whenReady(
  { home, say, isWhole = false }: EnsureOptions,
  logFrom: number,
  ended: (() => number | null | undefined) | undefined,
): Promise<StackFile> {
  const logPath = stackLog(home);
  let seen = logFrom;
  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until;) {
    seen = forwardLog(logPath, seen, say);
    const stack = readStack(home);
    const isThere = !isStarting(stack) && (!isWhole || stack?.isWhole !== false);
    if (stack && isThere && (await stackAnswers(home))) {
      // What it said since the last look.
      forwardLog(logPath, seen, say);
      return stack;
    }
    const end = ended?.();
    if (end !== undefined) {
      // Said here, on the terminal that started it: the next command has no news of it.
      forgetStackEnd(home);
      const Refused = end === USAGE ? SettingsRefusedError : MusterError;
      throw new Refused('the local stack did not start', `Mend what the lines above name; more is in ${logPath}.`);
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
  throw new MusterError('the local stack was not ready in time', `Look into ${logPath}.`);
}

function forwardLog(path: string, from: number, say: (line: string) => void): number {
  const size = sizeOf(path);
  if (size === from) return from;
  // It grew too long meanwhile, and begins anew.
  if (size < from) return forwardLog(path, 0, say);
  const text = readFileSync(path).subarray(from, size).toString('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const line of whole.split('\n')) if (line !== '') say(saidIn(line));
  return from + Buffer.byteLength(whole);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Asks the home's supervisor to stop all that it started, and waits until it has; false when none ran. */
export async function stopStack(home: string, say: (line: string) => void): Promise<boolean> {
  if (!(await askSupervisor(home, 'stop'))) {
    forgetStackEnd(home);
    removeStack(home);
    return false;
  }
  say('stops the worker, the model and the server');
  while (await stackAnswers(home)) await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  return true;
}
