// command-sub-agent.ts: the Activity that sends one sub-agent a command: it appends to a list that the sub-agent watches,
// whichever worker it is on. Whether and when it was applied stands in the sub-agent's own log.

import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../protocol/activities.ts';
import { commandProblem } from '../protocol/commands.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import type { Deployment } from './deployment.ts';

export function commandSubAgent({ store }: Deployment): Activities['commandSubAgent'] {
  return async ({ run, subtask, generation, command }) => {
    const problem = commandProblem(command);
    if (problem) throw ApplicationFailure.create({ type: 'RequestInvalid', message: problem, nonRetryable: true });
    try {
      await store.sendCommand({ run, subtask, generation }, command);
    } catch (error) {
      throw asActivityError(error);
    }
  };
}
