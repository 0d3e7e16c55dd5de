// shape-answer.ts: the Activity that hands an answer into the schema that its caller brought. Checked against that schema;
// what does not fit is asked for once more, and then said.

import type { Activities } from '../protocol/activities.ts';
import { STEP_LOGS } from '../protocol/names.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import { answerStep } from './agent-loop/step-answer.ts';
import { fitsInline, readAnswer } from './answers.ts';
import type { Deployment } from './deployment.ts';
import { DATA_PROMPT, DATA_SYSTEM, dataMessage, dataShape } from './prompts/data-prompt.ts';
import { runStep } from './step-life.ts';

export function shapeAnswer(deployment: Deployment): Activities['shapeAnswer'] {
  const { store, models } = deployment;
  return ({ run, goal, answerRef, schema, limits, retry, models: order }) =>
    runStep(deployment, { run, subtask: STEP_LOGS.shape }, async (log, signal) => {
      const { sections } = await readAnswer(store, answerRef);
      const said = sections.map(({ heading, claims }) => ({ heading, claims: claims.map(({ text }) => text) }));
      const { accepted } = await answerStep({
        log,
        store,
        models: models.inOrder(order),
        signal,
        limits,
        retry,
        prompt: DATA_PROMPT,
        messages: [
          { role: 'system', content: DATA_SYSTEM },
          { role: 'user', content: dataMessage(goal, said) },
        ],
        shape: dataShape(schema),
        check: (value) => ({ accepted: { value }, problems: [] }),
      });
      const { value } = accepted;
      return {
        dataRef: await store.putBlob(canonicalJson(value)),
        ...(fitsInline(value) ? { data: value } : {}),
        ...log.account,
      };
    });
}
