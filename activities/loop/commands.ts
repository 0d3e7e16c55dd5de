// commands.ts: the commands that a sub-agent is sent while it works, and their sum. Each is in the log before it
// has an effect, with the turn it came before, so that a later attempt applies it at the same place.

import { plus, type Amounts } from '../../protocol/budget.ts';
import { orAborted } from '../../protocol/or-aborted.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { SubAgentCommand } from '../../protocol/commands.ts';
import type { Store } from '../../store/store.ts';
import type { SubtaskLog } from './subtask-log.ts';

export class Commands {
  readonly #log: SubtaskLog;
  readonly #inbox: SubAgentCommand[] = [];
  #watch: { close(): Promise<void> } | undefined;
  #arrived: (() => void) | undefined;
  #swap = new AbortController();

  private constructor(log: SubtaskLog) {
    this.#log = log;
  }

  /** Listens from the first command on that is not in the log yet. @throws StoreError */
  static async open(store: Store, log: SubtaskLog): Promise<Commands> {
    const commands = new Commands(log);
    commands.#watch = await store.watchCommands(log.key, log.commands.length, (command) => {
      commands.#inbox.push(command as SubAgentCommand);
      if (command.kind === 'swapModel') commands.#swap.abort();
      commands.#arrived?.();
    });
    return commands;
  }

  /** For the master's steps, which get no commands. */
  static none(log: SubtaskLog): Commands {
    return new Commands(log);
  }

  async close(): Promise<void> {
    await this.#watch?.close();
  }

  /** Aborts when other models are wanted: a call in flight need not be waited for. */
  get swapped(): AbortSignal {
    return this.#swap.signal;
  }

  /**
   * Applies what has come, before this turn. While paused, waits for the command to go on.
   * @throws the signal's reason when it aborts; StoreError.
   */
  async apply(turn: number, signal: AbortSignal, onPause: () => void): Promise<void> {
    for (;;) {
      for (let command = this.#inbox.shift(); command; command = this.#inbox.shift())
        await this.#log.append({ t: 'command', turn, command, at: Date.now() });
      if (this.#swap.signal.aborted) this.#swap = new AbortController();
      if (!this.#isPaused) return;
      onPause();
      await this.#next(signal);
    }
  }

  /** Notes that came before this turn. */
  notes(turn: number): string[] {
    return this.#log.commands.flatMap(({ turn: at, command }) =>
      at === turn && command.kind === 'note' ? [command.text] : [],
    );
  }

  /** The limits with what was added to them. */
  limits(limits: SubtaskLimits): SubtaskLimits {
    return extendLimits(limits, this.#log.commands);
  }

  /** The models last asked for; undefined when nobody asked. */
  get models(): readonly string[] | undefined {
    const last = this.#log.commands.findLast(({ command }) => command.kind === 'swapModel')?.command;
    return last?.kind === 'swapModel' ? last.models : undefined;
  }

  /** Whether it was told to finish: its output from what it has. */
  get finishes(): boolean {
    return this.#log.commands.some(({ command }) => command.kind === 'finish');
  }

  get #isPaused(): boolean {
    const last = this.#log.commands.findLast(({ command }) => PAUSES.has(command.kind));
    return last?.command.kind === 'pause';
  }

  async #next(signal: AbortSignal): Promise<void> {
    const arrival = new Promise<void>((arrived) => {
      if (this.#inbox.length > 0) arrived();
      else this.#arrived = arrived;
    });
    try {
      await orAborted(arrival, signal);
    } finally {
      this.#arrived = undefined;
    }
  }
}

/** Limits with what these commands added to them. */
export function extendLimits(limits: SubtaskLimits, commands: SubtaskLog['commands']): SubtaskLimits {
  const { costUsd } = limits;
  const added = commands.reduce<Amounts>(
    (sum, { command }) => (command.kind === 'extend' ? plus(sum, command) : sum),
    {},
  );
  // What has no limit gets none by an extension.
  return { ...limits, ...plus(limits, added), ...(costUsd === undefined ? { costUsd } : {}) };
}

/** What begins a pause, and what ends one. */
const PAUSES = new Set<SubAgentCommand['kind']>(['pause', 'resume', 'finish']);
