// model-line.ts: the way to one model: at most so many calls to its provider at once, and none while that is down.
// Decides nothing about what to do when a model is down: that is call-model.ts.

import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import type { FailureType } from '../../protocol/failures.ts';
import { orAborted } from '../../protocol/or-aborted.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { Places, PlacesTakenError, type Mode, type Place } from './places.ts';
import type { ModelFault, ModelProvider } from './provider.ts';

export interface LineLimits {
  /** Most calls at once from this process, fewer where the server has fewer slots; more wait for a place. Default: 100, as many as a worker has slots. */
  concurrency?: number | undefined;
  /** Outages in a row after which the model counts as down. Default: 5. */
  failures?: number | undefined;
  /** Seconds until a model that is down is tried with one call. Default: 15. */
  coolSeconds?: number | undefined;
}

/** What all models of one provider share: its places and its breaker. */
export interface ProviderGate {
  /** Milliseconds until a call is worth while; 0 when it is now. */
  closedForMs(): number;
  /** From the outage after which it is left alone until a call succeeds. */
  isOpen(): boolean;
  /** What was said when it last could not be reached. */
  lastOutage(): string | undefined;
  /**
   * Waits for a place, then makes the call. Whose signal aborts before that is let go at once.
   * @param mode whether an answer waits for it. Default: `blocking`.
   * @throws what the call throws; a BrokenCircuitError when the provider counts as down; the signal's reason.
   */
  pass<T>(call: (place: Place) => Promise<T>, signal: AbortSignal, mode?: Mode): Promise<T>;
  /** The same for a call that must not wait. @throws PlacesTakenError, too */
  passAtOnce<T>(call: (place: Place) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface ModelLine {
  readonly provider: ModelProvider;
  /** Milliseconds until this model is worth a call; 0 when it is now. */
  closedForMs(): number;
  /**
   * Waits for a place, then makes the call.
   * @param stopped why the caller itself gave the call up, when it did (a clock that rang).
   * @throws ModelCallError; the signal's reason when it aborted.
   */
  call<T>(signal: AbortSignal, make: (place: Place) => Promise<T>, stopped: () => ModelFault | undefined): Promise<T>;
  /** The same model for calls that no answer waits for: they have few of its provider's places, and wait behind all others. */
  inBackground(): ModelLine;
  /** The same model for calls that must not wait: in places of their own, or refused as `ModelRateLimited`, with nothing asked. */
  atOnce(): ModelLine;
}

/** A call that failed, with what that means. */
export class ModelCallError extends Error {
  override readonly name = 'ModelCallError';
  readonly fault: ModelFault;
  /** False when the provider was known to be down, so that nobody was asked. */
  readonly wasMade: boolean;
  constructor(fault: ModelFault, cause?: unknown, wasMade = true) {
    super(fault.message, { cause });
    this.fault = fault;
    this.wasMade = wasMade;
  }
}

const DEFAULTS = { concurrency: 100, failures: 5, coolSeconds: 15 };
/** What says that a provider is down, and not that it is busy or that the request is wrong. */
const OUTAGES: ReadonlySet<FailureType> = new Set(['ModelUnavailable', 'ModelTimedOut']);

/** A provider's places, where several gates share them. */
export const providerPlaces = ({ concurrency = DEFAULTS.concurrency }: LineLimits = {}): Places =>
  new Places(concurrency);

/** @param places those that another gate of the same provider has, too. Default: its own. */
export function providerGate(limits: LineLimits = {}, places: Places = providerPlaces(limits)): ProviderGate {
  const coolMs = (limits.coolSeconds ?? DEFAULTS.coolSeconds) * 1_000;
  const breaker = circuitBreaker(
    handleWhen((error) =>
      error instanceof ModelCallError
        ? OUTAGES.has(error.fault.type) ||
          (error.fault.type === 'LimitReached' && breaker.state === CircuitState.HalfOpen)
        : // The one call that was to find out was cancelled: nothing was found out.
          breaker.state === CircuitState.HalfOpen,
    ),
    { halfOpenAfter: coolMs, breaker: new ConsecutiveBreaker(limits.failures ?? DEFAULTS.failures) },
  );
  const entered = <T>(call: (place: Place) => Promise<T>, place: Place, signal: AbortSignal, onPlace: () => void) => {
    signal.throwIfAborted();
    return breaker.execute(() => {
      // Again: behind another one's trial call it may have waited here, too.
      signal.throwIfAborted();
      onPlace();
      return call(place);
    });
  };
  let openedAt = 0;
  let lastOutage: string | undefined;
  breaker.onFailure(({ reason, handled }) => {
    if (handled && 'error' in reason && reason.error instanceof ModelCallError) lastOutage = reason.error.message;
  });
  breaker.onBreak(() => (openedAt = Date.now()));
  return {
    lastOutage: () => lastOutage,
    isOpen: () => breaker.state !== CircuitState.Closed,
    closedForMs: () => (breaker.state === CircuitState.Open ? Math.max(0, openedAt + coolMs - Date.now()) : 0),
    pass: (call, signal, mode) =>
      orLetGo(signal, (onPlace) =>
        // The place comes first: while calls wait, the provider may go down.
        places.take((place) => entered(call, place, signal, onPlace), mode),
      ),
    passAtOnce: (call, signal) =>
      orLetGo(signal, (onPlace) => places.takeOwn((place) => entered(call, place, signal, onPlace))),
  };
}

/** The way to one model, through its provider's gate. Default: a gate of its own. */
export function modelLine(provider: ModelProvider, gate: ProviderGate = providerGate()): ModelLine {
  metrics.set('muster_breaker_open', { model: provider.model }, gate.isOpen() ? 1 : 0);
  const line = (mode: Mode | 'at once'): ModelLine => ({
    provider,
    closedForMs: () => gate.closedForMs(),
    call: (signal, make, stopped) => callThrough(gate, provider, signal, make, stopped, mode),
    inBackground: () => line('background'),
    atOnce: () => line('at once'),
  });
  return line('blocking');
}

/** One call through a gate. What it throws is as in `ModelLine.call`. */
export async function callThrough<T>(
  gate: ProviderGate,
  provider: Pick<ModelProvider, 'model' | 'classify'>,
  signal: AbortSignal,
  make: (place: Place) => Promise<T>,
  stopped: () => ModelFault | undefined = () => undefined,
  mode: Mode | 'at once' = 'blocking',
): Promise<T> {
  const made = async (place: Place): Promise<T> => {
    try {
      return await make(place);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ModelCallError) throw error;
      throw new ModelCallError(stopped() ?? provider.classify(error), error);
    }
  };
  try {
    return await (mode === 'at once' ? gate.passAtOnce(made, signal) : gate.pass(made, signal, mode));
  } catch (error) {
    if (error instanceof PlacesTakenError) {
      const message = `all places for answers at once at the provider of ${provider.model} are taken`;
      throw new ModelCallError({ type: 'ModelRateLimited', message, retryAfterMs: 1_000 }, error, false);
    }
    if (!isBrokenCircuitError(error)) throw error;
    const why = gate.lastOutage();
    const message = `the provider of ${provider.model} failed again and again${why === undefined ? '' : ` (${why})`} and is left alone for a while`;
    const fault: ModelFault = { type: 'ModelUnavailable', message, retryAfterMs: Math.max(1_000, gate.closedForMs()) };
    throw new ModelCallError(fault, error, false);
  } finally {
    metrics.set('muster_breaker_open', { model: provider.model }, gate.isOpen() ? 1 : 0);
  }
}

/** What `enter` gives; until it has its place, the signal's reason as soon as that aborts. */
async function orLetGo<T>(signal: AbortSignal, enter: (onPlace: () => void) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let placed = (): void => undefined;
  const place = new Promise<void>((done) => (placed = done));
  const work = enter(placed);
  metrics.add('muster_sub_agents', { state: 'waiting' });
  try {
    await orAborted(Promise.race([work, place]), signal);
  } finally {
    metrics.add('muster_sub_agents', { state: 'waiting' }, -1);
  }
  return await work;
}

/** The lines of a deployment, and in which order a class tries them. */
export interface ModelLines {
  /** The lines with these names in this order; those of the deployment's own order when none is named or known. */
  inOrder(models?: readonly string[]): readonly ModelLine[];
  /** Names for a class, in its order. */
  orderFor(className: string): readonly string[];
}

/**
 * @param orders names of models by class; `default` for all others. Default: as listed.
 * @throws Error when two providers name the same model.
 */
export function modelLines(
  lines: readonly ModelLine[],
  orders: Readonly<Record<string, readonly string[]>> = {},
): ModelLines {
  const byName = new Map<string, ModelLine>();
  for (const line of lines) {
    if (byName.has(line.provider.model)) throw new Error(`two providers name their model "${line.provider.model}"`);
    byName.set(line.provider.model, line);
  }
  const usual = orders.default ?? [...byName.keys()];
  const known = (names: readonly string[]): ModelLine[] => names.flatMap((name) => byName.get(name) ?? []);
  return {
    inOrder(models = usual) {
      const named = known(models);
      return named.length > 0 ? named : known(usual);
    },
    orderFor: (className) => orders[className] ?? usual,
  };
}
