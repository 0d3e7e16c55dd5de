// call-model.ts: one model call that is paid once: taken from the log when it is there, else made, and on disk before
// it is used. Turns the provider's errors into failures with a time to try again.

import type { SubtaskLimits } from '../../protocol/classes.ts';
import { FAILURES } from '../../protocol/failures.ts';
import type { RetryPolicy } from '../../protocol/plan.ts';
import type { ModelProvider, ModelReply, ModelRequest } from '../models/provider.ts';
import { retryDelayMs } from '../retry.ts';
import type { TaskLog } from './task-log.ts';
import { WorkFailure } from './work-failure.ts';

export interface CallContext {
  log: TaskLog;
  provider: ModelProvider;
  limits: SubtaskLimits;
  retry: RetryPolicy;
  /** Aborts when the work is cancelled. */
  signal: AbortSignal;
  /** Version of the prompt, for the log. */
  prompt: string;
}

/**
 * The reply of this step.
 * @throws WorkFailure when the provider failed; the signal's reason when the work was cancelled; StoreError.
 */
export async function callModel(step: string, request: () => ModelRequest, context: CallContext): Promise<ModelReply> {
  const { log, provider, signal } = context;
  const known = log.reply(step);
  if (known) return known.reply;
  signal.throwIfAborted();
  refuseAboveLimits(log, context.limits);

  const began = Date.now();
  const clock = new CallClock(signal, context.limits, log.workedMs);
  let reply: ModelReply;
  try {
    reply = await provider.generate(request(), { signal: clock.signal, onBytes: () => clock.tick() });
  } catch (error) {
    signal.throwIfAborted();
    throw await fault(step, clock.reason ?? provider.classify(error), Date.now() - began, context);
  } finally {
    clock.stop();
  }
  reply = { ...reply, toolCalls: withOwnIds(step, reply.toolCalls) };
  await log.append({
    t: 'model',
    step,
    reply,
    ms: Date.now() - began,
    at: Date.now(),
    prompt: context.prompt,
    model: provider.model,
  });
  return reply;
}

function refuseAboveLimits(log: TaskLog, limits: SubtaskLimits): void {
  const { inputTokens, outputTokens } = log.usage;
  const over = (message: string): WorkFailure => new WorkFailure({ type: 'LimitReached', message });
  if (log.turns >= limits.turns) throw over(`it used its ${limits.turns} turns`);
  if (inputTokens + outputTokens >= limits.tokens) throw over(`it used its ${limits.tokens} tokens`);
  if (log.workedMs >= limits.seconds * 1_000) throw over(`it used its ${limits.seconds} s of work`);
}

/** Writes the fault down, and says whether and when the work is to be tried again. */
async function fault(
  step: string,
  fault: { type: keyof typeof FAILURES; message: string; retryAfterMs?: number },
  ms: number,
  { log, retry }: CallContext,
): Promise<WorkFailure> {
  const failure = { type: fault.type, message: fault.message };
  await log.append({ t: 'fault', step, failure, ms, at: Date.now() });
  if (!FAILURES[fault.type].retryable) return new WorkFailure(failure);
  const faults = log.faults(step);
  if (faults >= retry.maxAttempts) {
    return new WorkFailure({ type: 'AttemptsExhausted', message: `after ${faults} tries: ${fault.message}` });
  }
  return new WorkFailure(failure, Date.now() + retryDelayMs(retry, faults, fault.retryAfterMs, Math.random));
}

/** Ids that repeat or are missing would tie a tool's result to the wrong call. */
function withOwnIds(step: string, calls: ModelReply['toolCalls']): ModelReply['toolCalls'] {
  const seen = new Set<string>();
  return calls.map((call, i) => {
    const id = call.id === '' || seen.has(call.id) ? `${step}.${i + 1}` : call.id;
    seen.add(id);
    return { ...call, id };
  });
}

/** Aborts a call that is cancelled, that is silent for too long, or that outlives the subtask's time. */
class CallClock {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #outer: AbortSignal;
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;
  /** Why the clock, and not the caller, stopped the call. */
  reason: { type: 'ModelTimedOut' | 'LimitReached'; message: string } | undefined;

  constructor(outer: AbortSignal, limits: SubtaskLimits, workedMs: number) {
    this.#outer = outer;
    this.#idleMs = limits.callIdleSeconds * 1_000;
    this.#outer.addEventListener('abort', this.#cancelled, { once: true });
    const leftMs = Math.max(1, limits.seconds * 1_000 - workedMs);
    this.#total = setTimeout(() => this.#ring('LimitReached', `it used its ${limits.seconds} s of work`), leftMs);
    this.tick();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  tick(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => this.#ring('ModelTimedOut', `the model sent nothing for ${this.#idleMs / 1_000} s`),
      this.#idleMs,
    );
  }

  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    this.#outer.removeEventListener('abort', this.#cancelled);
  }

  readonly #cancelled = (): void => this.#controller.abort(this.#outer.reason);

  #ring(type: 'ModelTimedOut' | 'LimitReached', message: string): void {
    this.reason = { type, message };
    this.#controller.abort();
  }
}
