// walk-source.ts: from a named file or folder to the list of files that will be read. Nothing is left out silently.
// Reads no contents but .gitignore.

import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { deploymentPart } from '../../store/home.ts';
import { CorpusError, onThisHost } from './corpus-error.ts';
import { fileProblem, folderProblem } from './ignore-rules.ts';
import { isInside, privateProblem, resolveAllowed, resolveRoots, type Roots } from './roots.ts';
import { SkipList } from './skip-list.ts';
import { megabytes, sizeProblem, SOURCE_LIMITS, type SourceLimits } from './source-limits.ts';

export interface PathSource {
  kind: 'path';
  path: string;
  /** gitignore syntax, relative to the folder. */
  include?: string[];
}

export interface FoundFile {
  /** Relative to the named folder, with `/`; the base name when a file was named. */
  name: string;
  /** Absolute, links resolved. */
  path: string;
  bytes: number;
}

export interface WalkedSource {
  /** The named path, links resolved. */
  path: string;
  isFolder: boolean;
  /** In the order of their names. */
  files: FoundFile[];
  skipped: SkipList;
}

/**
 * Finds the files of a source.
 *
 * @throws CorpusError SourceNotAllowed, SourceNotFound, or SourceUnreadable when it is neither file nor folder.
 */
export async function walkSource(
  source: PathSource,
  roots: readonly string[],
  { limits = SOURCE_LIMITS, signal }: { limits?: SourceLimits; signal?: AbortSignal } = {},
): Promise<WalkedSource> {
  const path = await resolveAllowed(source.path, roots);
  const found = await stat(path);
  const skipped = new SkipList();
  if (found.isFile()) {
    const name = basename(path);
    const problem = sizeProblem(name, found.size, limits);
    if (problem) skipped.add(name, problem);
    return { path, isFolder: false, files: problem ? [] : [{ name, path, bytes: found.size }], skipped };
  }
  if (!found.isDirectory()) {
    throw new CorpusError('SourceUnreadable', `${source.path} ${onThisHost()} is neither a file nor a folder`);
  }
  const walk = new Walk(path, await resolveRoots(roots), limits, source.include, skipped, signal);
  return { path, isFolder: true, files: await walk.run(), skipped };
}

interface Rules {
  /** Folder of the .gitignore, relative to the named one. */
  at: string;
  rules: Ignore;
}

class Walk {
  readonly #named: string;
  readonly #roots: Roots;
  readonly #limits: SourceLimits;
  readonly #include: Ignore | undefined;
  readonly #skipped: SkipList;
  readonly #signal: AbortSignal | undefined;
  readonly #files: FoundFile[] = [];
  readonly #seen = new Set<string>();
  /** Links wait for the end, so that a file is known by its own name. */
  readonly #links: { name: string; rules: Rules[] }[] = [];
  #bytes = 0;
  #full = false;

  constructor(
    named: string,
    roots: Roots,
    limits: SourceLimits,
    include: string[] | undefined,
    skipped: SkipList,
    signal: AbortSignal | undefined,
  ) {
    this.#named = named;
    this.#roots = roots;
    this.#limits = limits;
    this.#include = include && include.length > 0 ? ignore().add(include) : undefined;
    this.#skipped = skipped;
    this.#signal = signal;
  }

  async run(): Promise<FoundFile[]> {
    this.#seen.add(this.#named);
    await this.#folder('', this.#named, []);
    for (let link = this.#links.shift(); link && !this.#full; link = this.#links.shift()) await this.#follow(link);
    return this.#files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  async #folder(name: string, path: string, outer: Rules[]): Promise<void> {
    this.#signal?.throwIfAborted();
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
      if (this.#full) return;
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
    const problem = folderProblem(folder, this.#named) ?? ignoredBy(`${name}/`, rules);
    if (problem) return this.#skipped.add(`${name}/`, problem, 'ignored');
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    await this.#folder(name, path, rules);
  }

  async #file(name: string, path: string, rules: Rules[]): Promise<void> {
    if (this.#include && !this.#include.ignores(name)) return;
    const ignored = fileProblem(basename(path)) ?? fileProblem(basename(name)) ?? ignoredBy(name, rules);
    if (ignored) return this.#skipped.add(name, ignored, 'ignored');
    if (this.#seen.has(path)) return this.#skipped.add(name, 'the same file is read under another name', 'ignored');
    this.#signal?.throwIfAborted();
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return this.#skipped.add(name, "the file can't be opened");
    const problem = sizeProblem(extname(name) ? name : path, found.size, this.#limits);
    if (problem) return this.#skipped.add(name, problem);
    if (this.#files.length >= this.#limits.files) {
      this.#full = true;
      return this.#skipped.add(name, `and what comes after it: at most ${this.#limits.files} files are read`);
    }
    if (this.#bytes + found.size > this.#limits.totalBytes) {
      return this.#skipped.add(
        name,
        `all files together may have ${megabytes(this.#limits.totalBytes)} MB, and it does not fit`,
      );
    }
    this.#seen.add(path);
    this.#bytes += found.size;
    this.#files.push({ name, path, bytes: found.size });
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

async function readRules(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
