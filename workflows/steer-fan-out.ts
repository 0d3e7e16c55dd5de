// steer-fan-out.ts: what commands may do to the fan-out while it is open. Each begins in the fan-out's own scope, so that the
// deadline and a cancel reach it as all the rest.

import { type CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Failure } from '../protocol/failures.ts';
import { left, spentOf } from '../protocol/budget.ts';
import { deepQueueBeside } from '../protocol/names.ts';
import type { Clock } from './clock.ts';
import type { OpenFanOut } from './commands/steering-ports.ts';
import { joinOf } from '../protocol/join.ts';
import { shortfall } from './coordinate.ts';
import type { MasterContext } from './endings.ts';
import type { FanOut } from './fan-out.ts';
import type { GrantQueue } from './grant-queue.ts';
import { mayBring, tellMerged } from './merged.ts';
import { failureOf, runStep } from './run-step.ts';
import type { MasterState } from './state/state.ts';
import { budgetOf, type Steering } from './state/steering.ts';
import { addSubtask, subtaskOf, subtasksOf } from './state/tree.ts';

/** Why a person had this subtask end; undefined when nobody had. */
export function stoppedByPerson({ stoppedBy, answerAskedBy }: Steering, id: string): Failure | undefined {
  const by = Object.hasOwn(stoppedBy, id) ? stoppedBy[id] : undefined;
  if (by !== undefined) return { type: 'Stopped', message: `it was stopped by ${by}` };
  return answerAskedBy === undefined
    ? undefined
    : { type: 'Stopped', message: `${answerAskedBy} had the answer written before` };
}

/** What an added subtask may ask the same as, by the plans that have their goals. */
function comparable({ tree, plan }: Pick<MasterState, 'tree' | 'plan'>): { planRef: string; subtasks: string[] }[] {
  const byPlan = new Map<string, string[]>();
  for (const subtask of subtasksOf(tree).filter(mayBring)) {
    const { planRef = plan?.planRef ?? '' } = subtask;
    const subtasks = byPlan.get(planRef) ?? [];
    subtasks.push(subtask.spec.id);
    byPlan.set(planRef, subtasks);
  }
  return [...byPlan].map(([planRef, subtasks]) => ({ planRef, subtasks }));
}

/** A fan-out under the hands of people; closed, it takes nothing more. */
export interface Steerable extends OpenFanOut {
  isOpen(): boolean;
  /** Told of the one that comes in its place. Default: nothing is left for that. */
  followedBy?(next: Steerable): void;
}

/** @param rearm sets the deadline anew, as it stands by then. */
export function steerFanOut(
  state: MasterState,
  { tree, ledger, emit }: Pick<MasterContext, 'tree' | 'ledger' | 'emit'>,
  fan: FanOut,
  scope: CancellationScope,
  clock: Pick<Clock, 'check' | 'hold' | 'release'>,
  queue: Pick<GrantQueue, 'serve'>,
  rearm: () => void,
): Steerable {
  const { request, steering } = state;
  const inScope = (work: () => void): void => void scope.run(async () => work());

  async function plan(
    id: string,
    { goal, title, agent }: { goal: string; title?: string; agent?: string },
  ): Promise<void> {
    const {
      planRef,
      subtask: spec,
      sameAs,
    } = await runStep('planSubtask', `plan ${id}`, {
      taskId: state.taskId,
      run: state.firstRun,
      request,
      subtask: id,
      goal,
      ...(title === undefined ? {} : { title }),
      ...(agent === undefined ? {} : { kind: agent }),
      queue: deepQueueBeside(workflowInfo().taskQueue),
      // Its part is granted when it begins; in older histories it is what the others leave.
      ...(ledger.grants ? {} : { among: tree.ids.length + 1 }),
      left: left(budgetOf(request.class, steering), spentOf(ledger.spent)),
      beside: comparable(state),
    });
    const same = sameAs === undefined ? undefined : subtaskOf(tree, sameAs);
    // It may have ended without a result while this one was planned.
    if (same && mayBring(same)) return tellMerged({ tree, emit }, [{ title: spec.title, into: same.spec.id }]);
    const subtask = addSubtask(tree, spec, { planRef });
    state.headings.push(spec.title);
    emit({ type: 'subtask.added', subtask: id, title: spec.title, kind: spec.kind });
    await fan.run([subtask]);
  }

  return {
    isOpen: () => fan.isOpen() && !scope.consideredCancelled,
    hold: () => clock.hold('paused'),
    release: () => clock.release('paused'),
    stop: (subtask) => fan.stop(subtask),
    retry: (subtask) => inScope(() => void (fan.startLife(subtask) || fan.again(subtask))),
    add(id, command) {
      const { id: commandId, kind, by } = command;
      inScope(() =>
        fan.join(() =>
          plan(id, command).catch((error: unknown) => {
            const failure = failureOf(error);
            if (!failure) throw error;
            if (isCancellation(error)) return;
            emit({ type: 'command.refused', id: commandId, kind, by, reason: failure.message });
            state.remarks.push(`${id}, which ${by.name} added, could not be planned: ${failure.message}.`);
          }),
        ),
      );
    },
    // They read it themselves.
    finish: () => undefined,
    close: () => fan.stopAll(),
    shortfall: () => shortfall(joinOf(request), tree)?.message,
    limitsChanged() {
      rearm();
      clock.check();
      queue.serve();
    },
    grantsChanged: queue.serve,
  };
}
