// pods.ts: sends visits to workers, one subtask a pod, and takes each seat's outcome from whichever comes first: a report
// or the pod's own end. Packing several subtasks into one pod is another way to call `send`.

import type { PodSubtask } from '../protocol/activities.ts';
import { least } from '../protocol/budget.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { SubtaskSpec } from '../protocol/plan.ts';
import type { ReportItem } from '../protocol/reports.ts';
import { childResults } from './delegation.ts';
import { runPod } from './run-step.ts';
import { moneyIn } from './state/grants.ts';
import { grantReports, returnReports } from './state/ledger.ts';
import { askedIn, type MasterState } from './state/state.ts';
import { nextStamp, type Steering } from './state/steering.ts';
import { openCount, shownLife, subtaskOf, type Life, type SubtaskState, type Tree } from './state/tree.ts';

export interface Seat {
  subtask: SubtaskState;
  life: Life;
}

export interface Pods {
  /** One visit of a life, alone in its pod; undefined where a later one has its log. Throws what the SDK throws. */
  visit: (subtask: SubtaskState, life: Life) => Promise<Outcome | undefined>;
  /** One pod for these lives: an outcome each as soon as it is known, none where a later visit has the life's log. */
  send(seats: readonly Seat[]): Promise<Outcome | undefined>[];
  /** Takes a report of a seat's ending. One that nobody waits for changes nothing. */
  finished(item: Extract<ReportItem, { kind: 'finished' }>): void;
}

type Task = Pick<
  MasterState,
  'taskId' | 'firstRun' | 'request' | 'session' | 'plan' | 'sources' | 'tree' | 'ledger' | 'steering'
>;

export function openPods(task: Task): Pods {
  const waiting = new Map<string, (outcome: Outcome) => void>();

  function send(seats: readonly Seat[]): Promise<Outcome | undefined>[] {
    const { tree, ledger } = task;
    const grant = grantReports(ledger, seats.length, openCount(tree));
    const pod = runPod(
      {
        taskId: task.taskId,
        run: task.firstRun,
        goal: askedIn(task),
        ...(task.session ? { session: task.session } : {}),
        planRef: task.plan?.planRef ?? '',
        ...(task.sources ? { corpusRef: task.sources.corpusRef } : {}),
        reportBudget: grant,
        pod: seats.map((seat) => nextVisit(seat, tree, task.steering)),
      },
      seats.map(({ subtask }) => subtask.spec),
      Math.max(0, ...seats.map((seat) => moreSecondsOf(seat, task.steering))),
    ).finally(() => returnReports(ledger, grant));
    const ends = seats.map(({ subtask: { spec } }) =>
      pod.then(({ outcomes }) => outcomes.find(({ subtask }) => subtask === spec.id)),
    );
    return seats.length === 1 ? ends : ends.map((end, at) => firstOf(end, seats[at]));
  }

  /** The seat's outcome by report or by the pod's end: a seat that ended early must not wait for the last one of its pod. */
  async function firstOf(end: Promise<Outcome | undefined>, seat: Seat | undefined): Promise<Outcome | undefined> {
    if (!seat) return await end;
    const key = keyOf(seat.subtask.spec.id, seat.life.generation, seat.life.visit);
    const reported = new Promise<Outcome>((take) => waiting.set(key, take));
    end.catch(() => undefined);
    return await Promise.race([reported, end]).finally(() => waiting.delete(key));
  }

  return {
    send,
    async visit(subtask, life) {
      const [end] = send([{ subtask, life }]);
      return await end;
    },
    finished: ({ subtask, generation, visit, outcome }) => waiting.get(keyOf(subtask, generation, visit))?.(outcome),
  };
}

/** What people added to the time of a life. */
const moreSecondsOf = ({ subtask, life }: Seat, { extendedLives }: Steering): number =>
  extendedLives[`${subtask.spec.id}/${life.generation}`]?.seconds ?? 0;

const keyOf = (subtask: string, generation: number, visit: number): string => `${subtask}/${generation}/${visit}`;

/** What these subtasks found, by reference. */
export const foundBy = (tree: Tree, ids: readonly string[]): PodSubtask['needs'] =>
  ids.flatMap((id) => {
    const subtask = subtaskOf(tree, id);
    const findingsRef = subtask && shownLife(subtask).findingsRef;
    return findingsRef === undefined ? [] : [{ subtask: id, title: subtask?.spec.title ?? '', findingsRef }];
  });

/** The plan's words, with what holds for this life alone. */
function specFor(spec: SubtaskSpec, { models, grant }: Life): SubtaskSpec {
  if (!models && !grant) return spec;
  return {
    ...spec,
    ...(models ? { models } : {}),
    ...(grant ? { limits: { ...spec.limits, ...least(moneyIn(spec.limits), grant) } } : {}),
  };
}

/** The input of a life's next visit, with a new visit number. */
function nextVisit({ subtask, life }: Seat, tree: Tree, steering: Steering): PodSubtask {
  const { spec, planRef, found = [] } = subtask;
  life.visit = nextStamp(steering, Date.now(), life.visit + 1);
  const results = childResults(tree, life);
  return {
    spec: specFor(spec, life),
    generation: life.generation,
    visit: life.visit,
    records: life.records,
    needs: [...found, ...foundBy(tree, spec.needs)],
    // `answers` and `brought` are names in histories: they stay.
    ...(life.replies ? { answers: life.replies } : {}),
    ...(results ? { brought: results } : {}),
    ...(planRef === undefined ? {} : { planRef }),
  };
}
