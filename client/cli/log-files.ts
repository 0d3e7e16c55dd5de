// log-files.ts: the log files of a home's stack, read line by line in the order of time, and followed as they grow.

import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLogLine, type LogLine } from '../../protocol/log-line.ts';
import { olderLog } from '../stack/bounded-file.ts';

/** Parts of a stack, whose logs are `<part>.log`; `temporal` is what the Temporal server itself writes. */
const PARTS = ['stack', 'server', 'temporal', 'model', 'worker', 'gateway'] as const;
const LOOK_EVERY_MS = 200;

export interface LoggedLine {
  part: string;
  /** As it stands in the file. */
  text: string;
  /** Undefined for what is none of ours, a crash for one. */
  line: LogLine | undefined;
  /** ms since the epoch; of a line without one that of the line before it. */
  at: number;
}

/** The files that there are; none where no stack ever ran. */
export const logFiles = (home: string): { part: string; path: string }[] =>
  PARTS.map((part) => ({ part, path: join(home, `${part}.log`) })).filter(({ path }) => existsSync(path));

/** Reads a home's logs: first all that is there, then what has come since. */
export class LogReader {
  readonly #home: string;
  readonly #seen = new Map<string, { from: number }>();

  constructor(home: string) {
    this.#home = home;
  }

  /** The lines since the last call, the oldest first. Nothing is left out where a file begins anew. */
  read(): LoggedLine[] {
    const all = logFiles(this.#home).flatMap(({ part, path }) => {
      const known = this.#seen.get(part);
      const state = known ?? { from: 0 };
      this.#seen.set(part, state);
      const before = known ? '' : readFrom(olderLog(path), 0);
      return linesOf(part, before + newText(path, state), known ? Date.now() : statSync(path).birthtimeMs);
    });
    // Stable: lines of one file stay in their order.
    return all.sort((a, b) => a.at - b.at);
  }

  /** Calls back with each line that comes, until `signal` aborts. */
  async follow(onLine: (line: LoggedLine) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const line of this.read()) onLine(line);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, LOOK_EVERY_MS);
        signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
      });
    }
  }
}

function newText(path: string, state: { from: number }): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === state.from) return '';
  // It was emptied: the end of what was in it is in the older one.
  const before = size < state.from ? readFrom(olderLog(path), state.from) : '';
  if (size < state.from) state.from = 0;
  const text = readFrom(path, state.from);
  state.from += Buffer.byteLength(text);
  return before + text;
}

function linesOf(part: string, text: string, begin: number): LoggedLine[] {
  let at = begin;
  return text.split('\n').flatMap((one) => {
    if (one.trim() === '') return [];
    const line = readLogLine(one);
    const said = Date.parse(line?.time ?? /^time=(\S+)/.exec(one)?.[1] ?? '');
    at = Number.isNaN(said) ? at : said;
    return [{ part, text: one, line, at }];
  });
}

function readFrom(path: string, from: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
      readSync(file, bytes, 0, bytes.length, from);
      // Up to the last whole line: what follows may be half of a character.
      return bytes.subarray(0, bytes.lastIndexOf(10) + 1).toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
