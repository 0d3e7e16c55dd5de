// plan-round.ts: the Activity that says what else to look for where what was found is not enough. A model judges, offline a rule; what
// it proposes is checked, and where it can't say the step fails.

import type { Activities } from '../protocol/activities.ts';
import type { RoundToPlan } from '../protocol/plan-round.ts';
import type { Plan } from '../protocol/plan.ts';
import { MAX_LACKS_TOLD } from '../protocol/rounds.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import { openCorpus } from '../documents/open-corpus.ts';
import type { Store } from '../store/store.ts';
import { plannedSubtask } from './agents/planned-subtask.ts';
import { checkRound, numberRound, type RoundGround } from './agents/round-subtasks.ts';
import type { Deployment } from './deployment.ts';
import { readFindings } from './evidence/findings.ts';
import { readPlan } from './evidence/plans.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { runModelStep } from './loop/model-step.ts';
import { documentNames } from './text/document-names.ts';
import {
  ROUND_PROMPT,
  ROUND_SYSTEM,
  roundMessage,
  roundShape,
  type AskedAndFound,
} from './text/prompts/round-prompt.ts';

/** Findings that are shown of each. */
const MAX_CLAIMS = 6;
const MAX_CLAIM_CHARS = 300;

export function planRound(deployment: Deployment): Activities['planRound'] {
  const { store, models, kinds } = deployment;
  return (input) =>
    withStepLog(
      deployment,
      input.run,
      'round',
      async (log, signal) => {
        const { goal, request, corpusRef, lacks, first, most, queue, limits, retry } = input;
        const subtasks = await asked(store, input);
        const offered = [...kinds.values()]
          .filter(({ description, input: own }) => description !== '' && !own)
          .map(({ name, description }) => ({ name, description }));
        const documents = corpusRef ? (await openCorpus(store, corpusRef)).documents() : [];
        const ground: RoundGround = {
          ended: subtasks,
          lacks: lacks.map(({ subtask }) => subtask),
          kinds: offered.map(({ name }) => name),
          most,
        };
        const order = input.models ?? models.orderFor(request.class.name);
        const { accepted } = await runModelStep({
          log,
          store,
          models: models.inOrder(order),
          signal,
          limits,
          retry,
          prompt: ROUND_PROMPT,
          messages: [
            { role: 'system', content: ROUND_SYSTEM },
            {
              role: 'user',
              content: roundMessage({
                goal,
                kinds: offered,
                documents: documentNames(documents, goal),
                max: most,
                subtasks: await withFindings(store, input, subtasks),
                missing: lacks.slice(0, MAX_LACKS_TOLD).map(({ subtask: id, why, says }) => ({ id, why, says })),
              }),
            },
          ],
          shape: roundShape(ground.kinds),
          check: (output) => checkRound(output, ground),
        });
        const { added, merged } = numberRound(accepted, ground, first);
        const planned = added.map(({ fills, ...one }) => ({
          fills,
          subtask: plannedSubtask(one, { request, queue, models: order, isBesideOthers: true }),
        }));
        const plan: Plan = {
          v: 1,
          goal,
          subtasks: planned.map(({ subtask }) => subtask),
          prompt: ROUND_PROMPT,
        };
        return {
          planRef: await store.putBlob(canonicalJson(plan)),
          added: planned.map(({ fills, subtask: { goal: _goal, ...spec } }) => ({ spec, fills })),
          merged,
          ...log.account,
        };
      },
      input.round - 1,
    );
}

type Asked = Omit<AskedAndFound, 'found'> & { done: boolean };

/** What each was asked, by the plan that has its goal. */
const asked = async (store: Store, { ended }: RoundToPlan): Promise<Asked[]> =>
  await Promise.all(
    ended.map(async ({ subtask: id, title, planRef, done, fills }) => {
      const { goal = title, kind = '' } = (await readPlan(store, planRef)).get(id) ?? {};
      return { id, title, kind, goal, ...(fills ? { fills } : {}), done };
    }),
  );

/** With what it found; of a wide task those that lack something, and as many others as are shown. */
async function withFindings(
  store: Store,
  { ended, lacks }: RoundToPlan,
  subtasks: readonly Asked[],
): Promise<AskedAndFound[]> {
  const isMissing = new Set(lacks.map(({ subtask }) => subtask));
  const refs = new Map(ended.map(({ subtask, findingsRef }) => [subtask, findingsRef]));
  const ranked = [...subtasks].sort((a, b) => Number(isMissing.has(b.id)) - Number(isMissing.has(a.id)));
  return await Promise.all(
    ranked.slice(0, MAX_LACKS_TOLD).map(async ({ done: _done, ...one }) => {
      const ref = refs.get(one.id);
      const findings = ref ? await readFindings(store, ref) : [];
      const found = findings.slice(0, MAX_CLAIMS).map(({ claim, citations }) => ({
        claim: claim.slice(0, MAX_CLAIM_CHARS),
        source: citations[0]?.source ?? '',
      }));
      return { ...one, found };
    }),
  );
}
