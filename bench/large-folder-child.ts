// large-folder-child.ts: prepares a folder once, asks it something, and says what that took: seconds, those of the
// processor, files that were opened, and the most memory that the process had, in MB.

import { openCorpus } from '../documents/open-corpus.ts';
import { prepareCorpus } from '../documents/prepare-corpus.ts';
import { CorpusThread } from '../documents/thread/corpus-thread.ts';
import { fileStore } from '../store/file-store.ts';

const [docs = '', place = ''] = process.argv.slice(2);
const opened = new Set<string>();
class CountingThread extends CorpusThread {
  override call: CorpusThread['call'] = (method, input, transfer) => {
    if ('paths' in input) for (const path of input.paths) opened.add(path);
    else if ('path' in input) opened.add(input.path);
    return super.call(method, input, transfer);
  };
}
const thread = new CountingThread();
const store = fileStore(place);
const began = performance.now();
// Files that were written just now may change again and look the same: not what is measured here.
const { corpusRef, passages } = await prepareCorpus([{ kind: 'path', path: docs }], {
  store,
  roots: [docs],
  thread,
  now: () => Date.now() + 60_000,
});
const seconds = (performance.now() - began) / 1_000;
const asked = performance.now();
await (await openCorpus(store, corpusRef, { thread })).search('wzz w9 w1a2 note 14000');
const searchMs = Math.round(performance.now() - asked);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const rounded = (value: number): number => Math.round(10 * value) / 10;
const figures = {
  seconds: rounded(seconds),
  cpuSeconds: rounded((userCPUTime + systemCPUTime) / 1e6),
  peakMb: Math.round(maxRSS / 1e3),
  opened: opened.size,
  passages,
  searchMs,
};
await thread.close();
await store.close();
process.stdout.write(`ready ${JSON.stringify(figures)}\n`);
