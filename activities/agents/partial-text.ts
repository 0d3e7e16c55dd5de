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
 * @param options.relay told of each piece at once, as it will be in the store. Default: nobody is.
 */
export function partialTextWriter(
  store: Store,
  { key, attempt }: Pick<SubtaskLog, 'key' | 'attempt'>,
  {
    shown = outputSoFar,
    pauseMs = PAUSE_MS,
    relay,
  }: { shown?: (text: string) => string; pauseMs?: number; relay?: (text: PartialText) => void } = {},
): PartialTextWriter {
  let latest: string | undefined;
  let last: PartialText = { attempt, call: 0, offset: 0, text: '' };
  let timer: NodeJS.Timeout | undefined;
  let hasWritten = false;
  let writing: Promise<void> = Promise.resolve();
  const next = (text: string): PartialText => {
    const isSame = last.call > 0 && text.startsWith(last.text);
    return (last = { ...last, call: isSame ? last.call : last.call + 1, text });
  };
  const write = (): void => {
    timer = undefined;
    if (latest === undefined) return;
    hasWritten = true;
    writing = store.putPartial(key, next(shown(latest))).catch(() => undefined);
  };
  // Takes back what an attempt that died had written.
  if (attempt > 1) {
    relay?.(last);
    writing = store.putPartial(key, last).catch(() => undefined);
  }
  return {
    show(text) {
      latest = text;
      relay?.(next(shown(text)));
      timer ??= setTimeout(write, pauseMs);
    },
    async close() {
      clearTimeout(timer);
      if (timer && hasWritten) write();
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
