// steer-planning.ts: what commands may do while a further round is planned and no fan-out is open: what begins something is kept for the
// fan-out that follows; who wants the answer, or lets nothing more be looked for, ends the planning. Calls no Activity.

import { joinOf } from '../protocol/join.ts';
import { shortfall } from './coordinate.ts';
import type { MasterContext } from './endings.ts';
import { hold, release } from './state/standstill.ts';
import type { MasterState } from './state/state.ts';
import type { Steerable } from './steer-fan-out.ts';

/** The place of a fan-out, until one follows or it is closed. */
export interface PlanningHands extends Steerable {
  /** Whether something waits for a fan-out. */
  hasKept(): boolean;
  /** None follows any more. */
  end(): void;
}

/** @param endPlanning may be called more than once. */
export function steerPlanning(
  state: Pick<MasterState, 'tree' | 'request' | 'standstill' | 'steering' | 'remarks'>,
  { emit }: Pick<MasterContext, 'emit'>,
  endPlanning: () => void,
): PlanningHands {
  const { tree, request, standstill } = state;
  const added: Parameters<Steerable['add']>[] = [];
  // A second life of one that has not begun its next one would be work for nothing.
  const again = new Map<string, Parameters<Steerable['retry']>[0]>();
  let isOpen = true;
  return {
    isOpen: () => isOpen,
    hasKept: () => added.length + again.size > 0,
    followedBy(fanOut) {
      isOpen = false;
      for (const subtask of again.values()) fanOut.retry(subtask);
      for (const one of added) fanOut.add(...one);
    },
    // All that began have ended.
    stop: () => undefined,
    retry: (subtask) => void again.set(subtask.spec.id, subtask),
    add: (...one) => void added.push(one),
    finish: endPlanning,
    end: () => void (isOpen = false),
    close() {
      isOpen = false;
      endPlanning();
      const { answerAskedBy = 'somebody' } = state.steering;
      for (const [subtask, { id, kind, by }] of added) {
        const reason = `${answerAskedBy} had the answer written before`;
        emit({ type: 'command.refused', id, kind, by, reason });
        state.remarks.push(`${subtask}, which ${by.name} added, was not begun: ${reason}.`);
      }
      added.length = 0;
      again.clear();
    },
    shortfall: () => shortfall(joinOf(request), tree)?.message,
    hold: () => void hold(standstill, 'paused', Date.now()),
    release: () => void release(standstill, 'paused', Date.now()),
    // Both are looked at anew once it is planned.
    limitsChanged: () => undefined,
    grantsChanged: () => undefined,
  };
}
