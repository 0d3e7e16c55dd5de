// skip-list.ts: what was left out and why, whole, graver reasons first. Only a folder of more files than anybody reads
// through is counted without names.

import type { SkippedFile } from '../../protocol/skipped.ts';

/** Entries that are kept by name, of each kind. */
const MAX_NAMED = 50_000;

/** `lost` is a file that somebody may miss; `ignored` one that ignore rules left out. */
type Weight = 'lost' | 'ignored';

export class SkipList {
  readonly #lost: SkippedFile[] = [];
  readonly #ignored: SkippedFile[] = [];
  #count = 0;
  #lostCount = 0;

  add(path: string, reason: string, weight: Weight = 'lost'): void {
    this.#count += 1;
    if (weight === 'lost') this.#lostCount += 1;
    const list = weight === 'lost' ? this.#lost : this.#ignored;
    if (list.length < MAX_NAMED) list.push({ path, reason, ...(weight === 'ignored' ? { ignored: true } : {}) });
  }

  /** Adds what another list holds, its paths under a prefix. */
  addAll(other: SkipList, prefix = ''): void {
    for (const { path, reason } of other.#lost) this.add(prefix + path, reason);
    for (const { path, reason } of other.#ignored) this.add(prefix + path, reason, 'ignored');
    this.countMore(other.#count - other.#lost.length - other.#ignored.length);
  }

  /** Counts files whose names are not at hand. */
  countMore(count: number): void {
    this.#count += count;
  }

  get count(): number {
    return this.#count;
  }

  /** The files that somebody may miss. */
  get lost(): SkippedFile[] {
    return this.#lost;
  }

  get lostCount(): number {
    return this.#lostCount;
  }

  /** Lost files first. */
  get named(): SkippedFile[] {
    return [...this.#lost, ...this.#ignored];
  }

  /** The first few in one sentence; empty when nothing was left out. */
  describe(few = 3): string {
    const first = this.named.slice(0, few).map(({ path, reason }) => `${path}: ${reason}`);
    if (first.length === 0) return '';
    const more = this.#count - first.length;
    return first.join('; ') + (more > 0 ? `; and ${more} more` : '');
  }
}
