// A worker stays able to answer while it reads: `npm run soak` gives it a hundred megabytes.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { folderOf, temporaryStore, wordy } from '../documents/support.ts';
import { figure, WHOLE } from './scale.ts';

const MEGABYTES = WHOLE ? 100 : 10;
const MAX_LAG_MS = 200;

afterAll(closeCorpusThread);

test(`a worker’s event loop stays free while ${MEGABYTES} MB of text are read, indexed, opened and searched`, async () => {
  const folder = await folderOf(
    Object.fromEntries(Array.from({ length: 2 * MEGABYTES }, (_, i) => [`${i}.txt`, wordy(500_000, i)])),
  );
  const store = await temporaryStore();
  const began = performance.now();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const { corpusRef, passages } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] });
  await closeCorpusThread();
  const corpus = await openCorpus(store, corpusRef);
  await corpus.search('1a2 b3 q7z 4kd');
  delay.disable();
  figure('event loop', { megabytes: MEGABYTES, passages, longestMs: Math.round(delay.max / 1e6) });
  expect(passages).toBeGreaterThan(600 * MEGABYTES);
  // In one thread it would be most of the time. The bound in milliseconds is for a machine that has nothing else to do.
  expect(delay.max / 1e6).toBeLessThan(WHOLE ? MAX_LAG_MS : (performance.now() - began) / 4);
}, 900_000);
