// request-log.ts: what was asked and how it ended, for tests, benches and people.
// Bodies stay in memory for tests; the file gets neither bodies nor keys.

import { createWriteStream, type WriteStream } from 'node:fs';
import { RequestTally, type RequestReport } from './request-report.ts';
import type { RequestRecord } from './request-record.ts';

export type LogTarget = string | ((record: RequestRecord) => void);

export interface RequestLogOptions {
  target?: LogTarget | undefined;
  /** Keep request bodies in memory. Default true. */
  keepBodies?: boolean | undefined;
  /** Records kept in memory; older ones are dropped. Default 20,000. */
  keep?: number | undefined;
}

export class RequestLog {
  /** Finished requests, oldest first, in the order they ended. */
  readonly records: RequestRecord[] = [];
  readonly #options: RequestLogOptions;
  readonly #file: WriteStream | undefined;
  readonly #tally = new RequestTally();

  constructor(options: RequestLogOptions) {
    this.#options = options;
    if (typeof options.target === 'string') this.#file = createWriteStream(options.target, { flags: 'a' });
    // A log that can't be written must not take the model away: said once, then left alone.
    this.#file?.on('error', (error) => process.stderr.write(`simulator: request log: ${error.message}\n`));
  }

  /** Notes that this content is being asked; its record follows when the request has ended. */
  arrived(contentSha: string): void {
    this.#tally.arrived(contentSha);
  }

  /** What was asked until now, of which no record is dropped. */
  report(): RequestReport {
    return this.#tally.report();
  }

  add(record: RequestRecord): void {
    this.#tally.ended(record);
    const { body: _body, ...rest } = record;
    this.records.push(this.#options.keepBodies === false ? rest : record);
    const keep = this.#options.keep ?? 20_000;
    // Dropped a tenth at a time: shifting at every request would copy the whole array.
    if (this.records.length > keep * 1.1) this.records.splice(0, this.records.length - keep);
    if (typeof this.#options.target === 'function') this.#options.target(record);
    if (this.#file && !this.#file.destroyed) this.#file.write(`${JSON.stringify(rest)}\n`);
  }

  close(): Promise<void> {
    const file = this.#file;
    if (!file || file.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      file.once('close', resolve);
      file.end();
    });
  }
}
