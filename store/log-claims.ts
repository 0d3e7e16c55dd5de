// log-claims.ts: who holds a log. Each attempt's claim is a symbolic link `<subtask>.<generation>.<segment>.claim` whose
// target says where its records are and which visit it is of: made by one attempt only and readable whole from then on,
// as no file is. Numbers have no gaps. The newest claim of the highest visit holds the log.

import { lstatSync, readlinkSync, symlink } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from './durable-files.ts';
import { LogTakenOverError, type LogKey } from './store.ts';

export interface LogHold {
  segment: number;
  visit: number;
  /** Name of the file that has its records. */
  runFile: string;
}

const makeLink = promisify(symlink);

export class LogClaims {
  readonly #key: LogKey;
  readonly #start: string;
  /** Number of the first one: those before it are of an older store. */
  readonly #first: number;

  constructor(folder: string, key: LogKey, first: number) {
    this.#key = key;
    this.#start = join(folder, `${key.subtask}.${key.generation}.`);
    this.#first = first;
  }

  /** All claims so far, oldest first. */
  all(): LogHold[] {
    const last = lastOf((segment) => isThere(this.#path(segment)), this.#first);
    const segments = Array.from({ length: last - this.#first + 1 }, (_, i) => this.#first + i);
    return segments.map((segment) => claimOf(segment, readlinkSync(this.#path(segment))));
  }

  /**
   * Claims the next segment; its name is durable when somebody syncs the folder.
   * @returns it, and all claims before it.
   * @throws LogTakenOverError when a higher visit has claimed the log.
   */
  async add(visit: number, runFile: string): Promise<{ claim: LogHold; before: LogHold[] }> {
    const before = this.all();
    for (;;) {
      if (before.some((other) => other.visit > visit)) throw new LogTakenOverError(this.#key, 'visit');
      const claim = { segment: this.#first + before.length, visit, runFile };
      try {
        await makeLink(`${runFile}:${visit}`, this.#path(claim.segment));
        return { claim, before };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        before.push(claimOf(claim.segment, readlinkSync(this.#path(claim.segment))));
      }
    }
  }

  /** A way to ask whether a claim still holds the log; each question costs one look at a name that is not there. */
  watch({ segment, visit }: LogHold): () => boolean {
    let next = segment + 1;
    return () => {
      // Synchronously: such a look takes 5 µs, a trip to the thread pool ten times that, and every step of every
      // sub-agent waits for it. A lower visit that comes later is no holder: it is refused, or never knew of this one.
      for (; isThere(this.#path(next)); next += 1) {
        if (claimOf(next, readlinkSync(this.#path(next))).visit >= visit) return false;
      }
      return true;
    };
  }

  #path(segment: number): string {
    return `${this.#start}${segment}.claim`;
  }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function claimOf(segment: number, target: string): LogHold {
  const colon = target.lastIndexOf(':');
  return { segment, visit: Number(target.slice(colon + 1)), runFile: target.slice(0, colon) };
}

/** The last number for which `has` is true, from `first` on without a gap; `first - 1` when there is none. */
function lastOf(has: (n: number) => boolean, first: number): number {
  let last = first - 1;
  let step = 1;
  for (; has(last + step); step *= 2) last += step;
  for (let beyond = last + step; beyond - last > 1;) {
    const middle = Math.floor((last + beyond) / 2);
    if (has(middle)) last = middle;
    else beyond = middle;
  }
  return last;
}
