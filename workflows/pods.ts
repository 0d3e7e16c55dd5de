// pods.ts: sends visits to workers, one subtask a pod, and takes each seat's outcome from whichever comes first: a report
// or the pod's own end. Packing several subtasks into one pod is another way to call `send`.

import type { PodSubtask } from '../protocol/activities.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { ReportItem } from '../protocol/reports.ts';
import { childResults } from './delegation.ts';
import { runPod } from './run-step.ts';
import { grantReports, returnReports } from './state/ledger.ts';
import type { MasterState } from './state/state.ts';
import { openCount, shownLife, subtaskOf, type Life, type SubtaskState, type Tree } from './state/tree.ts';
import { waitUntil } from './waiting.ts';

export interface Seat {
  subtask: SubtaskState;
  life: Life;
}

export interface Pods {
  /** One visit of a life, alone in its pod. Throws what the SDK throws. */
  visit: (subtask: SubtaskState, life: Life) => Promise<Outcome>;
  /** One pod for these lives: an outcome each as soon as it is known, none where a later visit has the life's log. */
  send(seats: readonly Seat[]): Promise<Outcome | undefined>[];
  /** Takes a report of a seat's ending. One that nobody waits for changes nothing. */
  finished(item: Extract<ReportItem, { kind: 'finished' }>): void;
}

type Task = Pick<MasterState, 'taskId' | 'firstRun' | 'request' | 'plan' | 'sources' | 'tree' | 'ledger'>;

export function openPods(task: Task): Pods {
  const waiting = new Map<string, (outcome: Outcome) => void>();

  function send(seats: readonly Seat[]): Promise<Outcome | undefined>[] {
    const { tree, ledger } = task;
    const grant = grantReports(ledger, seats.length, openCount(tree));
    const pod = runPod(
      {
        taskId: task.taskId,
        run: task.firstRun,
        goal: task.request.goal,
        planRef: task.plan?.planRef ?? '',
        ...(task.sources ? { corpusRef: task.sources.corpusRef } : {}),
        reportBudget: grant,
        pod: seats.map((seat) => nextVisit(seat, tree)),
      },
      seats.map(({ subtask }) => subtask.spec),
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
      for (let tries = 1; ; tries += 1) {
        const [end] = send([{ subtask, life }]);
        const outcome = await end;
        if (outcome) return outcome;
        // Another visit has its log, left over from before a Reset for one. The next outranks it, sooner or later.
        await waitUntil(Date.now() + Math.min(MAX_PAUSE_MS, tries * PAUSE_MS), subtask.spec.id);
      }
    },
    finished: ({ subtask, generation, visit, outcome }) => waiting.get(keyOf(subtask, generation, visit))?.(outcome),
  };
}

/** Between visits whose log another visit had claimed: a second more each time. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

const keyOf = (subtask: string, generation: number, visit: number): string => `${subtask}/${generation}/${visit}`;

/** The input of a life's next visit, with a new visit number. */
function nextVisit({ subtask, life }: Seat, tree: Tree): PodSubtask {
  const { spec, planRef } = subtask;
  // The time, so that a visit after a Reset outranks those that the Reset took back.
  life.visit = Math.max(life.visit + 1, Date.now());
  const results = childResults(tree, life);
  return {
    spec,
    generation: life.generation,
    visit: life.visit,
    records: life.records,
    needs: spec.needs.flatMap((id) => {
      const needed = subtaskOf(tree, id);
      const findingsRef = needed && shownLife(needed).findingsRef;
      return findingsRef === undefined ? [] : [{ subtask: id, title: needed?.spec.title ?? '', findingsRef }];
    }),
    // `answers` and `brought` are names in histories: they stay.
    ...(life.replies ? { answers: life.replies } : {}),
    ...(results ? { brought: results } : {}),
    ...(planRef === undefined ? {} : { planRef }),
  };
}
