// file-commands.ts: the commands to one sub-agent as a folder of numbered files, each made whole and by one sender only:
// their numbers are their order, and there is no gap. Whoever sends one appends a byte to the store's bell (`commands.bell`,
// a permanent name); each process watches that one file, and reads the folders only when it changed.

import { existsSync, watch, type FSWatcher } from 'node:fs';
import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createExclusively, codeOf } from './durable-files.ts';
import { namesIn } from './kept-files.ts';
import { logNames } from './names.ts';
import type { Command, LogKey } from './store.ts';

/** A file system may not tell of a change (a network one never does), so the bell is polled, too. */
const LOOK_MS = 250;
/** Between two readings of all folders: a thousand commands at once are not a thousand readings. */
const PAUSE_MS = 25;

export class FileCommands {
  readonly #store: string;
  readonly #bell: string;
  readonly #lists = new Set<CommandList>();
  #starting: Promise<void> | undefined;
  #seenState = 'never';
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  /** @param store the store's folder. */
  constructor(store: string) {
    this.#store = store;
    this.#bell = join(store, 'commands.bell');
  }

  async send(key: LogKey, command: Command): Promise<void> {
    await putCommand(this.#folder(key), command);
    // Also for a repeat: its first sender may have died before it appended to the bell.
    await appendFile(this.#bell, '.');
  }

  async watch(key: LogKey, after: number, onCommand: (command: Command) => void): Promise<{ close(): Promise<void> }> {
    const list = new CommandList(this.#folder(key), after, onCommand);
    this.#lists.add(list);
    const close = async (): Promise<void> => {
      this.#lists.delete(list);
      await list.close();
    };
    try {
      // The bell first: what is sent after the list was read changes it.
      await this.#start();
      await list.look();
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  }

  #folder(key: LogKey): string {
    return join(this.#store, 'logs', ...logNames(key), 'commands');
  }

  #start(): Promise<void> {
    return (this.#starting ??= this.#startWatching().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  async #startWatching(): Promise<void> {
    await mkdir(this.#store, { recursive: true });
    await appendFile(this.#bell, '');
    this.#seenState = await stateOf(this.#bell);
    const listen = (): void => void this.#readOnChange().catch(() => undefined);
    this.#timer = setInterval(listen, LOOK_MS).unref();
    this.#watcher = watchPath(this.#bell, listen);
  }

  async close(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    this.#starting = undefined;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  /** Reads all lists when the bell changed since the last time; what can't be read is read the next time. */
  async #readOnChange(): Promise<void> {
    if (this.#lists.size === 0) return;
    const state = await stateOf(this.#bell);
    if (state === this.#seenState) return;
    await this.#look();
    this.#seenState = state;
  }

  /** Looks once more after the look that is under way: it may have missed what this one is about. */
  #look(): Promise<void> {
    this.#again = true;
    return (this.#looking ??= this.#lookOn().finally(() => (this.#looking = undefined)));
  }

  async #lookOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await Promise.all([...this.#lists].map((list) => list.look()));
      if (this.#again) await pause(PAUSE_MS);
    }
  }
}

/** What one sub-agent is sent, from the first command on that it has not seen. */
class CommandList {
  readonly #folder: string;
  readonly #onCommand: (command: Command) => void;
  #seen: number;
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(folder: string, after: number, onCommand: (command: Command) => void) {
    this.#folder = folder;
    this.#seen = after;
    this.#onCommand = onCommand;
  }

  /** Looks once more after the look that is under way, as above. */
  look(): Promise<void> {
    this.#again = true;
    return (this.#looking ??= this.#lookOn().finally(() => (this.#looking = undefined)));
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
    await this.#looking?.catch(() => undefined);
  }
}

async function putCommand(folder: string, command: Command): Promise<void> {
  const bytes = JSON.stringify(command);
  let known = 0;
  for (;;) {
    for (const earlier of await readCommands(folder, known)) {
      if (earlier.id === command.id) return;
      known += 1;
    }
    if (await createExclusively(join(folder, nameOf(known + 1)), bytes)) return;
  }
}

/** Calls back on every change of a file or in a folder; undefined where the system can't (too many watches, say). */
export function watchPath(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, onChange).on('error', () => undefined);
  } catch {
    return undefined;
  }
}

/** Changes whenever the file does. Opens the file: a network file system gives the state of a name from its cache. */
async function stateOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { ino, size, mtimeMs } = await file.stat();
      return [ino, size, mtimeMs].join();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'none';
    throw error;
  }
}

/** The commands after the first `after`, as far as there is no gap. */
async function readCommands(folder: string, after: number): Promise<Command[]> {
  // Mostly nobody commands, and this look costs a tenth of the other.
  if (!existsSync(folder)) return [];
  const names = new Set(await namesIn(folder));
  const commands: Command[] = [];
  for (let n = after + 1; names.has(nameOf(n)); n += 1) {
    commands.push(JSON.parse(await readFile(join(folder, nameOf(n)), 'utf8')) as Command);
  }
  return commands;
}

const nameOf = (n: number): string => `${String(n).padStart(6, '0')}.json`;
