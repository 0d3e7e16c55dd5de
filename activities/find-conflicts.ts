// find-conflicts.ts: the Activity that says which of the conflicts that a rule found are some, and which side of them holds. A
// model judges; where there is none, or it fails, the rule stands.

import type { Activities, FindConflictsInput } from '../protocol/activities.ts';
import type { FoundConflict } from '../protocol/conflicts.ts';
import type { Finding } from '../protocol/findings.ts';
import type { Deployment } from './deployment.ts';
import { settle } from './evidence/conflicts/settle.ts';
import { readFindings } from './evidence/findings.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { MODEL_IS_NO_HELP, runModelStep, withFallback } from './loop/model-step.ts';
import {
  CONFLICTS_PROMPT,
  CONFLICTS_SYSTEM,
  conflictsMessage,
  conflictsShape,
  type ConflictsOutput,
} from './text/prompts/conflicts-prompt.ts';

export function findConflicts(deployment: Deployment): Activities['findConflicts'] {
  const { store, models } = deployment;
  return (input: FindConflictsInput) =>
    withStepLog(deployment, input.run, input.step === 'find' ? 'conflicts' : 'settle', async (log, signal) => {
      const { goal, candidates, found, limits, retry } = input;
      const lists = await Promise.all(
        found.flatMap(({ findingsRef }) => (findingsRef ? [readFindings(store, findingsRef)] : [])),
      );
      const findings = lists.flat();
      const byRule = () => ({ accepted: candidates.map((one) => settle(one, findings.map(asSaid))), left: [] });
      const lines = models.inOrder(input.models);
      const byModel = () =>
        runModelStep({
          log,
          store,
          models: lines,
          signal,
          limits,
          retry,
          prompt: CONFLICTS_PROMPT,
          messages: [
            { role: 'system', content: CONFLICTS_SYSTEM },
            { role: 'user', content: conflictsMessage(goal, candidates, findings.map(shownTo)) },
          ],
          shape: conflictsShape,
          check: (output) => judged(candidates, output, new Set(findings.map(({ id }) => id))),
        });
      // Of the offline model nothing would come but what the rule says already.
      const isByRule = lines[0]?.provider.offline ?? true;
      const { made } = isByRule ? { made: byRule() } : await withFallback(byModel(), MODEL_IS_NO_HELP, byRule);
      return { conflicts: made.accepted, ...log.account };
    });
}

const asSaid = ({ id, claim, citations }: Finding) => ({ id, claim, source: citations[0]?.source ?? '' });

const shownTo = ({ id, claim, citations }: Finding) => ({
  id,
  claim,
  source: citations[0]?.source ?? '',
  quote: citations[0]?.quote ?? '',
});

/** The candidates that a model takes for conflicts; one without a verdict stays. */
export function judged(
  candidates: readonly FoundConflict[],
  { verdicts }: ConflictsOutput,
  findings: ReadonlySet<string>,
): { accepted: FoundConflict[]; problems: string[] } {
  const problems: string[] = [];
  const accepted = candidates.flatMap(({ settled: _before, ...candidate }, at): FoundConflict[] => {
    const verdict = verdicts.find(({ conflict }) => conflict === at + 1);
    if (!verdict) problems.push(`conflict ${at + 1} has no verdict`);
    if (verdict?.verdict === 'none') return [];
    const { holds, finding } = verdict ?? { holds: null, finding: null };
    if (holds === null) return [candidate];
    if (holds > candidate.sides.length || finding === null || !findings.has(finding)) {
      problems.push(`conflict ${at + 1}: what holds must be one of its sides, by a finding that there is`);
      return [candidate];
    }
    return [{ ...candidate, settled: { side: holds - 1, finding } }];
  });
  return { accepted, problems };
}
