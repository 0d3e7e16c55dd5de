// file-log.ts: one subtask's log as a folder of numbered segments, one file an attempt.
// A segment's first line says how much of the earlier ones its attempt saw, so that every later attempt
// sees the same story even if an attempt thought dead goes on writing; that one is told so with its next record.

import { constants, statSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, makeFolder, parseLine, syncFolder } from './durable-files.ts';
import { fileProblem } from './file-errors.ts';
import { namesIn } from './kept-files.ts';
import { LogTakenOverError, StoreError, type LogKey, type LogSegment } from './store.ts';

/** First line of a segment: how many records of each earlier segment belong to its story, by segment number. */
interface SegmentHead {
  base: Record<string, number>;
}

interface Story<R> {
  records: R[];
  /** How many records each segment gives to the story. */
  base: Record<string, number>;
}

// Where a write can say itself that it is to be on disk when it returns, that saves a record a trip to the thread pool.
const SYNCS_ITSELF = process.platform === 'linux';
const NEW_SEGMENT =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_EXCL |
  constants.O_APPEND |
  (SYNCS_ITSELF ? constants.O_DSYNC : 0);

/** Claims the next segment of the log in `folder` and reads what came before. */
export async function claimSegment<R>(folder: string, key: LogKey): Promise<LogSegment<R>> {
  await makeFolder(folder);
  let segment = ((await segmentNumbers(folder)).at(-1) ?? 0) + 1;
  let file: FileHandle;
  for (;;) {
    try {
      file = await open(join(folder, segmentName(segment)), NEW_SEGMENT);
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      segment += 1;
    }
  }
  try {
    const story = await readSegments<R>(folder, segment);
    const head = `${JSON.stringify({ base: story.base } satisfies SegmentHead)}\n`;
    await Promise.all([writeSynced(file, head), syncFolder(folder)]);
    return new FileSegment<R>(segment, story.records, file, folder, key);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The log's story, from the segments below number `before`. */
export async function readSegments<R>(folder: string, before = Infinity): Promise<Story<R>> {
  const story: Story<R> = { records: [], base: {} };
  const segments = new Map<number, R[]>();
  for (const number of await segmentNumbers(folder)) {
    if (number >= before) continue;
    const [headLine, ...lines] = (await readFile(join(folder, segmentName(number)), 'utf8')).split('\n');
    const head = parseLine<SegmentHead>(headLine ?? '');
    // No whole head: that attempt died before its claim was complete and wrote nothing.
    if (!head) continue;
    const records: R[] = [];
    for (const line of lines) {
      const record = parseLine<R>(line);
      if (record === undefined) break;
      records.push(record);
    }
    segments.set(number, records);
    story.base = { ...head.base, [number]: records.length };
  }
  for (const [number, count] of Object.entries(story.base)) {
    const records = segments.get(Number(number));
    if (!records || records.length < count) throw new StoreError(`segment ${number} of ${folder} has lost records`);
    story.records.push(...records.slice(0, count));
  }
  return story;
}

class FileSegment<R> implements LogSegment<R> {
  readonly segment: number;
  readonly earlier: readonly R[];
  readonly #file: FileHandle;
  /** There as soon as a later attempt claims the log: numbers have no gaps. */
  readonly #successor: string;
  readonly #key: LogKey;
  #waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;
  /** Once a write failed the end of the file is unknown, so nothing more may follow it. */
  #broken: StoreError | undefined;

  constructor(segment: number, earlier: readonly R[], file: FileHandle, folder: string, key: LogKey) {
    this.segment = segment;
    this.earlier = earlier;
    this.#file = file;
    this.#successor = join(folder, segmentName(segment + 1));
    this.#key = key;
  }

  append(record: R): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(record)}\n`, done, failed });
      this.#writing ??= this.#drain();
    });
  }

  /** Group commit: what came in during one sync goes out with the next. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#broken !== undefined) throw this.#broken;
        await writeSynced(this.#file, batch.map((entry) => entry.line).join(''));
        // Looked at last: a claim that comes after it reads these records. Synchronously: a name that is not there takes
        // 5 µs to look up, a trip to the thread pool ten times that, and every step of every sub-agent waits for it.
        if (statSync(this.#successor, { throwIfNoEntry: false })) throw new LogTakenOverError(this.#key, this.segment);
        for (const entry of batch) entry.done();
      } catch (error) {
        this.#broken =
          error instanceof StoreError
            ? error
            : new StoreError(`a checkpoint could not be written: ${fileProblem(error)}`, { cause: error });
        for (const entry of batch) entry.failed(this.#broken);
      }
    }
    this.#writing = undefined;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }
}

/** Writes at the end of a segment; on disk when it returns. */
async function writeSynced(file: FileHandle, text: string): Promise<void> {
  await file.appendFile(text);
  if (!SYNCS_ITSELF) await file.datasync();
}

async function segmentNumbers(folder: string): Promise<number[]> {
  return (await namesIn(folder))
    .flatMap((name) => (/^\d{6}\.ndjson$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .sort((a, b) => a - b);
}

const segmentName = (segment: number): string => `${String(segment).padStart(6, '0')}.ndjson`;
