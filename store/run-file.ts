// run-file.ts: the file to which one process writes the records of all its logs of one run, each line with the name of
// its log. Group commit: what comes in during one write goes out with the next. Knows nothing of claims.

import { randomBytes } from 'node:crypto';
import { fdatasync, write } from 'node:fs';
import { join } from 'node:path';
import { closeFile, NEW_FILE, openFile, SYNCS_ITSELF } from './durable-files.ts';
import { fileProblem } from './file-errors.ts';
import { StoreError } from './store.ts';

/** Beyond this a process begins another file: whoever looks for the records of one log reads the whole file once. */
const FULL_BYTES = 64 * 1_048_576;

interface Entry {
  line: string;
  /** Called when the line is on disk, or with the reason why it is not. */
  written: (error?: StoreError) => void;
}

export class RunFile {
  /** Its file's name in the run's folder. */
  readonly name: string;
  readonly #file: number;
  #bytes = 0;
  #waiting: Entry[] = [];
  #writing = false;
  #users = 1;
  #broken: StoreError | undefined;

  private constructor(name: string, file: number) {
    this.name = name;
    this.#file = file;
  }

  /** Makes a new file in `folder`, which is there; its name is durable when somebody syncs the folder. */
  static async create(folder: string): Promise<RunFile> {
    const name = `${randomBytes(6).toString('hex')}.ndjson`;
    return new RunFile(name, await openFile(join(folder, name), NEW_FILE));
  }

  /** Whether it may be given more logs. After a failed write nothing may follow: the end of the file is unknown. */
  get isOpen(): boolean {
    return this.#users > 0 && this.#broken === undefined && this.#bytes < FULL_BYTES;
  }

  /** Who uses it must release it; the last one closes the file. */
  use(): void {
    this.#users += 1;
  }

  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users === 0) await closeFile(this.#file);
  }

  put(line: string, written: Entry['written']): void {
    if (this.#users === 0) return written(new StoreError('a checkpoint could not be written: its file was closed'));
    this.#waiting.push({ line, written });
    if (this.#writing) return;
    this.#writing = true;
    // Others that come in the same turn of the event loop go out with it.
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) {
      this.#writing = false;
      return;
    }
    const done = (error?: StoreError): void => {
      for (const entry of batch) entry.written(error);
      this.#drain();
    };
    if (this.#broken) return done(this.#broken);
    const bytes = Buffer.from(batch.map(({ line }) => line).join(''), 'utf8');
    this.#bytes += bytes.length;
    this.#write(bytes, (error) => {
      if (error) {
        const message = `a checkpoint could not be written: ${fileProblem(error)}`;
        this.#broken = new StoreError(message, { cause: error });
      }
      done(this.#broken);
    });
  }

  /** Writes all of it at the end; on disk when it calls back without an error. */
  #write(bytes: Buffer, done: (error: Error | null) => void): void {
    write(this.#file, bytes, (error, count) => {
      if (error) done(error);
      // A disk that is nearly full takes a part, and says why with the next try.
      else if (count < bytes.length) this.#write(bytes.subarray(count), done);
      else if (SYNCS_ITSELF) done(null);
      else fdatasync(this.#file, done);
    });
  }
}
