// Logs on file under any order of claims, appends and deaths: what was acknowledged is in every later story, once, in order.

import { appendFileSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fileStore } from '../../store/file-store.ts';
import { RunFileIndex, recordLine } from '../../store/run-file-index.ts';
import { LogTakenOverError, type LogKey, type LogSegment, type Store } from '../../store/store.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-properties-'));
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

type Step =
  | { t: 'claim'; process: number; log: number; visit: number }
  | { t: 'append'; holder: number; bytes: number }
  | { t: 'close'; holder: number }
  /** The process of a holder dies while it writes so much of a record. */
  | { t: 'dies'; holder: number; torn: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ t: fc.constant('claim'), process: fc.nat(2), log: fc.nat(1), visit: fc.nat(3) }),
  },
  { weight: 6, arbitrary: fc.record({ t: fc.constant('append'), holder: fc.nat(30), bytes: fc.nat(3_000) }) },
  { weight: 1, arbitrary: fc.record({ t: fc.constant('close'), holder: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ t: fc.constant('dies'), holder: fc.nat(30), torn: fc.nat(40) }) },
);
/** Steps of one inner list are taken at the same moment, deaths after the others. */
const steps = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 12 });

interface Holder {
  store: Store;
  key: LogKey;
  visit: number;
  segment: LogSegment<string>;
}

class World {
  readonly folder = newFolder();
  readonly stores = [0, 1, 2].map(() => fileStore(this.folder));
  readonly keys = [0, 1].map((n): LogKey => ({ run: 'run-1', subtask: `s${n}`, generation: 1 }));
  readonly holders: Holder[] = [];
  /** What each log acknowledged, by subtask. */
  readonly acknowledged = new Map<string, string[]>();
  #records = 0;

  async take(one: Step): Promise<void> {
    if (one.t === 'claim') return await this.#claim(one);
    const holder = this.holders[one.holder % Math.max(1, this.holders.length)];
    if (!holder) return;
    if (one.t === 'append') await this.#append(holder, one.bytes);
    else if (one.t === 'close') await holder.segment.close();
    else this.#die(holder, one.torn);
  }

  async #claim({ process, log, visit }: Extract<Step, { t: 'claim' }>): Promise<void> {
    const [store, key] = [this.stores[process], this.keys[log]];
    if (!store || !key) return;
    const before = this.#of(key).slice();
    try {
      const segment = await store.claimLog<string>(key, { visit });
      this.expectAll(segment.earlier, before);
      this.holders.push({ store, key, visit, segment });
    } catch (error) {
      if (!(error instanceof LogTakenOverError)) throw error;
    }
  }

  async #append({ key, segment }: Holder, bytes: number): Promise<void> {
    const record = `${(this.#records += 1)} ${'ü'.repeat(bytes)}`;
    try {
      await segment.append(record);
      this.#of(key).push(record);
    } catch (error) {
      expect((error as Error).message).toMatch(/taken over|was closed/);
    }
  }

  #die({ store, key, segment }: Holder, torn: number): void {
    const run = join(this.folder, 'logs/run-1');
    const [runFile = ''] = readlinkSync(join(run, `${key.subtask}.1.${segment.segment}.claim`)).split(':');
    const name = `${key.subtask}/1/${segment.segment}`;
    this.stores[this.stores.indexOf(store)] = fileStore(this.folder);
    for (let at = this.holders.length - 1; at >= 0; at -= 1) {
      if (this.holders[at]?.store === store) this.holders.splice(at, 1);
    }
    appendFileSync(join(run, runFile), recordLine(name, 99, '"never acknowledged"').slice(0, torn));
  }

  #of({ subtask }: LogKey): string[] {
    const all = this.acknowledged.get(subtask) ?? [];
    this.acknowledged.set(subtask, all);
    return all;
  }

  /** Each acknowledged record is there, no record is there twice, and each attempt's are in order. */
  expectAll(story: readonly string[], acknowledged: readonly string[]): void {
    expect(new Set(story).size).toBe(story.length);
    expect(acknowledged.filter((record) => !story.includes(record))).toEqual([]);
    expect(story.filter((record) => record.startsWith('never'))).toEqual([]);
  }

  async end(): Promise<void> {
    for (const key of this.keys) {
      const story = await fileStore(this.folder).readLog<string>(key);
      this.expectAll(story, this.#of(key));
      const last = await fileStore(this.folder).claimLog<string>(key, { visit: 9 });
      expect(last.earlier).toEqual(story);
      await last.append('the last');
      expect(await fileStore(this.folder).readLog(key)).toEqual([...story, 'the last']);
      await last.close();
    }
    await Promise.all(this.stores.map((store) => store.close()));
  }
}

test('a log on file loses no acknowledged record and shows none twice, however claims, appends and deaths fall', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (rounds) => {
      const world = new World();
      for (const round of rounds) {
        await Promise.all(round.filter(({ t }) => t !== 'dies').map((one) => world.take(one)));
        // Last: who is dead ends no record that it began.
        for (const one of round) if (one.t === 'dies') await world.take(one);
      }
      await world.end();
    }),
    { numRuns: 150, seed: 1 },
  );
}, 120_000);

test('a run file that is read as it grows, cut at any byte, gives each log its whole records, in order', async () => {
  const line = fc.record({ log: fc.nat(2), text: fc.string({ unit: 'binary', maxLength: 60 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 6 }), async (lines, cuts) => {
      const path = join(newFolder(), 'run-file');
      const counts = [0, 0, 0];
      const pieces = lines.map(({ log, text }) => {
        counts[log] = (counts[log] ?? 0) + 1;
        return Buffer.from(recordLine(`s${log}/1/1`, counts[log], JSON.stringify(text)));
      });
      const whole = Buffer.concat(pieces);
      const index = new RunFileIndex(path);
      writeFileSync(path, '');
      let at = 0;
      for (const cut of [...cuts.map((n) => n % (whole.length + 1)), whole.length].sort((a, b) => a - b)) {
        appendFileSync(path, whole.subarray(at, cut));
        at = cut;
        await index.refresh();
        let room = cut;
        const full = pieces.filter((piece) => (room -= piece.length) >= 0).length;
        for (const log of [0, 1, 2]) {
          const expected = lines.slice(0, full).filter((one) => one.log === log);
          expect(await index.records(`s${log}/1/1`, 99)).toEqual(expected.map(({ text }) => text));
        }
      }
    }),
    { numRuns: 200, seed: 1 },
  );
}, 120_000);
