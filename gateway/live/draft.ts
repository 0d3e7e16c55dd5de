// draft.ts: the words of an answer, or of one sub-agent, while they are written, for all readers of a task: what each has not
// seen of them yet. Of a text that was begun anew, because its worker died or its model was asked again, what was shown before
// is taken back.

import type { PartialText } from '../../store/store.ts';
import { frame, type Frame } from './frame.ts';

/** How far a reader has come: in which text, and to which character of it. */
export interface Seen {
  attempt: number;
  call: number;
  end: number;
}

/** Which sub-agent writes; of the answer itself nothing is said. */
export interface Writer {
  subtask: string;
  generation: number;
}

export class Draft {
  readonly #writer: Writer | undefined;
  #text: PartialText | undefined;
  /** Readers who stand at one place get one frame. */
  readonly #deltas = new Map<number, Frame>();

  /** @param writer default: the answer itself. */
  constructor(writer?: Writer) {
    this.#writer = writer;
  }

  /** True when it is another text, or a longer one. */
  set(next: PartialText): boolean {
    const now = this.#text;
    if (now?.attempt === next.attempt && now.call === next.call && endOf(now) >= endOf(next)) return false;
    // A slow look may bring what was overtaken meanwhile.
    if (now && (next.attempt < now.attempt || (next.attempt === now.attempt && next.call < now.call))) return false;
    this.#text = next;
    this.#deltas.clear();
    return true;
  }

  /** It is an answer now, or nobody writes any more. */
  clear(): void {
    this.#text = undefined;
    this.#deltas.clear();
  }

  /** What a reader has not seen; nothing where it has seen all. */
  after(seen: Seen | undefined): { frames: Frame[]; seen: Seen } | undefined {
    const now = this.#text;
    if (!now) return undefined;
    const { attempt, call, offset } = now;
    const isSame = seen?.attempt === attempt && seen.call === call;
    const from = isSame ? seen.end : 0;
    const end = endOf(now);
    if (isSame && from >= end) return undefined;
    const takenBack =
      seen && !isSame && seen.end > 0 ? [this.#frame('answer.reset', { attempt: seen.attempt, call: seen.call })] : [];
    const words = end === 0 ? [] : [from < offset ? this.#frame('answer.snapshot', now) : this.#delta(now, from)];
    return { frames: [...takenBack, ...words], seen: { attempt, call, end } };
  }

  #delta({ attempt, call, offset, text }: PartialText, from: number): Frame {
    const known = this.#deltas.get(from);
    if (known) return known;
    const made = this.#frame('answer.delta', { attempt, call, offset: from, text: text.slice(from - offset) });
    this.#deltas.set(from, made);
    return made;
  }

  #frame(event: string, data: object): Frame {
    return frame(event, { ...this.#writer, ...data });
  }
}

const endOf = ({ offset, text }: PartialText): number => offset + text.length;
