// answer-so-far.ts: the Activity that writes an answer from what is there while its task goes on. It is written and checked as the
// task's own answer is, in a log of its own; nothing of it reaches the task's result.

import type { Activities } from '../protocol/activities.ts';
import { answerInline, keepAnswer } from './evidence/answers.ts';
import type { Deployment } from './deployment.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { writeAnswer } from './synthesize.ts';

export function answerSoFar(deployment: Deployment): Activities['answerSoFar'] {
  return (input) =>
    withStepLog(
      deployment,
      input.run,
      'answer so far',
      async (log, signal) => {
        const { plain } = input;
        const how = plain === undefined ? {} : { plain };
        const { answer, dropped } = await writeAnswer(deployment, input, log, signal, how);
        return {
          answerRef: await keepAnswer(deployment.store, answer),
          ...answerInline(answer),
          citations: answer.citations.length,
          ...log.account,
          dropped,
        };
      },
      input.round,
    );
}
