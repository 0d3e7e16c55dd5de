// steering-ports.ts: what commands need of the running task beside its state: the fan-out while it is open, and the way to
// sub-agents. Handed in from above, so that the table of controls is tested without a server.

import type { LogAddress, SubAgentCommand } from '../../protocol/commands.ts';
import type { TaskCommand } from '../../protocol/task-commands.ts';
import type { MasterState } from '../state/state.ts';
import type { SubtaskState } from '../state/tree.ts';

/** A fan-out that something may still change. */
export interface OpenFanOut {
  /** Ends a subtask alone. */
  stop(subtask: SubtaskState): void;
  /** Begins another life of a subtask that is at work, or has ended. */
  retry(subtask: SubtaskState): void;
  /** Plans a subtask of this id, and runs it beside the others. */
  add(id: string, command: Extract<TaskCommand, { kind: 'add' }>): void;
  /** All sub-agents were told to finish: nothing more is planned. */
  finish(): void;
  /** Ends all that is at work. */
  close(): void;
  /** Why no answer could be written from what is there, in words; undefined when one could. */
  shortfall(): string | undefined;
  /** Stops the deadline's time, or lets it run on. */
  hold(): void;
  release(): void;
  /** Heeds the deadline and the budget as they stand now. */
  limitsChanged(): void;
  /** Lets who waits for a part of the budget have what came back. */
  grantsChanged(): void;
}

export interface SteeringPorts {
  state: MasterState;
  /** Undefined before the fan-out begins and once nothing may join it. */
  fanOut: () => OpenFanOut | undefined;
  /** Puts a command where sub-agents read it, in the order of these calls. Never fails: it is tried until it is there. */
  send: (to: LogAddress, command: SubAgentCommand) => void;
  /** Shows the task's state to who lists tasks. */
  showState: () => void;
  now: () => number;
}
