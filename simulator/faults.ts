// faults.ts: the faults that can be injected, by a test one by one or by a plan at a rate, and which request gets which.
// What a fault does to an answer is misbehave.ts and exchange.ts; what makes one malformed is fault-problem.ts.

import { faultProblem } from './fault-problem.ts';
import type { Reply } from './wire.ts';

/** Which requests a fault is for. All that is given must hold; nothing given means every request to the model. */
export interface FaultMatch {
  /** The request's step: the name of its JSON schema, `chat`, or `embeddings`. */
  step?: string;
  /** Text that must stand somewhere in the messages. */
  contains?: string;
  /** Spare the requests before this one (1 = the first that matches otherwise). Not in a plan. */
  nth?: number;
}

export type BadOutput = 'broken-json' | 'wrong-schema' | 'empty' | 'fenced' | 'prose' | 'cut-short' | 'refusal';
export type BadToolCall = 'duplicated' | 'same-ids' | 'unknown' | 'object-arguments' | 'broken-arguments';

export type FaultKind =
  /**
   * Answers at once with this status. `body` is sent as JSON unless it is a string. `retryAfterSeconds` is sent as
   * `retry-after`, and as `retry-after-ms` too when it is no whole number.
   */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown; retryAfterSeconds?: number }
  /** Goes silent before the first byte, or after this many chunks: for `ms`, or until the client gives up. */
  | { kind: 'stall'; afterChunks?: number; ms?: number }
  /** Destroys the socket after this many chunks (default 2; without `stream`, in the middle of the body). */
  | { kind: 'cut'; afterChunks?: number }
  /** 200 with something that is not JSON. */
  | { kind: 'garbage'; text?: string }
  /** 200 with a well-formed answer whose text is this one, broken JSON, JSON of a wrong shape, nothing, … */
  | { kind: 'bad-output'; content?: string; output?: BadOutput }
  /** The tool calls of the answer twice (with the same ids, too), one to no tool, arguments as objects or no JSON. */
  | { kind: 'bad-tool-call'; call: BadToolCall }
  /** The right answer without its usage. */
  | { kind: 'no-usage' }
  /** The right answer, but nothing says why it ended. */
  | { kind: 'no-finish-reason' }
  /** Text for ever, a piece every `everyMs` (default 10), until the client leaves. */
  | { kind: 'endless'; everyMs?: number }
  /** Answers as always, this much later. */
  | { kind: 'delay'; ms: number };

/** A fault as injected. `times` is how many requests get it; default 1. */
export type Fault = FaultKind & { match?: FaultMatch; times?: number };

export interface InjectedFault {
  readonly fault: Fault;
  /** How many requests have got it. */
  readonly hits: number;
  remove(): void;
}

/** What a fault is matched against. */
export interface FaultSubject {
  step: string;
  /** All message texts in one; a function, because most requests meet no fault. */
  text: () => string;
  /** The request offers tools. */
  offersTools: boolean;
  /** What the answer would be; undefined for a request that is not answered in words (embeddings). */
  reply: Reply | undefined;
}

interface Entry extends InjectedFault {
  hits: number;
  seen: number;
}

/** The faults in force, in the order they were injected; the first that matches is the one. */
export class FaultBook {
  readonly #entries: Entry[] = [];

  inject(fault: Fault): InjectedFault {
    const problem = faultProblem(fault);
    if (problem) throw new Error(problem);
    const entry: Entry = {
      fault,
      hits: 0,
      seen: 0,
      remove: () => {
        const at = this.#entries.indexOf(entry);
        if (at >= 0) this.#entries.splice(at, 1);
      },
    };
    this.#entries.push(entry);
    return entry;
  }

  /** The fault that this request gets, if any; counts it. */
  take(subject: FaultSubject): Fault | undefined {
    let taken: Fault | undefined;
    for (const entry of this.#entries) {
      const { match, times = 1 } = entry.fault;
      if (entry.hits >= times || !matches(match, subject) || !applies(entry.fault, subject)) continue;
      entry.seen += 1;
      if (taken || entry.seen < (match?.nth ?? 1)) continue;
      entry.hits += 1;
      taken = entry.fault;
    }
    return taken;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

export function matches(match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (match?.step !== undefined && match.step !== subject.step) return false;
  return match?.contains === undefined || subject.text().includes(match.contains);
}

/** What is done to the words of an answer, and can't be done to tool calls. */
const OF_WORDS: ReadonlySet<BadOutput | undefined> = new Set(['fenced', 'prose', 'cut-short'] as const);

/** Whether a fault can show at all in the answer to this request: tool calls can't be doubled where there are none. */
export function applies(fault: FaultKind, { reply, offersTools }: FaultSubject): boolean {
  switch (fault.kind) {
    case 'bad-tool-call':
      return reply !== undefined && (fault.call === 'unknown' ? offersTools : reply.toolCalls.length > 0);
    case 'bad-output':
      return reply !== undefined && (!OF_WORDS.has(fault.output) || reply.toolCalls.length === 0);
    case 'no-finish-reason':
    case 'endless':
      return reply !== undefined;
    default:
      return true;
  }
}

/** A fault's kind with what sets it apart from others of its kind, for reports: `status 429`, `bad-output fenced`. */
export function variantOf(fault: FaultKind): string {
  switch (fault.kind) {
    case 'status':
      return `status ${fault.status}`;
    case 'stall':
      return fault.afterChunks === undefined ? 'stall before the answer' : 'stall in the answer';
    case 'bad-output':
      return `bad-output ${fault.content === undefined ? fault.output : 'as given'}`;
    case 'bad-tool-call':
      return `bad-tool-call ${fault.call}`;
    default:
      return fault.kind;
  }
}
