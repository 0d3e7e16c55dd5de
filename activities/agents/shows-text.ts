// shows-text.ts: what a sub-agent is writing just now, for people who watch: into the store, a few times a second at most.
// Nothing depends on it: a text that could not be shown is not worth a failure.

import type { LogKey, Store } from '../../store/store.ts';

const PAUSE_MS = 250;

export function showsText(store: Store, key: LogKey): { show: (text: string) => void; close(): Promise<void> } {
  let latest: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = (): void => {
    timer = undefined;
    const text = latest;
    latest = undefined;
    if (text !== undefined) writing = store.putPartial(key, text).catch(() => undefined);
  };
  return {
    show(text) {
      latest = text;
      timer ??= setTimeout(write, PAUSE_MS);
    },
    async close() {
      clearTimeout(timer);
      write();
      await writing;
    },
  };
}
