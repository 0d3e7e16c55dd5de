// shape-answer.ts: the Activity that gives an answer as JSON that fits the caller's own schema. Checked against that schema;
// what does not fit is asked for once more, then left out and reported.

import type { Activities } from '../protocol/activities.ts';
import { STEP_LOGS } from '../protocol/names.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import { runModelStep } from './loop/step-answer.ts';
import type { OutputShape } from './text/parse-output.ts';
import { withoutForeignAddresses } from './text/foreign-addresses.ts';
import { fitsInline, readAnswer } from './evidence/answers.ts';
import type { Deployment } from './deployment.ts';
import { DATA_PROMPT, DATA_SYSTEM, dataMessage, dataShape } from './text/prompts/data-prompt.ts';
import { withStepLog } from './life/step-life.ts';

export function shapeAnswer(deployment: Deployment): Activities['shapeAnswer'] {
  const { store, models } = deployment;
  return ({ run, goal, answerRef, schema, limits, retry, models: order }) =>
    withStepLog(deployment, { run, subtask: STEP_LOGS.shape }, async (log, signal) => {
      const shape = dataShape(schema);
      const { sections, citations, gaps } = await readAnswer(store, answerRef);
      const said = sections.map(({ heading, claims }) => ({ heading, claims: claims.map(({ text }) => text) }));
      const shown = [goal, canonicalJson([said, gaps, schema]), ...citations.flatMap((one) => [one.source, one.quote])];
      const { accepted, left } = await runModelStep({
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
        shape,
        check: (value) => checkData(value, shape, shown),
      });
      return {
        dataRef: await store.putBlob(canonicalJson(accepted)),
        ...(fitsInline(accepted) ? { data: accepted } : {}),
        ...(left.length > 0 ? { left } : {}),
        ...log.account,
      };
    });
}

/** Addresses that the answer does not have are left out, where the schema can do without them. */
function checkData(
  value: unknown,
  { zod }: OutputShape<unknown>,
  shown: readonly string[],
): { accepted: unknown; problems: string[] } {
  const foreign = new Set<string>();
  const own = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? withoutForeignAddresses(one, shown, (address) => foreign.add(address)) : one,
  ) as unknown;
  // Without the addresses themselves: whoever reads what was left out must not be led there either.
  const problems = foreign.size > 0 ? [`addresses that the answer does not have (${foreign.size})`] : [];
  return { accepted: zod.safeParse(own).success ? own : undefined, problems };
}
