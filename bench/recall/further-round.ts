// further-round.ts: the further round of a question: what is missing and what to look for, by the product's own rules and prompt.

import type { ProposedSubtask } from '../../activities/agents/planned-subtask.ts';
import { researcher } from '../../activities/agents/researcher.ts';
import { checkRound, numberRound } from '../../activities/agents/round-subtasks.ts';
import type { StepInput } from '../../activities/loop/model-step.ts';
import { ROUND_PROMPT, ROUND_SYSTEM, roundMessage, roundShape } from '../../activities/text/prompts/round-prompt.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { SubtaskSpec } from '../../protocol/plan.ts';
import { filledIn, lacksOf, tellsGaps } from '../../workflows/state/lacks.ts';
import { addSubtask, change, newTree, type Tree } from '../../workflows/state/tree.ts';

/** What a sub-agent is to look for; `fills`: for what of earlier ones. */
export type Sought = Pick<ProposedSubtask, 'id' | 'title' | 'goal' | 'needs'> & { fills: string[] };

/** What it found. */
export interface Found extends Omit<Sought, 'needs'> {
  queries: string[];
  findings: Finding[];
  missing: string[];
}

/** A step of the product that asks the model. */
export type Asked<T, R> = Pick<StepInput<T, R>, 'prompt' | 'messages' | 'shape' | 'tools' | 'check'>;

/** The subtasks of a further round; none where nothing is missing, or the model sees nothing more to look for. */
export async function proposeRound(
  goal: string,
  firsts: readonly Found[],
  documents: string[],
  system: (words: string) => { role: 'system'; content: string },
  step: <T, R>(name: string, input: Asked<T, R>) => Promise<R>,
): Promise<Sought[]> {
  const lacks = lacksOf(treeOf(firsts));
  if (lacks.length === 0) return [];
  const { name, description } = researcher;
  const ground = {
    ended: firsts.map(({ id, goal: asked }) => ({ id, kind: name, goal: asked, done: true })),
    lacks: lacks.map(({ subtask }) => subtask),
    kinds: [name],
    most: BUILT_IN_CLASSES.standard.maxSubtasks,
  };
  const content = roundMessage({
    goal,
    kinds: [{ name, description }],
    documents,
    max: ground.most,
    subtasks: firsts.map(({ id, title, goal: asked, findings }) => ({
      id,
      title,
      kind: name,
      goal: asked,
      found: findings.map(asNeeded),
    })),
    missing: lacks.map(({ subtask: id, why, says }) => ({ id, why, says })),
  });
  const proposals = await step('round', {
    prompt: ROUND_PROMPT,
    messages: [system(ROUND_SYSTEM), { role: 'user', content }],
    shape: roundShape(ground.kinds),
    tools: [],
    check: (output) => checkRound(output, ground),
  });
  return numberRound(proposals, ground, firsts.length + 1).added;
}

/** A finding as who needs it sees it. */
export const asNeeded = ({ claim, citations }: Finding) => ({ claim, source: citations[0]?.source ?? '' });

/** As the master knows them. */
function treeOf(all: readonly Found[]): Tree {
  const tree = newTree();
  for (const { id, title, findings, missing, fills } of all) {
    const spec = { id, title, mode: 'blocking' } as SubtaskSpec;
    const subtask = addSubtask(tree, spec, fills.length > 0 ? { round: { round: 2, fills } } : {});
    if (fills.length > 0) tree.rounds = [{ round: 2, why: [] }];
    change(tree, subtask, () => {
      Object.assign(subtask.lives[0]!, { state: 'done', findingCount: findings.length, missing });
      subtask.chosen = 1;
    });
  }
  return tree;
}

/** Whether what a subtask did not find is told as a gap. */
export function gapsTold(all: readonly Found[]): (id: string) => boolean {
  const tree = treeOf(all);
  const filled = filledIn(tree);
  return (id) => tellsGaps(tree.subtasks[id]!, filled);
}
