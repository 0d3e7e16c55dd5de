// call-model.ts: one model call that is paid once: taken from the log when it is there, else made, and on disk before
// it is used. Where one model fails the next in order is asked; when none can, the failure says when to try again.

import { usedUp } from '../../protocol/budget.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';
import { FAILURES, type Failure } from '../../protocol/failures.ts';
import type { RetryPolicy } from '../../protocol/plan.ts';
import { canonicalJson } from '../../protocol/schemas/hash.ts';
import { callTokens, tokenCount } from '../models/counts.ts';
import { fitHistory, shortId } from '../models/fit-history.ts';
import { ModelCallError, type ModelLine } from '../models/model-line.ts';
import type { Place } from '../models/places.ts';
import { replyProblems, type ModelFault, type ModelReply, type ModelRequest } from '../models/provider.ts';
import { coldStart } from '../../telemetry/metrics/cold-start.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { retryDelayMs } from '../../protocol/retry.ts';
import { logHere } from '../../telemetry/log-scope.ts';
import { modelSpanId } from '../../telemetry/spans-of-log.ts';
import { CallClock } from './call-clock.ts';
import type { SubtaskLog } from './subtask-log.ts';
import { WorkFailure } from './work-failure.ts';

export interface CallContext {
  log: SubtaskLog;
  /** The models to ask, first choice first. */
  models: readonly ModelLine[];
  limits: SubtaskLimits;
  retry: RetryPolicy;
  /** Aborts when the work is cancelled. */
  signal: AbortSignal;
  /** Version of the prompt, for the log. */
  prompt: string;
  /** Called with the text of the reply so far, for people who watch. */
  onText?: (text: string) => void;
}

/**
 * The reply of this turn's call.
 * @throws WorkFailure when no model could do it; the signal's reason when the work was cancelled; StoreError.
 */
export async function callModel(turn: string, request: () => ModelRequest, context: CallContext): Promise<ModelReply> {
  const { log, signal } = context;
  const known = log.reply(turn);
  if (known) return known.reply;
  signal.throwIfAborted();
  refuseAboveLimits(log, context.limits);

  const faults: { line: ModelLine; fault: ModelFault }[] = [];
  const lines = [...worthAsking(turn, context)];
  const askedAgain = new Map<ModelLine, number>();
  for (const [at, line] of lines.entries()) {
    const wanted = request();
    const asked = { ...wanted, messages: fitHistory(wanted.messages, line.provider.model) };
    const { model, firstByteSeconds } = line.provider;
    let place: Place | undefined;
    const clock = new CallClock(signal, context.limits, log.workedMs, {
      silentTries: log.silentTries(turn, model),
      firstByteSeconds,
      lastHeard: () => place?.lastHeard() ?? 0,
    });
    try {
      const reply = await line.call(
        signal,
        (own) => {
          place = own;
          return generate(turn, line, asked, clock, own, context);
        },
        () => clock.reason,
      );
      await keep(turn, line, asked, reply, clock.ranMs, context);
      logHere('debug', `${model} answered`, { call: turn, ms: clock.ranMs });
      return log.reply(turn)?.reply ?? reply;
    } catch (error) {
      if (!(error instanceof ModelCallError)) throw error;
      const { fault } = error;
      const until = fault.retryAfterMs === undefined ? undefined : Date.now() + fault.retryAfterMs;
      await log.append({
        t: 'fault',
        step: turn,
        model: line.provider.model,
        failure: { type: fault.type, message: fault.message },
        ms: clock.ranMs,
        at: Date.now(),
        bytes: clock.ticks,
        ...(until === undefined ? {} : { until }),
        ...(fault.spent ? { spent: fault.spent } : {}),
        ...(error.wasMade ? {} : { unmade: true }),
      });
      logHere('warn', `a call of ${line.provider.model} failed`, {
        call: turn,
        error: `${fault.type}: ${fault.message}`,
      });
      // Its own limits, and not the model, ended the call: another model would meet them too.
      if (fault.type === 'LimitReached') throw new WorkFailure({ type: fault.type, message: fault.message });
      const again = askedAgain.get(line) ?? 0;
      if ((fault.tooLong || fault.again) && again < MOST_AGAIN) {
        // Once more, cut to the window or by the bound that is known by now.
        askedAgain.set(line, again + 1);
        lines.splice(at + 1, 0, line);
      } else faults.push({ line, fault });
    } finally {
      clock.stop();
    }
  }
  throw verdict(turn, faults, context);
}

/** Windows are learned by halving, where a server names none. */
const MOST_AGAIN = 4;

async function generate(
  turn: string,
  { provider }: ModelLine,
  request: ModelRequest,
  clock: CallClock,
  place: Place,
  { log, onText }: CallContext,
): Promise<ModelReply> {
  // Waiting for a place is neither work nor silence.
  clock.start();
  const began = performance.now();
  let isSilent = true;
  const asking = { model: provider.model, since: Date.now(), tokens: 0 };
  log.asking = asking;
  const headers = log.callHeaders?.((key) => modelSpanId(key, log.key, turn, log.nextTry(turn)));
  try {
    const reply = await provider.generate(request, {
      signal: clock.signal,
      ...(headers ? { headers: { ...headers } } : {}),
      onBytes(isOutput = true) {
        if (isSilent) {
          isSilent = false;
          firstByte(provider.model, (performance.now() - began) / 1e3);
        }
        clock.tick(isOutput);
        if (isOutput) place.heard();
        // A piece is about a token; pieces that think or call tools have no text.
        asking.tokens = Math.max(asking.tokens, clock.ticks);
      },
      onText(text) {
        asking.tokens = Math.max(asking.tokens, Math.ceil(text.length / CHARS_A_TOKEN));
        onText?.(text);
      },
    });
    refuseNoReply(provider.model, reply);
    return reply;
  } finally {
    log.asking = undefined;
  }
}

/** Whoever wrote the provider: what is of another sort stays so, however often it is asked. @throws ModelCallError */
function refuseNoReply(model: string, reply: unknown): void {
  const problems = replyProblems(reply);
  if (problems.length === 0) return;
  const message = `what the provider of ${model} gave is no reply: ${problems.join('; ')}`;
  throw new ModelCallError({ type: 'ModelRequestRejected', message });
}

function firstByte(model: string, seconds: number): void {
  metrics.observe('muster_model_first_byte_seconds', { model }, seconds);
  coldStart.firstByte(seconds);
}

/** For a figure that people watch grow. */
const CHARS_A_TOKEN = 4;

async function keep(
  turn: string,
  { provider }: ModelLine,
  { toolChoice, messages }: ModelRequest,
  said: ModelReply,
  ms: number,
  { log, prompt }: CallContext,
): Promise<void> {
  const { prices, model } = provider;
  // Whoever wrote the provider: a sum can't become text, nor less.
  const counts = callTokens(
    { input: said.inputTokens, output: said.outputTokens },
    { input: () => estimateTokens(messages), output: () => estimateTokens(said.text) },
  );
  const estimatedTokens = (counts.estimatedTokens ?? 0) + (tokenCount(said.estimatedTokens) ?? 0);
  const reply = { ...said, ...counts, ...(estimatedTokens > 0 ? { estimatedTokens } : {}) };
  const cost = prices ? (reply.inputTokens * prices.input + reply.outputTokens * prices.output) / 1e6 : undefined;
  await log.append({
    t: 'model',
    step: turn,
    reply: { ...reply, toolCalls: withOwnIds(turn, withoutDuplicates(reply.toolCalls)) },
    ms,
    at: Date.now(),
    prompt,
    model,
    ...(cost === undefined ? {} : { cost }),
    ...(toolChoice === 'none' ? { noTools: true } : {}),
  });
}

/** Models that are neither down nor asked to be left alone; all of them when that leaves none. */
function worthAsking(turn: string, { models, log }: CallContext): readonly ModelLine[] {
  const now = Date.now();
  const ready = models.filter(
    (line) => line.closedForMs() === 0 && (log.notBefore(turn, line.provider.model) ?? 0) <= now,
  );
  return ready.length > 0 ? ready : models;
}

function refuseAboveLimits(log: SubtaskLog, limits: SubtaskLimits): void {
  const used = usedUp(limits, log.spent);
  if (used !== undefined) throw new WorkFailure({ type: 'LimitReached', message: `it used its ${used}` });
}

/** What the faults of this visit mean together: try again at a time, or give up. */
function verdict(
  turn: string,
  faults: readonly { line: ModelLine; fault: ModelFault }[],
  { log, retry }: CallContext,
): WorkFailure {
  const passing = faults.filter(({ fault }) => FAILURES[fault.type].retryable);
  const last = (passing[0] ?? faults[0])?.fault;
  if (!last) return new WorkFailure({ type: 'ModelUnavailable', message: 'no model is configured' });
  const failure: Failure = { type: last.type, message: last.message };
  if (passing.length === 0) return new WorkFailure(failure);
  const stuck = passing.filter(({ line }) => log.hangsAtOnePoint(turn, line.provider.model));
  if (stuck.length === passing.length) {
    return new WorkFailure({
      type: 'AttemptsExhausted',
      message: `the model went silent twice at the same point of its output, so it is not asked a third time: ${last.message}`,
    });
  }
  const open = passing
    .map(({ line, fault }) => ({ fault, count: log.faults(turn, line.provider.model) }))
    .filter(({ count }) => count < retry.maxAttempts);
  if (open.length === 0) {
    return new WorkFailure({
      type: 'AttemptsExhausted',
      message: `after ${log.faults(turn)} tries: ${last.message}`,
    });
  }
  const delays = open.map(({ fault, count }) => retryDelayMs(retry, count, fault.retryAfterMs, Math.random));
  return new WorkFailure(failure, Date.now() + Math.min(...delays));
}

/** A call that is twice in one reply is a mistake of the model: it is run once. */
function withoutDuplicates(calls: ModelReply['toolCalls']): ModelReply['toolCalls'] {
  const seen = new Set<string>();
  return calls.filter(({ name, arguments: args }) => {
    const key = canonicalJson([name, args]);
    return !seen.has(key) && seen.add(key);
  });
}

/** Ids that repeat or are missing would tie a tool's result to the wrong call. */
function withOwnIds(turn: string, calls: ModelReply['toolCalls']): ModelReply['toolCalls'] {
  const seen = new Set<string>();
  return calls.map((call, i) => {
    const id = call.id === '' || seen.has(call.id) ? shortId(`${turn}.${i + 1}`) : call.id;
    seen.add(id);
    return { ...call, id };
  });
}
