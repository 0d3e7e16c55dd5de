// faults.ts: the faults a test can order, and which request gets which.

/** Which requests a fault is for. All that is given must hold; nothing given means every chat request. */
export interface FaultMatch {
  /** The request's step: the name of its JSON schema, or `chat`. */
  step?: string;
  /** Text that must stand somewhere in the messages. */
  contains?: string;
  /** Spare the requests before this one (1 = the first that matches otherwise). */
  nth?: number;
}

export type FaultKind =
  /** Answers at once with this status. `body` is sent as JSON unless it is a string. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  /** Goes silent until the client gives up: before the first byte, or after this many chunks. */
  | { kind: 'stall'; afterChunks?: number }
  /** Destroys the socket after this many chunks (default 2; without `stream`, in the middle of the body). */
  | { kind: 'cut'; afterChunks?: number }
  /** 200 with something that is not JSON. */
  | { kind: 'garbage'; text?: string }
  /** 200 with a well-formed completion whose content is this text, broken JSON, or JSON of a wrong shape. */
  | { kind: 'bad-output'; content?: string; output?: 'broken-json' | 'wrong-schema' }
  /** Answers as always, this much later. */
  | { kind: 'delay'; ms: number };

/** A fault as ordered. `times` is how many requests get it; default 1. */
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
      if (entry.hits >= times || !matches(match, subject)) continue;
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

function matches(match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (match?.step !== undefined && match.step !== subject.step) return false;
  return match?.contains === undefined || subject.text().includes(match.contains);
}

/** Why this can't be injected, in words for the person who wrote it; undefined when it can. */
export function faultProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'A fault must be an object.';
  const fault = value as Record<string, unknown>;
  switch (fault.kind) {
    case 'status': {
      const status = fault.status;
      if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599) {
        return "A 'status' fault needs a status from 200 to 599.";
      }
      break;
    }
    case 'delay':
      if (typeof fault.ms !== 'number' || !(fault.ms >= 0)) return "A 'delay' fault needs ms.";
      break;
    case 'bad-output':
      if (typeof fault.content !== 'string' && fault.output !== 'broken-json' && fault.output !== 'wrong-schema') {
        return "A 'bad-output' fault needs content, or output 'broken-json' or 'wrong-schema'.";
      }
      break;
    case 'stall':
    case 'cut':
    case 'garbage':
      break;
    default:
      return `Unknown fault kind ${JSON.stringify(fault.kind)}: use status, stall, cut, garbage, bad-output or delay.`;
  }
  return undefined;
}
