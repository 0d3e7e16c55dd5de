// send-to-sub-agents.ts: hands commands to where sub-agents read them, by an Activity that is tried again until it is done:
// whoever sent the command has long been answered. One after the other, so that they arrive in the order they were given.

import type { LogAddress, SubAgentCommand } from '../protocol/commands.ts';
import { startBackground } from './run-step.ts';
import type { MasterState } from './state/state.ts';

/** Sends to the list of one life, or to that of all of a task. */
export type SendToSubAgents = (to: LogAddress, command: SubAgentCommand) => void;

export function senderToSubAgents({
  taskId,
  firstRun: run,
}: Pick<MasterState, 'taskId' | 'firstRun'>): SendToSubAgents {
  const waiting: (LogAddress & { command: SubAgentCommand })[] = [];
  let isSending = false;
  const sendNext = (): void => {
    const next = waiting.shift();
    isSending = next !== undefined;
    if (next)
      startBackground('commandSubAgent', `${next.command.kind} to ${next.subtask}`, { taskId, run, ...next }, sendNext);
  };
  return (to, command) => {
    waiting.push({ ...to, command });
    if (!isSending) sendNext();
  };
}
