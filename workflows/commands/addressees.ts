// addressees.ts: whom a command means: a subtask by its id, all sub-agents, or nobody any more, which is said in words.

import { TO_ALL, type SubAgentCommand } from '../../protocol/commands.ts';
import { nextStamp } from '../state/steering.ts';
import { isEnded, stateOf, subtaskOf, subtasksOf, type Life, type SubtaskState } from '../state/tree.ts';
import type { SteeringPorts } from './steering-ports.ts';

/** Why a subtask of this task can't be found by that id, in words; else the subtask. */
export function find({ state: { tree } }: SteeringPorts, id: string): SubtaskState | string {
  const subtask = subtaskOf(tree, id);
  if (subtask) return subtask;
  const [first, ...others] = tree.ids;
  if (first === undefined) return 'there is no plan yet, and so no subtask either';
  const last = others.at(-1);
  return `${id.slice(0, 40)} is no subtask of this task; it has ${first}${last === undefined ? '' : ` … ${last}`}`;
}

/** Why a subtask can be told nothing now; undefined when it can. */
export function notAtWork(ports: SteeringPorts, id: string): string | undefined {
  const subtask = find(ports, id);
  if (typeof subtask === 'string') return subtask;
  if (!isEnded(stateOf(subtask))) return isOver(ports) ? tooLate(ports) : undefined;
  return `${id} has ended: retry begins another life of it${isOver(ports) ? ', which is too late by now' : ''}`;
}

/** Why not one sub-agent can be told anything now; undefined when one can, or will be there. */
export const nobodyAtWork = (ports: SteeringPorts): string | undefined => (isOver(ports) ? tooLate(ports) : undefined);

/** Why nothing can be changed at the fan-out now; undefined when it is open. */
export function notOpen(ports: SteeringPorts): string | undefined {
  if (ports.fanOut()) return undefined;
  return isOver(ports) ? tooLate(ports) : 'the sub-agents have not begun yet; say it again once they have';
}

/** Why it is too late for whatever needs a sub-agent at work. */
export const tooLate = ({ state: { steering } }: Pick<SteeringPorts, 'state'>): string =>
  `it is too late for that: no sub-agent is at work any more, the answer is ${steering.isPaused ? 'written once the task goes on' : 'being written'}`;

/** Whether the fan-out was there and is no more, nor another one to come. */
export const isOver = ({ state: { stage, tree }, fanOut }: Pick<SteeringPorts, 'state' | 'fanOut'>): boolean =>
  !fanOut() && (stage === 'synthesizing' || stage === 'closing' || (stage === 'researching' && tree.ids.length > 0));

/** Lives of a subtask that have not ended. */
export const openLives = ({ lives }: SubtaskState): Life[] => lives.filter(({ state }) => !isEnded(state));

/** What the sub-agents at work do: `3 sub-agents at work read it`; undefined while none is at work. */
export function thoseAtWork({ state: { tree } }: SteeringPorts, one: string, several: string): string | undefined {
  const count = subtasksOf(tree).filter((subtask) => AT_WORK.has(stateOf(subtask))).length;
  if (count === 0) return undefined;
  return count === 1 ? `1 sub-agent at work ${one}` : `${count} sub-agents at work ${several}`;
}

const AT_WORK = new Set(['running', 'retrying', 'waiting']);

/** A command to sub-agents, without its id and time. */
export type Told = SubAgentCommand extends infer C ? (C extends unknown ? Omit<C, 'id' | 'at'> : never) : never;

/** Sends to each open life of a subtask, or, without one, to all sub-agents, those that begin later included. */
export function tell(ports: SteeringPorts, id: string, to: string | undefined, told: Told): void {
  const { state, send, now } = ports;
  const at = nextStamp(state.steering, now());
  // A pause of an earlier run, that a Reset took back, must not pass for this one.
  const command = { ...told, id: told.kind === 'pause' ? `${id}@${at}` : id, at } as SubAgentCommand;
  if (to === undefined) return send({ subtask: TO_ALL, generation: 1 }, command);
  const subtask = subtaskOf(state.tree, to);
  for (const { generation } of subtask ? openLives(subtask) : []) send({ subtask: to, generation }, command);
}
