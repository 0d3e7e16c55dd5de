// run-calls.ts: the tool calls of one turn: each from the log when it is there, else run and on disk before it is used.
// Knows what a call that died with its process may cost: run again, report as unknown, or give up.

import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { Handle } from '../../protocol/outcome.ts';
import type { Plan } from '../../protocol/plan.ts';
import { canonicalJson } from '../../protocol/schemas/hash.ts';
import type { Store } from '../../store/store.ts';
import type { ToolCall } from '../models/provider.ts';
import { toolSpanId } from '../../telemetry/spans-of-log.ts';
import { Delegation, Later, runTool, type Tool, type ToolContext, type ToolResult } from '../tools/tool.ts';
import { shortenResult } from './long-results.ts';
import type { RecordOf } from '../../protocol/log-records.ts';
import type { SubtaskLog } from './subtask-log.ts';
import { ToolClock, TurnTime } from './tool-clock.ts';
import { WorkFailure } from './work-failure.ts';

export interface CallsInput {
  log: SubtaskLog;
  store: Store;
  tools: readonly Tool[];
  toolContext: ToolContext;
  /** What the whole subtask may use: one call gets half of the seconds that are left. */
  limits: SubtaskLimits;
  /** The task, where replies from outside are sent to. */
  taskId?: string;
  /** What came since the last visit, by handle: replies from outside, and what subtasks of its own found. */
  replies: ReadonlyMap<string, CallReply>;
  signal: AbortSignal;
}

/** The result of a call that was waited for between two visits. */
export interface CallReply extends ToolResult {
  /** What the subtasks spent to which the call handed work. */
  spent?: { tokens: number; costUsd: number };
}

/** What is still open once all that can run has run; nothing when every call has its result. */
export interface Open {
  waiting: Handle[];
  delegated: { handle: string; planRef: string }[];
}

/** Deaths of a process at one point of the work, a tool call for one, after which that is not done again. */
export const DEATHS = 2;

/**
 * Brings every call of a turn to its result, as far as that is possible now.
 * @throws WorkFailure when two processes died under one call; the signal's reason; StoreError.
 */
export async function runCalls(turn: string, calls: readonly ToolCall[], input: CallsInput): Promise<Open> {
  const { log } = input;
  const open: Open = { waiting: [], delegated: [] };
  const fresh: ToolCall[] = [];
  for (const call of calls) {
    if (log.tool(turn, call.id)) continue;
    const waits = log.waiting(turn, call.id);
    const delegated = log.delegated(turn, call.id);
    const handle = waits?.handle ?? delegated?.handle;
    const reply = handle === undefined ? undefined : input.replies.get(handle);
    if (reply) await keep(turn, call, reply, 0, input);
    else if (waits && isOver(waits)) await keep(turn, call, noReply(waits), 0, input);
    else if (waits) open.waiting.push(handleOf(waits));
    else if (delegated) open.delegated.push({ handle: delegated.handle, planRef: delegated.planRef });
    else if (await mayRun(turn, call, input)) fresh.push(call);
  }
  if (fresh.length > 0) await runFresh(turn, fresh, open, input);
  return open;
}

/** False when the call has its result already, because nobody knows whether it happened. */
async function mayRun(turn: string, call: ToolCall, input: CallsInput): Promise<boolean> {
  const { log } = input;
  const tool = input.tools.find((one) => one.name === call.name);
  // A tool that is not there now, since its server is away for one, was there when the call began.
  if (log.begun(turn, call.id) && (!tool || tool.sideEffects === 'at-most-once')) {
    await keep(turn, call, UNKNOWN, 0, input);
    return false;
  }
  if (!tool?.isContained && log.deaths(turn, call.id) >= DEATHS) {
    throw new WorkFailure({
      type: 'DiesAtOnePoint',
      message: `${DEATHS} workers died one after the other while ${call.name} ran for it, so it is not run a third time`,
    });
  }
  return true;
}

async function runFresh(turn: string, calls: readonly ToolCall[], open: Open, input: CallsInput): Promise<void> {
  const { log, signal } = input;
  signal.throwIfAborted();
  // A call that may have to wait for a lease begins when it has that.
  await begins(
    turn,
    calls.filter(({ name }) => !mayWait(name, input)),
    log,
  );
  const time = new TurnTime();
  const settled = await Promise.allSettled(calls.map((call) => runOne(turn, call, time, open, input)));
  if (signal.aborted) {
    const unfinished = calls.filter(({ id }) => log.begun(turn, id) && !log.tool(turn, id)).map(({ id }) => id);
    if (unfinished.length > 0) await log.append({ t: 'letGo', step: turn, calls: unfinished, at: Date.now() });
    signal.throwIfAborted();
  }
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

const mayWait = (name: string, { tools }: CallsInput): boolean =>
  tools.find((one) => one.name === name)?.resource !== undefined;

async function begins(turn: string, calls: readonly ToolCall[], log: SubtaskLog): Promise<void> {
  if (calls.length === 0) return;
  await log.append({
    t: 'begins',
    step: turn,
    calls: calls.map(({ id, name }) => ({ callId: id, name })),
    at: Date.now(),
  });
}

async function runOne(turn: string, call: ToolCall, time: TurnTime, open: Open, input: CallsInput): Promise<void> {
  const { log, store, taskId, limits } = input;
  const longestMs = Math.max(LEAST_MS, (limits.seconds * 1_000 - log.workedMs) / 2);
  const clock = new ToolClock(time, longestMs);
  const { subtask, generation } = log.key;
  const handle = `${subtask}/g${generation}/${turn}/${call.id}`;
  const headers = log.callHeaders?.((key) => toolSpanId(key, log.key, turn, call.id));
  const context: ToolContext = {
    ...input.toolContext,
    signal: AbortSignal.any([input.signal, clock.signal]),
    ...(taskId === undefined ? {} : { callback: { taskId, handle } }),
    ...(headers ? { headers } : {}),
    ...(mayWait(call.name, input) ? { onBegin: () => begins(turn, [call], log) } : {}),
    async takeLease(resource) {
      clock.stop();
      const lease = await store.takeLease({ run: log.key.run, resource }, `${subtask} ${call.name}`, input.signal);
      clock.start();
      return lease;
    },
  };
  clock.start();
  // What is done is kept, also when the worker was told to stop meanwhile.
  const result = await clock
    .limit(runTool(input.tools, call.name, call.arguments, context), input.signal, () =>
      failed(`${call.name} did not end within ${Math.round(longestMs / 1_000)} s and was given up: ${MAY_HAVE}`),
    )
    .finally(() => clock.stop());
  const at = Date.now();
  if (result instanceof Later) {
    const until = at + result.timeoutSeconds * 1_000;
    const { ask } = result;
    const asked = ask ? { ask } : {};
    await log.append({ t: 'waiting', step: turn, callId: call.id, name: call.name, handle, until, at, ...asked });
    open.waiting.push({ handle, until, ...asked });
  } else if (result instanceof Delegation) {
    const plan: Plan = { v: 1, goal: '', subtasks: result.subtasks, prompt: 'delegated' };
    const planRef = await store.putBlob(canonicalJson(plan));
    const tokens = result.subtasks.reduce((sum, one) => sum + one.limits.tokens, 0);
    const costUsd = result.subtasks.reduce((sum, one) => sum + (one.limits.costUsd ?? 0), 0);
    await log.append({
      t: 'delegated',
      step: turn,
      callId: call.id,
      handle,
      planRef,
      count: result.subtasks.length,
      tokens,
      ...(costUsd > 0 ? { costUsd } : {}),
      at,
    });
    open.delegated.push({ handle, planRef });
  } else {
    await keep(turn, call, result, time.take(), input);
  }
}

/** What one call may take at least, however little of the subtask's time is left. */
const LEAST_MS = 1_000;

async function keep(turn: string, call: ToolCall, result: CallReply, ms: number, input: CallsInput): Promise<void> {
  const { content, ref } = await shortenResult(result.content, input.store);
  const { spent } = result;
  await input.log.append({
    t: 'tool',
    step: turn,
    callId: call.id,
    name: call.name,
    ok: result.ok,
    content,
    ms,
    at: Date.now(),
    ...(ref === undefined ? {} : { ref }),
    ...(spent ? { spent } : {}),
  });
}

const failed = (error: string): ToolResult => ({ ok: false, content: JSON.stringify({ error }) });

const MAY_HAVE = 'it may have happened or not, so look before you try again';

const UNKNOWN = failed(`outcome unknown: the worker died while this ran, and it was not run again: ${MAY_HAVE}`);

type Waits = RecordOf<'waiting'>;

const handleOf = ({ handle, until, ask }: Waits): Handle => ({ handle, until, ...(ask ? { ask } : {}) });

/** What becomes of a question in time is the master's to say; a master that says nothing, for so long, is an older one. */
const ASK_GRACE_MS = 60_000;

const isOver = ({ until, ask }: Waits): boolean => until + (ask ? ASK_GRACE_MS : 0) <= Date.now();

const noReply = ({ at, until }: Waits): ToolResult =>
  failed(`no reply came within ${Math.round((until - at) / 1_000)} s`);
