// file-commands.ts: the orders to one sub-agent as a folder of numbered files, each made whole and by one sender only:
// their numbers are their order, and there is no gap.

import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimWhole } from './durable-files.ts';
import { namesIn } from './kept-files.ts';
import type { Command } from './store.ts';

/** A file system may not tell of a change (a network one never does), so there is a look besides. */
const LOOK_MS = 250;

export async function sendFileCommand(folder: string, command: Command): Promise<void> {
  const bytes = JSON.stringify(command);
  let known = 0;
  for (;;) {
    for (const earlier of await readCommands(folder, known)) {
      if (earlier.id === command.id) return;
      known += 1;
    }
    if (await claimWhole(join(folder, nameOf(known + 1)), bytes)) return;
  }
}

export async function watchFileCommands(
  folder: string,
  after: number,
  onCommand: (command: Command) => void,
): Promise<{ close(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const watcher = new CommandWatcher(folder, after, onCommand);
  try {
    await watcher.look();
  } catch (error) {
    await watcher.close();
    throw error;
  }
  return watcher;
}

class CommandWatcher {
  readonly #folder: string;
  readonly #onCommand: (command: Command) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #watch: FSWatcher | undefined;
  #seen: number;
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(folder: string, after: number, onCommand: (command: Command) => void) {
    this.#folder = folder;
    this.#seen = after;
    this.#onCommand = onCommand;
    // What can't be read now is seen with a later look.
    const look = (): void => void this.look().catch(() => undefined);
    this.#timer = setInterval(look, LOOK_MS).unref();
    this.#watch = watchFolder(folder, look);
  }

  /** Looks once more after the look that is under way: it may have missed what this one is about. */
  look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      for (const command of await readCommands(this.#folder, this.#seen)) {
        if (this.#closed) return;
        this.#seen += 1;
        this.#onCommand(command);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#watch?.close();
    await this.#looking?.catch(() => undefined);
  }
}

/** Calls back on every change in a folder; undefined where the system can't (too many watches, say). */
export function watchFolder(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, onChange).on('error', () => undefined);
  } catch {
    return undefined;
  }
}

/** The orders after the first `after`, as far as there is no gap. */
async function readCommands(folder: string, after: number): Promise<Command[]> {
  const names = new Set(await namesIn(folder));
  const commands: Command[] = [];
  for (let n = after + 1; names.has(nameOf(n)); n += 1) {
    commands.push(JSON.parse(await readFile(join(folder, nameOf(n)), 'utf8')) as Command);
  }
  return commands;
}

const nameOf = (n: number): string => `${String(n).padStart(6, '0')}.json`;
