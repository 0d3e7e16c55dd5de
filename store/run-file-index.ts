// run-file-index.ts: where in a run file the records of each log are, so that the file is read once, however many logs are
// looked for. Follows a file that grows; keeps places only, not the records.

import { closeSync, fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { openFile } from './durable-files.ts';

/** The place of a line's JSON. */
interface Place {
  at: number;
  length: number;
}

/** One attempt's lines: its head, and its records as far as there is no gap. */
interface Lines {
  head?: Place;
  records: Place[];
}

/** The places that are to be read next, and what will have been there. */
interface Asked {
  places: Place[];
  texts: Promise<Map<Place, string>>;
}

const readBytes = promisify(read);

const CHUNK_BYTES = 262_144;
/** What lies between two places is read with them up to here: that costs less than another trip to the thread pool. */
const GAP_BYTES = 16_384;
const NEWLINE = 10;
const MAX_NAME_BYTES = 320;

/** A line of a run file: the attempt's name, the record's number from 1 (0: its head), the record. */
export const recordLine = (name: string, n: number, json: string): string => `["${name}",${n},${json}]\n`;

export class RunFileIndex {
  readonly #path: string;
  readonly #lines = new Map<string, Lines>();
  #read = 0;
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #asked: Asked | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes in what is in the file at the time of the call. */
  refresh(): Promise<void> {
    // The reading that is under way may be past what this caller must see; the next one serves all who wait for it.
    return (this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return (this.#reading = this.#readOn());
      }));
  }

  /** Whether there are lines of attempts whose names begin like this. */
  holds(start: string): boolean {
    return [...this.#lines.keys()].some((name) => name.startsWith(start));
  }

  /** What an attempt wrote, as far as it is whole; undefined when its claim was never completed. */
  async attempt<H, R>(name: string): Promise<{ head: H; records: R[] } | undefined> {
    const lines = this.#lines.get(name);
    if (!lines?.head) return undefined;
    const [head, ...records] = await this.#parse([lines.head, ...lines.records]);
    return head === undefined ? undefined : { head: head as H, records: records as R[] };
  }

  /** The first `count` records of an attempt, or as many as are whole. */
  async records<R>(name: string, count: number): Promise<R[]> {
    return (await this.#parse(this.#lines.get(name)?.records.slice(0, count) ?? [])) as R[];
  }

  async #parse(places: readonly Place[]): Promise<unknown[]> {
    if (places.length === 0) return [];
    const asked = (this.#asked ??= this.#ask());
    asked.places.push(...places);
    const texts = await asked.texts;
    const parsed: unknown[] = [];
    for (const place of places) {
      try {
        parsed.push(JSON.parse(texts.get(place) ?? ''));
      } catch {
        break;
      }
    }
    return parsed;
  }

  /** What is asked for in the same moment is read in one go: the logs of a run are mostly read together. */
  #ask(): Asked {
    const places: Place[] = [];
    const texts = Promise.resolve().then(async () => {
      this.#asked = undefined;
      return new Map((await this.#textsOf(places.toSorted((a, b) => a.at - b.at))).flat());
    });
    return { places, texts };
  }

  #textsOf(places: readonly Place[]): Promise<(readonly [Place, string])[][]> {
    return this.#withFile((file) =>
      Promise.all(
        stretchesOf(places).map(async ({ from, to, of }) => {
          const bytes = await readAt(file, from, to - from);
          return of.map(
            (place) => [place, bytes.toString('utf8', place.at - from, place.at - from + place.length)] as const,
          );
        }),
      ),
    );
  }

  async #withFile<T>(work: (file: number) => Promise<T>): Promise<T> {
    const file = await openFile(this.#path, 'r');
    try {
      return await work(file);
    } finally {
      closeSync(file);
    }
  }

  #readOn(): Promise<void> {
    return this.#withFile(async (file) => {
      let rest: Buffer = Buffer.alloc(0);
      for (;;) {
        const from = this.#read + rest.length;
        // A whole chunk for each look at a small file is more memory than all that is made of it.
        const left = Math.min(fstatSync(file).size - from, CHUNK_BYTES);
        if (left <= 0) return;
        const chunk = await readAt(file, from, left);
        // A line without its end is being written just now, or was torn: it is looked at again when there is more.
        rest = this.#takeLines(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
        if (chunk.length < CHUNK_BYTES) return;
      }
    });
  }

  /** Takes in the whole lines, and returns what is left. */
  #takeLines(bytes: Buffer): Buffer {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#takeLine(bytes.subarray(start, end), this.#read + start);
      start = end + 1;
    }
    this.#read += start;
    return bytes.subarray(start);
  }

  #takeLine(line: Buffer, at: number): void {
    const prefix = /^\["([^"]+)",(\d+),/.exec(line.toString('latin1', 0, MAX_NAME_BYTES));
    if (!prefix) return;
    const [{ length: before }, name = '', n] = prefix;
    const lines = this.#lines.get(name) ?? { records: [] };
    this.#lines.set(name, lines);
    const place = { at: at + before, length: line.length - before - 1 };
    if (Number(n) === 0) lines.head ??= place;
    // After a gap none counts: it was never acknowledged.
    else if (Number(n) === lines.records.length + 1) lines.records.push(place);
  }
}

/** Places, in the order of the file, as they are read in one go. */
function stretchesOf(places: readonly Place[]): { from: number; to: number; of: Place[] }[] {
  const stretches: ReturnType<typeof stretchesOf> = [];
  for (const place of places) {
    const to = place.at + place.length;
    const last = stretches.at(-1);
    if (last && place.at - last.to <= GAP_BYTES && to - last.from <= CHUNK_BYTES) {
      last.of.push(place);
      last.to = to;
    } else stretches.push({ from: place.at, to, of: [place] });
  }
  return stretches;
}

async function readAt(file: number, position: number, most: number): Promise<Buffer> {
  const { buffer, bytesRead } = await readBytes(file, Buffer.allocUnsafe(most), 0, most, position);
  return buffer.subarray(0, bytesRead);
}
