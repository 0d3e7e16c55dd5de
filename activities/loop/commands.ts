// commands.ts: the commands that a sub-agent is sent while it works, and their sum. Each is in the log before it
// has an effect, with the turn it came before, so that a later attempt applies it at the same place.

import { plus, type Amounts } from '../../protocol/budget.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { SubAgentCommand } from '../../protocol/commands.ts';
import type { Command, Store } from '../../store/store.ts';
import { listenToAll } from './commands-to-all.ts';
import type { RecordOf } from '../../protocol/log-records.ts';
import type { SubtaskLog } from './subtask-log.ts';

export class Commands {
  readonly #log: SubtaskLog;
  readonly #visit: number;
  readonly #inbox: Pick<RecordOf<'command'>, 'command' | 'toAll'>[] = [];
  #watches: { close(): Promise<void> }[] = [];
  #swap = new AbortController();

  private constructor(log: SubtaskLog, visit: number) {
    this.#log = log;
    this.#visit = visit;
  }

  /**
   * Listens to its own commands and to those for all of the task, from the first on that is not in the log yet.
   * @param visit number of the visit: a pause that was given before it is over.
   * @throws StoreError
   */
  static async open(store: Store, log: SubtaskLog, visit: number): Promise<Commands> {
    const commands = new Commands(log, visit);
    const hear = (toAll: { toAll?: true }) => (command: Command | SubAgentCommand) => {
      commands.#inbox.push({ command: command as SubAgentCommand, ...toAll });
      if (command.kind === 'swapModel') commands.#swap.abort();
    };
    const known = log.commands.filter(({ toAll }) => toAll).length;
    try {
      commands.#watches.push(await listenToAll(store, log.key.run, known, hear({ toAll: true })));
      commands.#watches.push(await store.watchCommands(log.key, log.commands.length - known, hear({})));
    } catch (error) {
      await commands.close();
      throw error;
    }
    return commands;
  }

  /** For the master's steps, which get no commands. */
  static none(log: SubtaskLog): Commands {
    return new Commands(log, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.close()));
  }

  /** Aborts when other models are wanted: a call in flight need not be waited for. */
  get swapped(): AbortSignal {
    return this.#swap.signal;
  }

  /** Applies what has come, before this turn. @throws StoreError */
  async apply(turn: number): Promise<void> {
    for (let one = this.#inbox.shift(); one; one = this.#inbox.shift())
      await this.#log.append({ t: 'command', turn, ...one, at: Date.now() });
    if (this.#swap.signal.aborted) this.#swap = new AbortController();
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

  /**
   * Whether this visit is to end, and why: it is paused, or has more time than its Activity may take. One that its master sent after
   * the command is past it, however late that is heard.
   */
  get endsVisit(): 'paused' | 'extended' | undefined {
    if (this.#isPaused) return 'paused';
    const isExtended = this.#log.commands.some(
      ({ command }) => command.kind === 'extend' && (command.seconds ?? 0) > 0 && command.at > this.#visit,
    );
    return isExtended ? 'extended' : undefined;
  }

  get #isPaused(): boolean {
    const last = this.#log.commands.findLast(({ command: { kind } }) => kind === 'pause' || kind === 'resume');
    return last?.command.kind === 'pause' && last.command.at > this.#visit;
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
