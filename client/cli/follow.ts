// follow.ts: follows a task to its end for `run`, `watch` and the first start: events, live phases, keys that steer it, Ctrl-C,
// time-out, and then its result. Survives workers and servers that go away and come back; leaving never stops the task.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientConfig } from '../config.ts';
import { StillRunningError, TaskCancelledError, TaskFailedError, UnreachableError } from '../errors.ts';
import { orAborted } from '../../protocol/or-aborted.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { TaskStatus } from '../status.ts';
import type { AnyTask } from '../kept-task.ts';
import { orLate } from '../or-late.ts';
import { closedStatus } from '../status.ts';
import { stackEnd } from '../stack/stack-end.ts';
import { EXIT, type ExitCode } from './terminal/exit-codes.ts';
import { onInterrupt } from './interrupts.ts';
import type { Io } from './terminal/io.ts';
import { openKeyboard } from './terminal/keyboard.ts';
import { viewerFor } from './render/viewer-for.ts';
import type { Viewer } from './render/viewer.ts';
import { planLines } from './render/plan.ts';
import { SteeringKeys } from './steering-keys.ts';
import { printResult, wantsJson, type OutputFlags } from './result-output.ts';

export interface FollowFlags extends OutputFlags {
  /** Seconds. */
  timeout?: number;
  /** Shows every event where they are shown as lines. */
  verbose?: boolean;
  /** Number of the last event that is not shown again. */
  after?: number;
}

/** A status without a worker takes 3 s: its Query has that long. */
const ANSWER_WITHIN_MS = 6_000;
/** Longest that a timer of Node can be. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Shows the task until it ends, prints its result and returns the exit code.
 * @throws what `handle.result()` throws, after printing what the task still has to show; StillRunningError.
 */
export async function follow(handle: AnyTask, io: Io, flags: FollowFlags): Promise<ExitCode> {
  const viewer = viewerFor(io, handle.taskId, { json: wantsJson(flags), verbose: flags.verbose });
  const left = new AbortController();
  const { signal } = left;
  // The SDK leaves a listener behind for each call that a signal can end.
  setMaxListeners(0, signal);
  const leave = (why: ExitCode | Error): void => left.abort(why);
  const interrupts = onInterrupt({
    first: () => {
      // A tree is drawn over it.
      if (!io.screen || wantsJson(flags)) io.freshLine();
      viewer.say(howToComeBack(handle.taskId, io.screen?.columns));
    },
    second: () => {
      viewer.say('Cancels the task; what it found is kept (Ctrl-C leaves without waiting).');
      handle.cancel('cancelled by Ctrl-C').catch(leave);
    },
    leave: () => leave(EXIT.interrupted),
  });
  const keys = keysFor(handle, viewer, io, flags);
  const late = timer(flags.timeout, () => leave(new StillRunningError(handle.taskId)));
  try {
    const polling = pollStatus(handle, viewer, keys, signal);
    const answered = untilAnswered(handle, viewer, flags.after ?? 0, signal);
    const result = await orAborted(Promise.race([answered, polling]), signal);
    // What is drawn last tells the same time as the summary below it.
    viewer.status(closedStatus(result));
    viewer.end();
    const code = printResult(result, io, flags);
    // For a person, and not for what reads a pipe.
    if (result.model?.offline && io.screen && !wantsJson(flags)) {
      const { ollamaHere } = await import('./local-model.ts');
      for (const line of (await ollamaHere(clientConfig().environment)) ?? []) io.say(line, io.messageColours.dim);
    }
    return code;
  } catch (error) {
    viewer.end();
    if (typeof error === 'number') return error as ExitCode;
    if ((error instanceof TaskFailedError || error instanceof TaskCancelledError) && error.result)
      printResult(error.result, io, flags);
    throw error;
  } finally {
    left.abort(EXIT.done);
    clearTimeout(late);
    interrupts.off();
    keys.off();
    viewer.end();
  }
}

interface Keys {
  status(status: TaskStatus): void;
  off(): void;
}

const NO_KEYS: Keys = { status: () => undefined, off: () => undefined };

/** Keys for who sees the tree at a terminal. */
function keysFor(handle: AnyTask, viewer: Viewer, io: Io, flags: FollowFlags): Keys {
  if (!io.screen || wantsJson(flags)) return NO_KEYS;
  const { screen } = io;
  const keys = new SteeringKeys({
    command: (body) => handle.command(body),
    plan: async () => {
      const plan = await handle.plan();
      return plan && { hash: plan.hash, lines: planLines(plan, screen.columns) };
    },
    reply: (question, words) => handle.reply(question, words),
    say: (line) => viewer.say(line),
    asking: (line) => viewer.asking(line),
    // The last column stays free.
    columns: () => screen.columns - 1,
  });
  const keyboard = openKeyboard((key) => keys.press(key));
  if (!keyboard) return NO_KEYS;
  keys.show();
  return { status: (status) => keys.status(status), off: () => keyboard.close() };
}

/** One line, also on a narrow terminal: there with the end of the id, which is enough. */
function howToComeBack(taskId: string, columns = Infinity): string {
  const said = (id: string): string => `The task goes on. muster watch ${id} · Ctrl-C again to cancel it`;
  return said(taskId).length < columns ? said(taskId) : said(taskId.slice(-SHORT_ID));
}

/** The random part of an id. */
const SHORT_ID = 12;

/** Until its answer is there, or it has ended without one; what follows the answer is not waited for. */
async function untilAnswered(handle: AnyTask, viewer: Viewer, after: number, signal: AbortSignal): Promise<TaskResult> {
  const events = handle.events({ signal })[Symbol.asyncIterator]();
  let next = events.next();
  let early: Promise<TaskResult | undefined> | undefined;
  for (;;) {
    const first = await Promise.race(early ? [next, early] : [next]);
    if (first === undefined) {
      early = undefined;
    } else if ('taskId' in first) {
      // Nobody waits for it any more.
      next.catch(() => undefined);
      return first;
    } else if (first.done) {
      return await resultOf(handle, signal);
    } else {
      const event = first.value;
      if (event.n > after) viewer.event(event);
      // Where that does not work the close tells more.
      if (event.type === 'answer.ready') early = handle.result().catch(() => undefined);
      next = events.next();
    }
  }
}

async function resultOf(handle: AnyTask, signal: AbortSignal): Promise<TaskResult> {
  for (;;) {
    try {
      return await handle.result();
    } catch (error) {
      // Temporal went away between the last event and the result: the task did not.
      if (!(error instanceof UnreachableError) || signal.aborted) throw error;
    }
  }
}

/** Asks for the status at intervals, as long as the task is followed. Never ends by itself. */
async function pollStatus(handle: AnyTask, viewer: Viewer, keys: Keys, signal: AbortSignal): Promise<never> {
  const { home, isRemote, gateway } = clientConfig();
  const who = gateway ? 'the gateway' : 'the Temporal server';
  while (!signal.aborted) {
    const end = isRemote || gateway ? undefined : await stackEnd(home);
    const trouble = end && [end.message, ...end.lines.map((line) => line.trim())].join(' · ');
    if (trouble !== undefined) viewer.trouble(trouble);
    try {
      const status = await withTimeout(handle.status());
      keys.status(status);
      viewer.status(trouble === undefined ? status : { ...status, note: trouble });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (!end) viewer.trouble(`${who} does not answer; what was accepted is kept, and this waits for it`);
    }
    await sleep(viewer.lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return await new Promise<never>(() => undefined);
}

/** The SDK tries for long before it reports that a server does not answer; a person is told sooner. */
const withTimeout = <T>(work: Promise<T>): Promise<T> =>
  orLate(work, ANSWER_WITHIN_MS, () => {
    throw new UnreachableError('the Temporal server did not answer in time');
  });

function timer(seconds: number | undefined, late: () => void): NodeJS.Timeout | undefined {
  return seconds === undefined ? undefined : setTimeout(late, Math.min(seconds * 1_000, MAX_TIMER_MS));
}
