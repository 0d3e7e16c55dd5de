// receive-commands.ts: the Update `command` and, where no worker could answer it, the Signal of the same name. Each command is
// applied once, is an event, and is answered alike when it comes again. What a kind does stands in controls.ts.

import { ApplicationFailure, defineSignal, defineUpdate, patched, setHandler } from '@temporalio/workflow';
import { commandMark } from '../../protocol/command-mark.ts';
import { PATCHES, SIGNALS, UPDATES } from '../../protocol/names.ts';
import {
  isTaskCommand,
  MAX_COMMANDS_A_TASK,
  taskCommandProblem,
  type CommandReply,
  type TaskCommand,
} from '../../protocol/task-commands.ts';
import type { Emit } from '../state/journal.ts';
import { closing } from '../state/journal.ts';
import type { AppliedCommand, MasterState } from '../state/state.ts';
import type { Controls } from './controls.ts';

/** Events of refused Signals, a run. */
const MAX_TOLD_REFUSALS = 200;

const ENDED = 'the task has ended';
const ID_REUSED = 'this id was used for another command';

/** What other handlers need of the commands. */
export interface CommandInbox {
  /** @throws ApplicationFailure with the reason where it can't be applied now. One that was applied before can. */
  check(command: TaskCommand): void;
  /** Applies it, once. */
  apply(command: TaskCommand): CommandReply;
  /** Of what is asked, and is no command: @throws ApplicationFailure where something else has its id, or the task takes no more. */
  checkId(id: string, mark: string): void;
  /** Keeps the id of what was asked. */
  keepId(id: string, mark: string, effect: string): void;
}

export function receiveCommands(state: MasterState, controls: Controls, emit: Emit): CommandInbox {
  const { commands, journal } = state;
  /** Refusals of Signals that were told of: strangers must not fill the log of a task. */
  let told = 0;

  const noneTaken = (most: number): string | undefined => {
    if (closing(journal)) return ENDED;
    return Object.keys(commands).length >= most ? `a task takes ${MAX_COMMANDS_A_TASK} commands` : undefined;
  };

  /** Why it can't be applied now, in words; undefined when it can. */
  const refusalOf = (command: TaskCommand): string | undefined => {
    // What was paused by the last of them must not stay so.
    const most = command.kind === 'resume' ? 2 * MAX_COMMANDS_A_TASK : MAX_COMMANDS_A_TASK;
    return noneTaken(most) ?? taskCommandProblem(command) ?? controls.refusal(command);
  };

  const apply = (command: TaskCommand): CommandReply => {
    const { id, kind } = command;
    const { name, how } = command.by;
    const effect = controls.apply(command);
    const mark = commandMark(command);
    emit({ type: 'command.applied', id, kind, by: { name, how }, ...toOf(command), effect, mark });
    const reply: CommandReply = { applied: true, n: journal.last, effect };
    commands[id] = { mark, reply };
    return reply;
  };

  const inbox: CommandInbox = {
    check(command) {
      const before = known(commands, command.id);
      if (before && !isAlike(before, command)) throw refused(ID_REUSED, 'CommandIdReused');
      throwIf(before ? undefined : refusalOf(command));
    },
    apply: (command) => known(commands, command.id)?.reply ?? apply(command),
    checkId(id, mark) {
      const before = known(commands, id);
      if (before && before.mark !== mark) throw refused(ID_REUSED, 'CommandIdReused');
      throwIf(before ? undefined : noneTaken(MAX_COMMANDS_A_TASK));
    },
    keepId(id, mark, effect) {
      if (!known(commands, id)) commands[id] = { mark, reply: { applied: true, n: journal.last, effect } };
    },
  };
  setHandler(defineUpdate<CommandReply, [TaskCommand]>(UPDATES.command), (command) => inbox.apply(command), {
    validator(command) {
      if (!isTaskCommand(command)) throw refused('this is no command: {v: 1, id, at, by: {name, how}, kind, …}');
      inbox.check(command);
    },
    description:
      'Tells a running task something: {v: 1, id, at, by: {name, how}, kind, …}. The same id again changes nothing.',
  });
  setHandler(
    defineSignal<[unknown]>(SIGNALS.command),
    (command) => {
      // Anybody may send a Signal: what is no command must not fail the Workflow Task.
      if (!isTaskCommand(command)) return;
      const before = known(commands, command.id);
      if (before && (isAlike(before, command) || !patched(PATCHES.commandIds))) return;
      const reason = before ? ID_REUSED : refusalOf(command);
      if (reason === undefined) return void apply(command);
      const { id, kind } = command;
      const { name, how } = command.by;
      if (closing(journal) || told >= MAX_TOLD_REFUSALS) return;
      told += 1;
      emit({
        type: 'command.refused',
        id,
        kind,
        by: { name, how },
        ...toOf(command),
        reason,
        mark: commandMark(command),
      });
    },
    { description: 'A command that was sent while no worker was there. The same id again changes nothing.' },
  );
  return inbox;
}

function throwIf(reason: string | undefined): void {
  if (reason !== undefined) throw refused(reason, reason === ENDED ? 'TaskClosed' : undefined);
}

/** Ids come from outside: a name like `constructor` is no command. */
const known = (commands: MasterState['commands'], id: string): AppliedCommand | undefined =>
  Object.hasOwn(commands, id) ? commands[id] : undefined;

const isAlike = ({ mark }: AppliedCommand, command: TaskCommand): boolean => mark === commandMark(command);

const toOf = (command: TaskCommand): { to?: string } =>
  'to' in command && command.to !== undefined ? { to: command.to } : {};

/** Refuses an Update. */
export const refused = (reason: string, type = 'CommandRefused'): ApplicationFailure =>
  ApplicationFailure.create({ type, message: reason, nonRetryable: true });
