// file-log.ts: logs in files. All records that a process writes for one run go to one run file; a log is what its claims
// name in the run files. A claim's head says how much of the earlier segments its attempt saw, so that every later attempt
// sees the same story even if an attempt thought dead goes on writing; that one is told so with its next record.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileProblem } from './file-errors.ts';
import type { RunFile } from './run-file.ts';
import { recordLine } from './run-file-index.ts';
import { LogClaims, type LogHold } from './log-claims.ts';
import { logNames } from './names.ts';
import { RunLogs } from './run-logs.ts';
import { readOldSegments, sealOf, type OldSegments, type SegmentHead } from './segment-files.ts';
import { LogLostError, LogTakenOverError, StoreError, type LogKey, type LogSegment } from './store.ts';

interface Story<R> {
  records: R[];
  /** How many records each segment gives to the story, by segment number. */
  base: Record<string, number>;
}

export class FileLogs {
  readonly #folder: string;
  readonly #runs = new Map<string, RunLogs>();

  /** @param folder holds a folder for each run. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Claims the next segment of a log and reads what came before. */
  async claim<R>(key: LogKey, visit: number, isRetry: boolean): Promise<LogSegment<R>> {
    const run = this.#run(key);
    let runFile: RunFile | undefined;
    try {
      runFile = await run.runFile();
      const old = oldFolder(run, key);
      const seal = existsSync(old) ? await sealOf(old, true) : 0;
      const claims = new LogClaims(run.folder, key, seal + 1);
      if (isRetry && seal === 0 && claims.all().length === 0 && (await run.holds(startOf(key))))
        throw new LogLostError(key);
      const { claim, before } = await claims.add(visit, runFile.name);
      // Read after the claim: what is acknowledged to an earlier attempt was on disk before it.
      const story = await storyOf<R>(run, key, before, seal);
      const segment = new FileSegment<R>(run, runFile, key, claim, story.records, claims.watch(claim));
      const [begun, named] = await Promise.allSettled([segment.begin(story.base), run.sync()]);
      if (begun.status === 'rejected') throw begun.reason;
      // Only now: the run file is closed with its last log, and nothing may be under way in it then.
      if (named.status === 'rejected') throw named.reason;
      return segment;
    } catch (error) {
      run.release();
      await runFile?.release();
      throw error;
    }
  }

  async read<R>(key: LogKey): Promise<R[]> {
    const run = this.#run(key);
    try {
      const old = oldFolder(run, key);
      const seal = existsSync(old) ? await sealOf(old, false) : 0;
      return (await storyOf<R>(run, key, new LogClaims(run.folder, key, seal + 1).all(), seal)).records;
    } finally {
      run.release();
    }
  }

  /** Closes what no log needs any more. */
  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.closeIdle()));
  }

  #run(key: LogKey): RunLogs {
    const [name] = logNames(key);
    let run = this.#runs.get(name);
    if (!run) {
      run = new RunLogs(join(this.#folder, name), () => this.#runs.delete(name));
      this.#runs.set(name, run);
    }
    return run.use();
  }
}

const oldFolder = ({ folder }: RunLogs, key: LogKey): string => join(folder, key.subtask, String(key.generation));

/** What the attempts of these claims left, and those of an older store before them. */
async function storyOf<R>(run: RunLogs, key: LogKey, claims: readonly LogHold[], seal: number): Promise<Story<R>> {
  const newest = await newestWhole<R>(run, key, claims);
  if (!newest && seal === 0) return { records: [], base: {} };
  const old: OldSegments<R> =
    seal === 0 ? { segments: new Map(), base: {} } : await readOldSegments<R>(oldFolder(run, key), seal);
  const known = new Map(old.segments);
  if (newest) known.set(newest.segment, newest.records);
  const base = newest?.base ?? old.base;
  const parts = await Promise.all(
    Object.entries(base).map(async ([segment, count]) => {
      const claim = claims.find((one) => one.segment === Number(segment));
      let records = known.get(Number(segment));
      if (!records && claim) records = await (await run.index(claim.runFile)).records<R>(nameOf(key, claim), count);
      if (!records || records.length < count)
        throw new StoreError(`segment ${segment} of ${key.subtask} in ${run.folder} has lost records`);
      return records.slice(0, count);
    }),
  );
  return { records: parts.flat(), base };
}

/** The newest segment whose claim was completed: its head tells of all before it. */
async function newestWhole<R>(
  run: RunLogs,
  key: LogKey,
  claims: readonly LogHold[],
): Promise<(Story<R> & { segment: number }) | undefined> {
  for (const claim of claims.toReversed()) {
    const index = await run.index(claim.runFile);
    const found = await index.attempt<SegmentHead, R>(nameOf(key, claim));
    // That attempt was refused or died before its claim was complete, and wrote nothing.
    if (!found) continue;
    const { head, records } = found;
    return { segment: claim.segment, records, base: { ...head.base, [claim.segment]: records.length } };
  }
  return undefined;
}

class FileSegment<R> implements LogSegment<R> {
  readonly segment: number;
  readonly earlier: readonly R[];
  readonly #run: RunLogs;
  readonly #runFile: RunFile;
  readonly #key: LogKey;
  readonly #name: string;
  readonly #holds: () => boolean;
  #count = 0;
  #last: Promise<void> = Promise.resolve();
  /** Once an append failed none may follow: the next attempt must see no gap. */
  #broken: StoreError | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    run: RunLogs,
    runFile: RunFile,
    key: LogKey,
    claim: LogHold,
    earlier: readonly R[],
    holds: () => boolean,
  ) {
    this.segment = claim.segment;
    this.earlier = earlier;
    this.#run = run;
    this.#runFile = runFile;
    this.#key = key;
    this.#name = nameOf(key, claim);
    this.#holds = holds;
  }

  /** Completes the claim. */
  async begin(base: Story<R>['base']): Promise<void> {
    const head = recordLine(this.#name, 0, JSON.stringify({ base } satisfies SegmentHead));
    await new Promise<void>((done, failed) =>
      this.#runFile.put(head, (error) => {
        if (error) failed(error);
        else done();
      }),
    );
  }

  append(record: R): Promise<void> {
    const json = JSON.stringify(record);
    const appended = new Promise<void>((done, failed) => {
      if (this.#broken) return failed(this.#broken);
      this.#count += 1;
      this.#runFile.put(recordLine(this.#name, this.#count, json), (error) => {
        // Looked at last: a claim that comes after it reads these records.
        this.#broken ??= error ?? this.#problem();
        if (this.#broken) failed(this.#broken);
        else done();
      });
    });
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  #problem(): StoreError | undefined {
    try {
      return this.#holds() ? undefined : new LogTakenOverError(this.#key, 'attempt');
    } catch (error) {
      return new StoreError(`the log could not be looked at: ${fileProblem(error)}`, { cause: error });
    }
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#last;
    this.#broken ??= new StoreError(`the log of ${this.#key.subtask} was closed`);
    this.#run.release();
    await this.#runFile.release();
  }
}

const startOf = ({ subtask, generation }: LogKey): string => `${subtask}/${generation}/`;
const nameOf = (key: LogKey, { segment }: LogHold): string => `${startOf(key)}${segment}`;
