// controls.ts: what each kind of command does to a running task, as one table. A new kind is a row here and one in
// protocol/task-commands.ts.

import type { CommandBody, CommandKind, TaskCommand } from '../../protocol/task-commands.ts';

type Of<K extends CommandKind> = Extract<TaskCommand, { kind: K }>;

/** One kind of command. */
export interface Control<K extends CommandKind> {
  /** Why it can't be applied now, in words; undefined when it can. Changes nothing. */
  refusal(command: Of<K>): string | undefined;
  /** Applies it; what it changed, in words. */
  apply(command: Of<K>): string;
}

export type ControlTable = { [K in CommandKind]: Control<K> };

export interface Controls {
  refusal(command: TaskCommand): string | undefined;
  apply(command: TaskCommand): string;
}

/** Looks each command's kind up in the table. */
export function controlsOf(table: Partial<ControlTable>): Controls {
  const controlOf = ({ kind }: CommandBody): Control<CommandKind> | undefined =>
    Object.hasOwn(table, kind) ? (table[kind] as Control<CommandKind> | undefined) : undefined;
  return {
    refusal(command) {
      const control = controlOf(command);
      return control ? control.refusal(command) : `this task knows no command "${command.kind}"`;
    },
    apply(command) {
      const control = controlOf(command);
      if (!control) throw new Error(`${command.kind} was not refused`);
      return control.apply(command);
    },
  };
}
