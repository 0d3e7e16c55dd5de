// partial-text.ts: what a model is writing just now, for people who watch: into the store, a few times a second at most.
// Nothing depends on it: a text that could not be shown is not worth a failure, and one that is over as soon as it began
// is not worth a file.

import type { PartialText, Store } from '../../store/store.ts';
import type { SubtaskLog } from '../loop/subtask-log.ts';
import { finalText } from '../text/final-text.ts';

const PAUSE_MS = 250;

export interface PartialTextWriter {
  /** Takes the whole text so far; one that does not begin as the last one did is another. */
  show: (text: string) => void;
  close(): Promise<void>;
}

/**
 * @param options.shown what of a text is shown. Default: its answer, as JSON.
 * @param options.pauseMs between two writes. Default: 250.
 */
export function partialTextWriter(
  store: Store,
  { key, attempt }: Pick<SubtaskLog, 'key' | 'attempt'>,
  { shown = outputSoFar, pauseMs = PAUSE_MS }: { shown?: (text: string) => string; pauseMs?: number } = {},
): PartialTextWriter {
  let latest: string | undefined;
  let last: PartialText = { attempt, call: 0, offset: 0, text: '' };
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const put = (text: string): void => {
    const isSame = last.call > 0 && text.startsWith(last.text);
    last = { ...last, call: isSame ? last.call : last.call + 1, text };
    writing = store.putPartial(key, last).catch(() => undefined);
  };
  const write = (): void => {
    timer = undefined;
    if (latest !== undefined) put(shown(latest));
  };
  // Takes back what an attempt that died had written.
  if (attempt > 1) writing = store.putPartial(key, last).catch(() => undefined);
  return {
    show(text) {
      latest = text;
      timer ??= setTimeout(write, pauseMs);
    },
    async close() {
      clearTimeout(timer);
      if (timer && last.call > 0) write();
      await writing;
    },
  };
}

/**
 * What of a text that is being written is its output, which is JSON: neither what a model thinks, in a block that is not closed
 * yet or that its prompt has opened, nor words before it. Empty while there is none.
 */
export function outputSoFar(text: string): string {
  const output = finalText(text).replace(/^```[a-z]*\s*/, '');
  return /^[{[]/.test(output) ? output : '';
}
