// sub-agent-texts.ts: what the sub-agents of a task write just now, as words, for all its readers: looked for while somebody
// reads and some write, of a few of them at once however many there are.

import { wordsOfJson } from '../../protocol/words-of-json.ts';
import type { PartialText } from '../../store/store.ts';
import { Draft, type Writer } from './draft.ts';

export type TextOf = (run: string, writer: Writer) => Promise<PartialText | undefined>;

/** Sub-agents put what they write four times a second at most. */
const LOOK_MS = 250;
/** Sub-agents whose words are shown at once; of the others `live` shows the end of a line. */
const MOST = 8;

interface Live {
  id: string;
  generation: number;
  /** Present while its model writes. */
  writes?: string;
}

export interface SubAgentTextsParts {
  textOf: TextOf;
  /** False while nobody reads. */
  isWanted: () => boolean;
  /** Told when there is something new to read. */
  changed: () => void;
}

export class SubAgentTexts {
  readonly #parts: SubAgentTextsParts;
  /** By subtask and generation, in the order in which they began to write. */
  readonly #drafts = new Map<string, Draft>();
  readonly #finished = new Set<string>();
  #writers: Writer[] = [];
  #run: string | undefined;
  #isLooking = false;

  constructor(parts: SubAgentTextsParts) {
    this.#parts = parts;
  }

  drafts(): Draft[] {
    return [...this.#drafts.values()];
  }

  /** Takes in who writes, as the task's status says about once a second; without another one nobody is looked at any more. */
  show(run: string, live: readonly Live[]): void {
    this.#run = run;
    this.#writers = live
      .filter(({ writes }) => writes !== undefined)
      .map(({ id, generation }) => ({ subtask: id, generation }))
      .filter((writer) => !this.#finished.has(nameOf(writer)))
      .slice(0, MOST);
    if (this.#writers.length > 0 && !this.#isLooking) void this.#look();
  }

  /** Its words are findings now: nothing more is said of how they were written. */
  finished(writer: Writer): void {
    this.#finished.add(nameOf(writer));
    this.#drafts.delete(nameOf(writer));
  }

  stop(): void {
    this.#writers = [];
    this.#drafts.clear();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#writers.length > 0 && this.#parts.isWanted()) {
      const run = this.#run ?? '';
      const looks = this.#writers.map(async (writer) => {
        const partial = await this.#parts.textOf(run, writer).catch(() => undefined);
        // Of one whose beginning is not kept the words can't be told from the rest.
        if (!partial || partial.offset > 0 || this.#finished.has(nameOf(writer))) return false;
        return this.#draftOf(writer).set({ ...partial, text: wordsOfJson(partial.text) });
      });
      if ((await Promise.all(looks)).includes(true)) this.#parts.changed();
      await new Promise((done) => setTimeout(done, LOOK_MS).unref());
    }
    this.#isLooking = false;
  }

  #draftOf(writer: Writer): Draft {
    const draft = this.#drafts.get(nameOf(writer)) ?? new Draft(writer);
    this.#drafts.set(nameOf(writer), draft);
    return draft;
  }
}

const nameOf = ({ subtask, generation }: Writer): string => `${subtask}/${generation}`;
