// partial-text.ts: what a sub-agent is writing just now, for people who watch: into the store, a few times a second at most.
// Nothing depends on it: a text that could not be shown is not worth a failure, and one that is over as soon as it began
// is not worth a file.

import type { LogKey, Store } from '../../store/store.ts';
import { finalText } from '../text/final-text.ts';

const PAUSE_MS = 250;

export function partialTextWriter(store: Store, key: LogKey): { show: (text: string) => void; close(): Promise<void> } {
  let latest: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = (): void => {
    timer = undefined;
    if (latest !== undefined) writing = store.putPartial(key, answerSoFar(latest)).catch(() => undefined);
  };
  return {
    show(text) {
      latest = text;
      timer ??= setTimeout(write, PAUSE_MS);
    },
    async close() {
      clearTimeout(timer);
      await writing;
    },
  };
}

/**
 * What of a text that is being written is its answer, which is JSON: neither what a model thinks, in a block that is not closed
 * yet or that its prompt has opened, nor words before it. Empty while there is none.
 */
export function answerSoFar(text: string): string {
  const answer = finalText(text).replace(/^```[a-z]*\s*/, '');
  return /^[{[]/.test(answer) ? answer : '';
}
