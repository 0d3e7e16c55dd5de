// walk-source.ts: from a named file or folder to the list of files that will be read. Nothing is left out silently.
// Reads no contents but .gitignore.

import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { deploymentPart } from '../../store/home.ts';
import { CorpusError, hostPhrase } from './corpus-error.ts';
import { fileProblem, folderProblem, isPacked } from './ignore-rules.ts';
import { isInside, privateProblem, resolveAllowed, resolveRoots, type Roots } from './roots.ts';
import { SkipList } from './skip-list.ts';
import { SizeTally } from './size-tally.ts';
import { sizeProblem, SOURCE_LIMITS, type SourceLimits } from './source-limits.ts';

export interface PathSource {
  kind: 'path';
  path: string;
  /** gitignore syntax, relative to the folder. */
  include?: string[];
  /** The same syntax: what is left out, whatever is included. */
  exclude?: string[];
}

export interface FoundFile {
  /** Relative to the named folder, with `/`; the base name when a file was named. */
  name: string;
  /** Absolute, links resolved. */
  path: string;
  bytes: number;
  /** Another one when the file was changed or replaced. */
  stamp: string;
  /** ms since the epoch. */
  changedAt: number;
}

export interface WalkedSource {
  /** The named path, links resolved. */
  path: string;
  isFolder: boolean;
  /** In the order of their names. */
  files: FoundFile[];
  skipped: SkipList;
}

interface WalkOptions {
  limits?: SourceLimits;
  signal?: AbortSignal | undefined;
  /** Told of every file that would be read. The walk ends early when it is full. */
  tally?: SizeTally;
  /** Told how many files were found so far. */
  onFound?: ((files: number) => void) | undefined;
}

/**
 * Finds the files of a source. How many these may be is for the tally to say.
 *
 * @throws CorpusError SourceNotAllowed, SourceNotFound, or SourceUnreadable when it is neither file nor folder.
 */
export async function walkSource(
  source: PathSource,
  roots: readonly string[],
  { limits = SOURCE_LIMITS, signal, tally = new SizeTally(limits), onFound }: WalkOptions = {},
): Promise<WalkedSource> {
  const path = await resolveAllowed(source.path, roots);
  const found = await stat(path);
  const skipped = new SkipList();
  if (found.isFile()) {
    const name = basename(path);
    const problem = sizeProblem(name, found.size, limits);
    if (problem) skipped.add(name, problem);
    else tally.add(name, found.size);
    return { path, isFolder: false, files: problem ? [] : [foundFile(name, path, found)], skipped };
  }
  if (!found.isDirectory()) {
    throw new CorpusError('SourceUnreadable', `${source.path} ${hostPhrase()} is neither a file nor a folder`);
  }
  const walk = new Walk(path, await resolveRoots(roots), source, skipped, { limits, signal, tally, onFound });
  return { path, isFolder: true, files: await walk.run(), skipped };
}

function foundFile(name: string, path: string, { ino, size, mtimeMs, ctimeMs }: Stats): FoundFile {
  return {
    name,
    path,
    bytes: size,
    stamp: `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
    changedAt: Math.max(mtimeMs, ctimeMs),
  };
}

interface Rules {
  /** Folder of the .gitignore, relative to the named one. */
  at: string;
  rules: Ignore;
}

class Walk {
  readonly #named: string;
  readonly #roots: Roots;
  readonly #options: WalkOptions & { limits: SourceLimits; tally: SizeTally };
  readonly #include: Ignore | undefined;
  readonly #exclude: Ignore | undefined;
  readonly #skipped: SkipList;
  readonly #files: FoundFile[] = [];
  readonly #seen = new Set<string>();
  /** Links wait for the end, so that a file is known by its own name. */
  readonly #links: { name: string; rules: Rules[] }[] = [];

  constructor(
    named: string,
    roots: Roots,
    { include, exclude }: PathSource,
    skipped: SkipList,
    options: WalkOptions & { limits: SourceLimits; tally: SizeTally },
  ) {
    this.#named = named;
    this.#roots = roots;
    this.#options = options;
    this.#include = patterns(include);
    this.#exclude = patterns(exclude);
    this.#skipped = skipped;
  }

  async run(): Promise<FoundFile[]> {
    this.#seen.add(this.#named);
    await this.#folder('', this.#named, []);
    for (let link = this.#links.shift(); link && !this.#options.tally.isFull; link = this.#links.shift())
      await this.#follow(link);
    return this.#files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  async #folder(name: string, path: string, outer: Rules[]): Promise<void> {
    this.#options.signal?.throwIfAborted();
    let entries;
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      this.#skipped.add(name || '.', `the folder can't be opened (${String((error as NodeJS.ErrnoException).code)})`);
      return;
    }
    const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
    const rules = own
      ? [...outer, { at: name, rules: ignore().add(await readRules(join(path, '.gitignore'))) }]
      : outer;
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (this.#options.tally.isFull) return;
      const inner = name ? `${name}/${entry.name}` : entry.name;
      const full = join(path, entry.name);
      if (entry.isSymbolicLink()) this.#links.push({ name: inner, rules });
      else if (entry.isDirectory()) await this.#enter(inner, full, rules);
      else if (entry.isFile()) await this.#file(inner, full, rules);
      else this.#skipped.add(inner, 'neither a file nor a folder', 'ignored');
    }
  }

  async #enter(name: string, path: string, rules: Rules[]): Promise<void> {
    const folder = basename(path);
    if (folder === '.git' || folder === '.muster' || deploymentPart(path)) return;
    const problem = folderProblem(folder, this.#named) ?? ignoredBy(`${name}/`, rules) ?? this.#excluded(`${name}/`);
    if (problem) return this.#skipped.add(`${name}/`, problem, 'ignored');
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    await this.#folder(name, path, rules);
  }

  async #file(name: string, path: string, rules: Rules[]): Promise<void> {
    if (this.#include && !this.#include.ignores(name)) return;
    const unread = fileProblem(basename(path)) ?? fileProblem(basename(name));
    const unwanted = ignoredBy(name, rules) ?? this.#excluded(name);
    const why = unread ?? unwanted;
    if (why) return this.#skipped.add(name, why, unwanted === undefined && isPacked(name) ? 'lost' : 'ignored');
    if (this.#seen.has(path)) return this.#skipped.add(name, 'the same file is read under another name', 'ignored');
    this.#options.signal?.throwIfAborted();
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return this.#skipped.add(name, "the file can't be opened");
    const { limits, tally, onFound } = this.#options;
    const problem = sizeProblem(extname(name) ? name : path, found.size, limits);
    if (problem) return this.#skipped.add(name, problem);
    this.#seen.add(path);
    tally.add(name, found.size);
    this.#files.push(foundFile(name, path, found));
    onFound?.(this.#files.length);
  }

  #excluded(name: string): string | undefined {
    return this.#exclude?.ignores(name) ? 'left out by "exclude"' : undefined;
  }

  async #follow({ name, rules }: { name: string; rules: Rules[] }): Promise<void> {
    const target = await realpath(join(this.#named, name)).catch(() => undefined);
    if (!target) return this.#skipped.add(name, 'a link that leads nowhere', 'ignored');
    if (!isInside(target, this.#roots)) return this.#skipped.add(name, 'a link that leads out of the allowed folders');
    // What is left out inside an allowed folder stays out when a link leads to it.
    const problem = privateProblem(target, this.#roots);
    if (problem) return this.#skipped.add(name, `a link to what is not read: ${problem}`, 'ignored');
    const found = await stat(target).catch(() => undefined);
    if (found?.isDirectory()) await this.#enter(name, target, rules);
    else if (found?.isFile()) await this.#file(name, target, rules);
    else this.#skipped.add(name, 'neither a file nor a folder', 'ignored');
  }
}

/** Rules of the named folder and below count; those above it do not, or a named folder could be ignored. */
function ignoredBy(name: string, rules: Rules[]): string | undefined {
  for (const { at, rules: own } of rules) {
    const inner = at ? name.slice(at.length + 1) : name;
    if (inner && own.ignores(inner)) return `ignored by ${at ? `${at}/` : ''}.gitignore`;
  }
  return undefined;
}

const patterns = (given: string[] | undefined): Ignore | undefined =>
  given && given.length > 0 ? ignore().add(given) : undefined;

async function readRules(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
