// settle-conflicts.ts: what the answer's writer saw to contradict each other is judged, one sub-agent is asked which side of
// what is open holds, where there is room for that, and what it brought is judged once. Whether anything conflicts an Activity says.

import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { FindConflictsInput, FoundBySubtask } from '../protocol/activities.ts';
import { left, spentOf } from '../protocol/budget.ts';
import { MAX_CONFLICTS, reaskGoal, seenConflict, sideInWords, type FoundConflict } from '../protocol/conflicts.ts';
import { MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import { deepQueueBeside } from '../protocol/names.ts';
import { bookFailedStep, bookStep } from './account.ts';
import type { MasterContext } from './endings.ts';
import type { RunMore } from './research.ts';
import { enterStage } from './progress.ts';
import { failureOf, runStep } from './run-step.ts';
import { LEAST_TURN_TOKENS } from './state/grants.ts';
import type { MasterState } from './state/state.ts';
import { budgetOf } from './state/steering.ts';
import { addSubtask, highestNumber, shownLife, stateOf, subtasksOf, type SubtaskState } from './state/tree.ts';

/** The conflicts that the answer tells of, each with what settles it, or open. */
export async function settleConflicts(
  state: MasterState,
  context: MasterContext,
  candidates: readonly FoundConflict[],
  input: Omit<FindConflictsInput, 'candidates' | 'step' | 'found'>,
  found: () => FoundBySubtask[],
  askAgain: RunMore | undefined,
): Promise<FoundConflict[]> {
  const judge = async (step: 'find' | 'settle', which: readonly FoundConflict[]): Promise<FoundConflict[]> => {
    const summary = step === 'find' ? 'find what contradicts itself' : 'which side holds';
    try {
      const made = await runStep('findConflicts', summary, { ...input, found: found(), candidates: [...which], step });
      bookStep(context, step === 'find' ? 'conflicts' : 'settle', made);
      return made.conflicts.slice(0, MAX_CONFLICTS);
    } catch (error) {
      if (isCancellation(error) || !failureOf(error)) throw error;
      // What could not be judged stays open: the answer is worth more than the judgement.
      bookFailedStep(context, state.stage, error);
      return [...which];
    }
  };
  const conflicts = await judge('find', candidates);
  const open = conflicts.filter(({ settled }) => !settled);
  const asked = askAgain && open.length > 0 && mayAsk(state) ? await planReask(state, open) : undefined;
  const keep = (seen: readonly FoundConflict[]): void => {
    const asks = asked?.spec.id;
    state.conflicts = seen.map((one) => seenConflict(one, asks));
  };
  keep(conflicts);
  for (const { about, sides } of conflicts)
    context.emit({
      type: 'conflict.found',
      about,
      sides: sides.map(sideInWords),
      ...(asked ? { asks: asked.spec.id, title: asked.spec.title, kind: asked.spec.kind } : {}),
    });
  tellSettled(context, conflicts);
  if (!asked || !askAgain) return conflicts;
  await askAgain([asked]);
  enterStage(state, 'synthesizing');
  if (shownLife(asked).findingCount === 0) return conflicts;
  const settled = await judge('settle', open);
  tellSettled(context, settled);
  // One that was no conflict after all is told no more.
  const told = conflicts.flatMap((one) => (one.settled ? [one] : settled.filter(({ about }) => about === one.about)));
  keep(told);
  return told;
}

/** There is time and room for one more sub-agent: nothing was ended early, and something of the budget is left. */
function mayAsk({ tree, ledger, request, steering }: MasterState): boolean {
  const { tokens = Infinity, costUsd = Infinity } = left(budgetOf(request.class, steering), spentOf(ledger.spent));
  const wasCutShort = steering.isFinishing || steering.answerAskedBy !== undefined;
  const isEarly = subtasksOf(tree).some((subtask) => stateOf(subtask) === 'stopped');
  return (
    !wasCutShort && !isEarly && tokens >= LEAST_TURN_TOKENS && costUsd > 0 && tree.ids.length < MAX_SUBTASKS_A_TASK
  );
}

/** One subtask for all that is open; undefined where it could not be planned. */
async function planReask(state: MasterState, open: readonly FoundConflict[]): Promise<SubtaskState | undefined> {
  const { tree, steering, request, ledger } = state;
  steering.lastAdded = highestNumber(tree, steering.lastAdded) + 1;
  const subtask = `s${steering.lastAdded}`;
  try {
    const { planRef, subtask: spec } = await runStep('planSubtask', `plan ${subtask}`, {
      taskId: state.taskId,
      run: state.firstRun,
      request,
      subtask,
      title: `Which holds: ${open[0]?.about ?? ''}`,
      goal: reaskGoal(open),
      queue: deepQueueBeside(workflowInfo().taskQueue),
      // Its part is granted when it begins, as that of an added one.
      ...(ledger.grants ? {} : { among: tree.ids.length + 1 }),
      left: left(budgetOf(request.class, steering), spentOf(ledger.spent)),
    });
    return addSubtask(tree, spec, { planRef, isReask: true });
  } catch (error) {
    if (isCancellation(error) || !failureOf(error)) throw error;
    return undefined;
  }
}

function tellSettled({ emit }: MasterContext, conflicts: readonly FoundConflict[]): void {
  for (const { about, sides, settled } of conflicts) {
    if (!settled) continue;
    const { value = '', source = '' } = sides[settled.side] ?? {};
    emit({ type: 'conflict.settled', about, value, source, finding: settled.finding });
  }
}
