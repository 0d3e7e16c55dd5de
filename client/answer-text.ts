// answer-text.ts: the words of an answer at once, while its model writes them, for who reads along in the same process as the store.

import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_LOGS } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';

/** What else there is by now is looked for this often: twice while a writer makes one write. */
const LOOK_MS = 20;

/**
 * The whole text so far, each time there is more of it, or another one that was begun anew. What stands in it is not checked yet.
 * Ends with the signal alone, since whoever writes may be gone.
 */
export async function* answerText(
  store: Pick<Store, 'getPartial'>,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const key = { run, subtask: STEP_LOGS.direct, generation: 1 };
  let before = '';
  while (!signal.aborted) {
    const text = (await store.getPartial(key))?.text ?? '';
    if (text !== before) yield (before = text);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
