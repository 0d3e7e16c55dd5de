// shape-answer.ts: the Activity that gives an answer as JSON that fits the caller's own schema, from what is cited alone. What
// stands in no cited quote is asked for once more, then null or left out, and said; where the schema can't do without it,
// there is no data.

import type { Activities } from '../protocol/activities.ts';
import { leftOutOfData } from '../protocol/open-result.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import { outputSchemaType } from '../protocol/schemas/output-schema.ts';
import { firstOf } from '../protocol/first-of.ts';
import { answerInline, fitsInline, readAnswer } from './evidence/answers.ts';
import { keepResult } from './evidence/results.ts';
import { groundData, type GroundedData } from './evidence/ground-data.ts';
import type { Deployment } from './deployment.ts';
import { runModelStep } from './loop/model-step.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { dictatedAt } from './text/nullable-schema.ts';
import { DATA_PROMPT, DATA_SYSTEM, dataMessage, dataShape, type QuotedAnswer } from './text/prompts/data-prompt.ts';

export function shapeAnswer(deployment: Deployment): Activities['shapeAnswer'] {
  const { store, models } = deployment;
  return (input) =>
    withStepLog(deployment, input.run, 'shape', async (log, signal) => {
      const { goal, answerRef, schema, limits, retry, models: order } = input;
      const answer = await readAnswer(store, answerRef);
      const { sections, citations } = answer;
      const cited = citations.map(({ source, quote }) => ({ source, quote }));
      const said: QuotedAnswer = sections.map(({ heading, claims }) => ({
        heading,
        claims: claims.map(({ text, citations: numbers }) => ({
          text,
          quotes: numbers.flatMap((n) => cited[n - 1] ?? []),
        })),
      }));
      const claims = sections.flatMap((section) => section.claims);
      const grounds = cited.map((one, at) => ({
        ...one,
        claims: claims.filter(({ citations: numbers }) => numbers.includes(at + 1)).map(({ text }) => text),
      }));
      const zod = outputSchemaType(schema);
      const { accepted } = await runModelStep({
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
        check(value) {
          const grounded = groundData(value, zod, grounds, (path) => dictatedAt(schema, path));
          const problems = grounded.unfounded.map((field) => `${field}: no quote says this word for word; give null`);
          return { accepted: grounded, problems };
        },
      });
      const { data } = accepted;
      const left = leftOut(accepted);
      const whole = {
        ...(data === undefined ? {} : { dataRef: await store.putBlob(canonicalJson(data)) }),
        ...(data !== undefined && fitsInline(data) ? { data } : {}),
      };
      const { account } = log;
      const last = { step: 'shape', account, answerRef, ...answerInline(answer), ...whole };
      return {
        ...whole,
        ...(left === undefined ? {} : { left: [left] }),
        ...account,
        ...(await keepResult(store, input, { ...last, remarks: left === undefined ? [] : [leftOutOfData(left)] })),
      };
    });
}

/** Of so many fields each is named. */
const MOST_NAMED = 20;

/** By the names of the fields alone: whoever reads what was left out must not be led where a value of it leads. */
function leftOut({ data, unfilled, demanded = [] }: GroundedData): string | undefined {
  if (data !== undefined)
    return unfilled.length === 0
      ? undefined
      : `${firstOf(unfilled, MOST_NAMED, ', ')}: no cited quote was found that says so`;
  const others = demanded.length === 0 ? [] : unfilled.filter((name) => !demanded.includes(name));
  const more = others.length === 0 ? '' : `; ${firstOf(others, MOST_NAMED, ', ')} could not be filled either`;
  const missing = firstOf(demanded.length === 0 ? unfilled : demanded, MOST_NAMED, ', ');
  return `all of it, since no cited quote says ${missing}, and the schema allows no null there${more}`;
}
