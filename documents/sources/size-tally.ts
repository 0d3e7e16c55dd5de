// size-tally.ts: how many files and bytes a request's sources have, folder by folder, before any is opened: what is too
// large to read is refused with the folders that make it so.

import { CorpusError, hostPhrase } from './corpus-error.ts';
import { bytesInWords, type SourceLimits } from './source-limits.ts';

interface Size {
  files: number;
  bytes: number;
}

/** Counting ends at so many times the limit: a whole disk is not walked to refuse it. */
const COUNTED_TIMES = 4;
/** Folders this far below a source are counted on their own. */
const DEPTH = 4;
/** A folder that holds so much of all says less than the folders in it. */
const MOSTLY = 0.8;
const NAMED = 3;

export class SizeTally {
  readonly #limits: SourceLimits;
  readonly #folders = new Map<string, Size>();
  readonly #all: Size = { files: 0, bytes: 0 };

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  /** Whether it is known by now that this is too large, and by how much about. */
  get isFull(): boolean {
    const { files, totalBytes } = this.#limits;
    return this.#all.files > COUNTED_TIMES * files || this.#all.bytes > COUNTED_TIMES * totalBytes;
  }

  /** Counts a file. @param name relative to its source, with `/` */
  add(name: string, bytes: number): void {
    grow(this.#all, bytes);
    let end = name.indexOf('/');
    for (let depth = 0; depth < DEPTH && end !== -1; depth += 1) {
      const folder = name.slice(0, end);
      const size = this.#folders.get(folder) ?? { files: 0, bytes: 0 };
      grow(size, bytes);
      this.#folders.set(folder, size);
      end = name.indexOf('/', end + 1);
    }
  }

  /** @throws CorpusError SourceTooLarge, which names the largest folders. */
  refuseTooLarge(named: readonly string[]): void {
    const { files, totalBytes } = this.#limits;
    if (this.#all.files <= files && this.#all.bytes <= totalBytes) return;
    const by = this.#all.files > files ? 'files' : 'bytes';
    const largest = this.#largest(by);
    const folders = largest.map(([name, size]) => `${name}/ with ${sizeOf(size)}`).join(', ');
    const exclude = largest[0] ? `--exclude '/${escaped(largest[0][0])}/'` : "--exclude '*.log'";
    throw new CorpusError(
      'SourceTooLarge',
      `${named.join(', ')} ${hostPhrase()} has ${this.isFull ? 'more than ' : ''}${sizeOf(this.#all)}, and one task reads at most ` +
        `${sizeOf({ files, bytes: totalBytes })}; nothing was read. ` +
        (folders === ''
          ? ''
          : `The largest folders ${this.isFull ? 'of what was counted' : 'in it'} are ${folders}. `) +
        `Leave some out (${exclude}), select files (--include '*.md'), or name a smaller folder; ` +
        'a worker whose config file says so under "corpus" reads more',
    );
  }

  /** Where one folder holds nearly all, those in it. */
  #largest(by: keyof Size): [string, Size][] {
    let within = '';
    let whole = this.#all;
    for (;;) {
      const inner = [...this.#folders]
        .filter(([name]) => name.startsWith(within) && !name.includes('/', within.length))
        .sort(([, a], [, b]) => b[by] - a[by]);
      const [first] = inner;
      const isLast = !first || !this.#hasInner(first[0]);
      if (isLast || first[1][by] < MOSTLY * whole[by]) return inner.slice(0, NAMED);
      within = `${first[0]}/`;
      whole = first[1];
    }
  }

  #hasInner(folder: string): boolean {
    for (const name of this.#folders.keys()) if (name.startsWith(`${folder}/`)) return true;
    return false;
  }
}

function grow(size: Size, bytes: number): void {
  size.files += 1;
  size.bytes += bytes;
}

const sizeOf = ({ files, bytes }: Size): string =>
  `${files.toLocaleString('en')} files (${bytesInWords(bytes)})`.replace(/^1 files/, '1 file');

/** A folder's name as a pattern that means it alone. */
const escaped = (name: string): string => name.replace(/[\\*?[\]!#]/g, '\\$&').replaceAll("'", "'\\''");
