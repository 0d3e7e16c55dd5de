// skip-list.ts: what was left out and why. Counts everything, names the first few hundred, graver reasons first.

export interface Skipped {
  path: string;
  reason: string;
}

/** Entries that are kept by name. */
const MAX_NAMED = 500;

/** `lost` is a file that somebody may miss; `ignored` one that ignore rules left out. */
type Weight = 'lost' | 'ignored';

export class SkipList {
  readonly #lost: Skipped[] = [];
  readonly #ignored: Skipped[] = [];
  #count = 0;
  #lostCount = 0;

  add(path: string, reason: string, weight: Weight = 'lost'): void {
    this.#count += 1;
    if (weight === 'lost') this.#lostCount += 1;
    const list = weight === 'lost' ? this.#lost : this.#ignored;
    if (list.length < MAX_NAMED) list.push({ path, reason });
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
  get lost(): Skipped[] {
    return this.#lost;
  }

  get lostCount(): number {
    return this.#lostCount;
  }

  /** Lost files first. */
  get named(): Skipped[] {
    return [...this.#lost, ...this.#ignored].slice(0, MAX_NAMED);
  }

  /** The first few in one sentence; empty when nothing was left out. */
  describe(few = 3): string {
    const first = this.named.slice(0, few).map(({ path, reason }) => `${path}: ${reason}`);
    if (first.length === 0) return '';
    const more = this.#count - first.length;
    return first.join('; ') + (more > 0 ? `; and ${more} more` : '');
  }
}
