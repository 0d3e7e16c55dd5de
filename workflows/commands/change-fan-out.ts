// change-fan-out.ts: what changes the fan-out itself: one subtask less, once more, or more; or the answer now.

import { extensionCeiling } from '../../protocol/classes.ts';
import { MAX_SUBTASKS_A_TASK } from '../../protocol/limits.ts';
import { roomOf } from '../state/grants.ts';
import { standingOf } from '../state/money.ts';
import { highestNumber, isEnded, openCount, stateOf, subtaskOf, type SubtaskState } from '../state/tree.ts';
import type { ControlTable } from './controls.ts';
import { find, notAtWork, notOpen } from './addressees.ts';
import type { SteeringPorts } from './steering-ports.ts';

export function fanOutControls(ports: SteeringPorts): Pick<ControlTable, 'stop' | 'retry' | 'add' | 'answerNow'> {
  const { steering, tree, request } = ports.state;

  const subtask = (id: string): SubtaskState => {
    const found = subtaskOf(tree, id);
    if (!found) throw new Error(`${id} was not refused`);
    return found;
  };
  /** Why nothing new may be looked for. */
  const notBegun = (): string | undefined =>
    notOpen(ports) ??
    (steering.isFinishing ? 'all sub-agents were told to finish, so a new one would look for nothing' : undefined);

  return {
    stop: {
      refusal: ({ to }) => notOpen(ports) ?? notAtWork(ports, to),
      apply({ to, by }) {
        steering.stoppedBy[to] = by.name;
        delete steering.paused[to];
        ports.fanOut()?.stop(subtask(to));
        return stateOf(subtask(to)) === 'planned' ? `${to} will not begin` : `${to} ends; what it found stays`;
      },
    },
    retry: {
      refusal({ to }) {
        const problem = notBegun();
        if (problem !== undefined) return problem;
        const found = find(ports, to);
        if (typeof found === 'string') return found;
        return stateOf(found) === 'planned' ? `${to} has not begun yet` : noMoney();
      },
      apply({ to }) {
        const ended = isEnded(stateOf(subtask(to)));
        delete steering.stoppedBy[to];
        // It may have ended while it was paused: a pause of then must not hold what begins now.
        if (ended) delete steering.paused[to];
        ports.fanOut()?.retry(subtask(to));
        return ended
          ? `${to} begins again; what it found stays until that is done`
          : `${to} begins again beside the life that is at work; the first to be done counts`;
      },
    },
    add: {
      refusal: () => notBegun() ?? noRoom(),
      apply(command) {
        const { title, goal } = command;
        steering.lastAdded = highestNumber(tree, steering.lastAdded) + 1;
        const id = `s${steering.lastAdded}`;
        ports.fanOut()?.add(id, command);
        return `${id} joins: ${(title ?? goal).slice(0, 120)}`;
      },
    },
    answerNow: {
      refusal() {
        const missing = notOpen(ports) ?? ports.fanOut()?.shortfall();
        return missing === undefined ? undefined : `no answer can be written now: ${missing}`;
      },
      apply({ by }) {
        steering.answerAskedBy = by.name;
        const open = openCount(tree);
        ports.fanOut()?.close();
        const held = steering.isPaused ? ', once the task is resumed' : '';
        const ends = open === 0 ? 'nothing more is looked for' : `${open} of ${tree.ids.length} subtasks end`;
        return `${ends}; the answer is written from what is there${held}`;
      },
    },
  };

  /** A life that begins with nothing could only fail. */
  function noMoney(): string | undefined {
    const { grants } = ports.state.ledger;
    if (!grants) return undefined;
    const { tokens = 1, costUsd = 1 } = roomOf(grants, 'further', standingOf(ports.state));
    return tokens > 0 && costUsd > 0 ? undefined : 'nothing is left of the task’s budget: extend the task first';
  }

  function noRoom(): string | undefined {
    const most = Math.min(extensionCeiling(request.class).maxSubtasks, MAX_SUBTASKS_A_TASK);
    // Those that are being planned count as well.
    const count = Math.max(tree.ids.length, highestNumber(tree, steering.lastAdded));
    return count < most ? undefined : `the task has ${count} subtasks, and its class allows ${most} at most`;
  }
}
