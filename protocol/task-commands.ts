// task-commands.ts: what a person may tell a running task, and what comes back: one envelope for library, CLI and HTTP. What
// of it reaches a sub-agent is commands.ts. Cancel is no command: it is Temporal's own; here is who says it.

import type { Amounts } from './budget.ts';
import { hasCommandFields } from './command-fields.ts';
import { commandProblem, type SubAgentCommand } from './commands.ts';
import { MAX_GOAL_BYTES } from './limits.ts';
import type { PlanEdit } from './plan-edit.ts';

/** Who sent a command: as they say of themselves, or the name of the key that the gateway knows them by. */
export interface Sender {
  name: string;
  how: 'claimed' | 'key';
}

/** One command, without who sent it and when. `to` is a subtask's id; without it the whole task is meant. */
export type CommandBody =
  /** Words for one sub-agent, or for all of them. They read it before their next call. */
  | { kind: 'note'; text: string; to?: string }
  /** Nothing more is begun or spent until `resume`; a call in flight ends first. The deadline stands still. */
  | { kind: 'pause'; to?: string }
  | { kind: 'resume'; to?: string }
  /** More room, or less: numbers may be negative. Without `to` of the task: seconds move its deadline. Never above the class's ceiling. */
  | ({ kind: 'extend'; to?: string } & Amounts)
  /** These models from the next call on, first choice first. */
  | { kind: 'swapModel'; models: string[]; to?: string }
  /** No more tools: it answers with what it has. Without `to` every sub-agent does. */
  | { kind: 'finish'; to?: string }
  /** Ends this sub-agent at once; what it found stays, its siblings go on. */
  | { kind: 'stop'; to: string }
  /** Another life of a subtask that ended or is at work. */
  | { kind: 'retry'; to: string }
  /** One more subtask. */
  | { kind: 'add'; goal: string; title?: string; agent?: string }
  /** Lets the plan with this hash run, as it is or edited; or refuses it. */
  | { kind: 'approve'; plan: string; approved: boolean; edit?: PlanEdit }
  /** Closes the fan-out: the answer is written from what is there. */
  | { kind: 'answerNow' };

/** Payload of the Signal `cancelling`. */
export interface Cancelling {
  id: string;
  by: Sender;
  /** Their words. Absent where they gave none. */
  reason?: string;
}

/** The Update and the Signal `command`. The same `id` again changes nothing and is answered alike. */
export type TaskCommand = { v: 1; id: string; at: number; by: Sender } & CommandBody;

export type CommandKind = CommandBody['kind'];

const KINDS: Readonly<Record<CommandKind, true>> = {
  note: true,
  pause: true,
  resume: true,
  extend: true,
  swapModel: true,
  finish: true,
  stop: true,
  retry: true,
  add: true,
  approve: true,
  answerNow: true,
};

/** Every kind there is. */
export const COMMAND_KINDS = Object.keys(KINDS) as CommandKind[];

/** Result of the Update. `n` is the number of the event that tells of it. */
export interface CommandReply {
  applied: true;
  n: number;
  /** What it changed, in words. */
  effect: string;
}

/** What a caller learns: applied, or kept for when a worker comes. */
export type CommandReceipt = CommandReply | { applied: false; recorded: true };

/** Commands that one task takes, those refused among them: a Workflow takes 2,000 Updates a run. */
export const MAX_COMMANDS_A_TASK = 1_000;

/** Of any amount, in one extension. */
const MOST_AT_ONCE = 1e9;

/** Why this can't be sent to any task, in words for the person who typed it; undefined when it can. */
export function taskCommandProblem(command: CommandBody): string | undefined {
  switch (command.kind) {
    case 'note':
    case 'pause':
    case 'resume':
    case 'swapModel':
    case 'finish':
      return commandProblem({ ...command, id: '', at: 0 } as SubAgentCommand);
    case 'extend': {
      const { turns = 0, tokens = 0, seconds = 0, costUsd = 0 } = command;
      const all = [turns, tokens, seconds, costUsd];
      if (!all.every((more) => Math.abs(more) <= MOST_AT_ONCE)) return 'an extension is in numbers, of at most 1e9';
      return all.every((more) => more === 0)
        ? 'say what to extend, and by how much: seconds, tokens, dollars, or turns of a sub-agent'
        : undefined;
    }
    case 'stop':
    case 'retry':
      return typeof command.to === 'string' && command.to !== '' ? undefined : `say which subtask to ${command.kind}`;
    case 'add':
      if (command.goal.trim() === '') return 'the goal of the new subtask is empty; say what it should find out';
      return command.goal.length > MAX_GOAL_BYTES ? 'the goal of the new subtask is too long' : undefined;
    case 'approve':
      return /^[0-9a-f]{8,64}$/.test(command.plan)
        ? undefined
        : 'name the plan by its hash, so that no other one is approved: muster approve shows it';
    case 'answerNow':
      return undefined;
    default:
      return unknownCommand(command satisfies never);
  }
}

/** Of a sender that is newer than this program. */
const unknownCommand = ({ kind }: { kind: string }): string => `this version of Muster knows no command "${kind}"`;

/** Whoever a payload names as its sender; undefined when it names nobody. */
export function senderOf(payload: unknown): Sender | undefined {
  const { name, how } = (payload ?? {}) as { [K in keyof Sender]?: unknown };
  if (typeof name !== 'string' || name.length > 200 || (how !== 'claimed' && how !== 'key')) return undefined;
  return { name, how };
}

/** Whether a payload has the shape of a command: anybody may send one, and it must not fail the Workflow Task. */
export function isTaskCommand(payload: unknown): payload is TaskCommand {
  const one = payload as { [K in 'v' | 'id' | 'at' | 'by' | 'kind']?: unknown } | null | undefined;
  if (one === null || typeof one !== 'object') return false;
  return (
    one.v === 1 &&
    typeof one.id === 'string' &&
    one.id.length > 0 &&
    one.id.length <= 100 &&
    typeof one.kind === 'string' &&
    one.kind.length <= 40 &&
    Number.isFinite(one.at) &&
    senderOf(one.by) !== undefined &&
    hasCommandFields(one as Record<string, unknown> & { kind: string })
  );
}
