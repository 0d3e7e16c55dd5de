// Files that others write, replace and delete while they are read: nothing hangs or crashes, and what is quoted is what was read.

import { execFileSync, spawn } from 'node:child_process';
import fs, { mkdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus, type PreparedCorpus } from '../../documents/prepare-corpus.ts';
import { CorpusThread } from '../../documents/thread/corpus-thread.ts';
import { readBytes } from '../../documents/thread/read-bytes.ts';
import { fileStore } from '../../store/file-store.ts';
import { until } from '../rig/until.ts';
import { folderOf, temporaryFolder } from './support.ts';

/** Writes its files in every way that programs do, as fast as it can; each line says which version it is of. */
const WRITER = `
const fs = require('node:fs'), folder = process.argv[1];
for (let n = 1; ; n += 1) {
  const text = ('The lamp has version ' + n + '.\\n').repeat(20_000);
  fs.writeFileSync(folder + '/whole.md', text);
  fs.appendFileSync(folder + '/log.txt', 'The lamp has version ' + n + '.\\n');
  fs.writeFileSync(folder + '/new', text);
  fs.renameSync(folder + '/new', folder + '/renamed.md');
  fs.rmSync(folder + '/gone.md', { force: true });
  fs.writeFileSync(folder + '/gone.md', text.slice(0, 999));
  if (n === 2) console.log('writing');
}`;

test('a folder that is written to all the time is read each time, and quotes what was read', async () => {
  const folder = await folderOf({ 'still.md': 'The lamp is green.' });
  const writer = spawn(process.execPath, ['-e', WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise((ready) => writer.stdout.once('data', ready));
    const store = fileStore(await temporaryFolder());
    const prepared: PreparedCorpus[] = [];
    for (let round = 0; round < 4; round += 1)
      prepared.push(await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] }));
    for (const { corpusRef } of prepared) {
      const found = async (): Promise<unknown> =>
        await (await openCorpus(store, corpusRef, { thread: new CorpusThread() })).search('lamp green version');
      const first = await found();
      expect(JSON.stringify(first)).toContain('The lamp is green.');
      // The files have changed again.
      expect(await found()).toEqual(first);
    }
  } finally {
    writer.kill('SIGKILL');
    await until('it is gone', () => writer.signalCode !== null);
  }
});

test.each<[string, (path: string) => void, RegExp]>([
  ['a pipe', (path) => (rmSync(path), execFileSync('sh', ['-c', 'mkfifo "$0"', path])), /no file/],
  ['a folder', (path) => (rmSync(path), mkdirSync(path)), /no file/],
  ['nothing', (path) => rmSync(path), /ENOENT/],
  ['a file that is too large', (path) => truncateSync(path, 100_000_000), /100 MB is more than/],
])(
  'what has become %s since it was found is left out with its reason, and the others are read',
  async (_what, become, why) => {
    const folder = await folderOf({ 'a.md': 'The lamp is green.', 'b.md': 'The door is red.' });
    const thread = new CorpusThread();
    const call = thread.call.bind(thread);
    let isChanged = false;
    jest.spyOn(thread, 'call').mockImplementation((async (...given: Parameters<typeof call>) => {
      if (!isChanged) become(join(folder, 'b.md'));
      isChanged = true;
      return await call(...given);
    }) as typeof thread.call);
    const prepared = await prepareCorpus([{ kind: 'path', path: folder }], {
      store: fileStore(await temporaryFolder()),
      roots: [folder],
      thread,
    });
    expect(prepared.documents).toBe(1);
    expect(JSON.stringify(prepared)).toMatch(why);
  },
);

describe('a file that is written to while it is read', () => {
  afterEach(() => void jest.restoreAllMocks());

  /** Writes to the file behind each read, as often as `times` says. */
  async function written(times: number) {
    const path = join(await folderOf({ 'a.md': 'version 0' }), 'a.md');
    const read = fs.readSync;
    let wrote = 0;
    const reads = jest.spyOn(fs, 'readSync').mockImplementation(((...given: Parameters<typeof read>) => {
      const got = read(...given);
      if (wrote < times) fs.writeFileSync(path, `version ${(wrote += 1)}, longer ${'x'.repeat(wrote)}`);
      return got;
    }) as typeof read);
    const result = readBytes(path);
    return { text: 'bytes' in result ? Buffer.from(result.bytes).toString() : result.problem, reads };
  }

  test('once is read again, as it is in the end', async () => {
    const { text, reads } = await written(1);
    expect(text).toBe('version 1, longer x');
    expect(reads).toHaveBeenCalledTimes(2);
  });

  test('all the time is read as it comes', async () => {
    const { text, reads } = await written(99);
    expect(text).toBe('version 2, longer xx');
    expect(reads).toHaveBeenCalledTimes(3);
  });
});
