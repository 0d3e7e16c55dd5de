// answers-ahead.ts: answers whose work begins while their task is still being started: passages and the model's call, by the task's
// id. The task's step takes over what was begun for the same request; nothing of it is shown, or on record, before that.

import { writingLimits } from '../protocol/classes.ts';
import { STEP_LOGS } from '../protocol/names.ts';
import { requestHash } from '../protocol/schemas/hash.ts';
import { joinsSession } from '../protocol/session.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { metrics } from '../telemetry/metrics/registry.ts';
import { modelSpanId } from '../telemetry/spans-of-log.ts';
import { sessionBaggage } from '../protocol/session-baggage.ts';
import type { BegunAnswer, Deployment } from './deployment.ts';
import { directMaterial, type DirectMaterial } from './evidence/direct-material.ts';
import { CallAhead } from './loop/call-ahead.ts';
import { headersFor, type CallHeaders } from './loop/call-headers.ts';
import { directShape } from './text/prompts/direct-prompt.ts';

/** How long after its start a task's step may take to come here; then another worker has it. */
export const UNCLAIMED_MS = 5_000;

/** For the start that it was begun for. */
export interface BegunAhead {
  /** Settles when the model has been asked, or will not be. Never rejects. */
  hasAsked: Promise<void>;
  /** Called when the start is through: `true` where a task has begun by it, and its step may come. */
  through: (isStarted: boolean) => void;
}

const noMatter = (): void => undefined;

interface Begun {
  hash: string;
  /** Starts under way that want it. */
  wanted: number;
  isStarted: boolean;
  isTaken: boolean;
  work: Omit<BegunAnswer, 'over'>;
  abort: AbortController;
}

export class AnswersAhead {
  readonly #deployment: Pick<Deployment, 'store' | 'roots' | 'web' | 'corpus' | 'embeddings' | 'models' | 'traces'>;
  readonly #begun = new Map<string, Begun>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** How many are under way. */
  get size(): number {
    return this.#begun.size;
  }

  /**
   * Begins; a second one for the same task and request is the same.
   * @param traceparent of whoever asks, as the task will have it. Default: its trace is its own.
   * @returns undefined where nothing can begin before the task is there.
   */
  begin(taskId: string, request: TaskRequest, traceparent?: string): BegunAhead | undefined {
    // What it means, and sees, is known once it has its place in its session.
    if (joinsSession(request)) return undefined;
    const hash = requestHash(request);
    const known = this.#begun.get(taskId);
    if (known && known.hash !== hash) return undefined;
    const begun = known ?? this.#start(request, hash, this.#headers(taskId, request, traceparent));
    this.#begun.set(taskId, begun);
    begun.wanted += 1;
    return {
      hasAsked: begun.work.call.then(noMatter, noMatter),
      through: (isStarted) => {
        begun.wanted -= 1;
        begun.isStarted ||= isStarted;
        if (isStarted) setTimeout(() => this.#drop(taskId, begun), UNCLAIMED_MS).unref();
        // Of two that asked the same one was told that the task is there: by the other, whose step comes in a moment.
        else if (begun.wanted === 0 && !begun.isStarted) this.#drop(taskId, begun);
      },
    };
  }

  /** For the task's step: what was begun for this very request, once. */
  take(taskId: string, request: TaskRequest): BegunAnswer | undefined {
    const begun = this.#begun.get(taskId);
    if (!begun || begun.isTaken || begun.hash !== requestHash(request)) return undefined;
    begun.isTaken = true;
    return {
      ...begun.work,
      over: () => {
        this.#begun.delete(taskId);
        this.#giveUp(begun);
      },
    };
  }

  /** What the call tells its server: the step's log names its first call so, too. */
  #headers(
    taskId: string,
    { sessionId = taskId }: TaskRequest,
    traceparent: string | undefined,
  ): CallHeaders | undefined {
    const log = { subtask: STEP_LOGS.direct, generation: 1 };
    const origin = { baggage: sessionBaggage(sessionId), ...(traceparent === undefined ? {} : { traceparent }) };
    return headersFor(this.#deployment.traces, taskId, origin)?.((key) => modelSpanId(key, log, 'turn-1', 1));
  }

  #start(request: TaskRequest, hash: string, headers: CallHeaders | undefined): Begun {
    const abort = new AbortController();
    const material = directMaterial(request, this.#deployment, abort.signal);
    const call = material.then((found) => this.#ask(found, request, headers, abort.signal));
    for (const one of [material, call]) one.catch(() => undefined);
    return { hash, wanted: 0, isStarted: false, isTaken: false, work: { material, call }, abort };
  }

  #ask(
    found: DirectMaterial | { notEnough: string },
    request: TaskRequest,
    headers: CallHeaders | undefined,
    signal: AbortSignal,
  ): CallAhead | undefined {
    const [first, ...others] = this.#deployment.models.inOrder().map((line) => line.atOnce());
    if ('notEnough' in found || !first || signal.aborted) return undefined;
    return new CallAhead([first, ...others], found.messages, directShape, writingLimits(request.class), headers);
  }

  #drop(taskId: string, begun: Begun): void {
    if (begun.isTaken || this.#begun.get(taskId) !== begun) return;
    this.#begun.delete(taskId);
    this.#giveUp(begun);
  }

  #giveUp({ abort, work }: Begun): void {
    abort.abort(new Error('nobody waits for this answer any more'));
    void work.call.then(
      (call) => {
        const tokens = call?.giveUp() ?? 0;
        if (tokens > 0) metrics.add('muster_wasted_tokens_total', { reason: 'speculation' }, tokens);
      },
      () => undefined,
    );
  }
}
