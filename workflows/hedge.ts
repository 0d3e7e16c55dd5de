// hedge.ts: begins a second life beside a subtask that takes longer than most of its kind. Waits with one timer a kind, not one a
// subtask. Which of the two lives counts is the fan-out's business.

import { CancellationScope, sleep } from '@temporalio/workflow';
import { HEDGED_SHARE, type Hedge } from '../protocol/join.ts';
import type { MasterContext } from './endings.ts';
import type { FanOut } from './fan-out.ts';
import type { SubtaskState } from './state/tree.ts';

export interface HedgePorts {
  /** Subtasks that the plan has by now. */
  count: () => number;
  /** Whether it is at work, by one life. */
  isAlone: (subtask: SubtaskState) => boolean;
  /** Whether it stands still: then it is no slower for that. */
  standsStill: (subtask: SubtaskState) => boolean;
  /** Whether the budget has room for a second life. */
  hasRoom: (subtask: SubtaskState) => boolean;
  /** Begins the second life. */
  begin: (subtask: SubtaskState, afterMs: number) => void;
}

export interface Hedges {
  /** A subtask's first life begins. */
  started: (subtask: SubtaskState) => void;
  /** Begins none any more. */
  stop: () => void;
}

/** @param usual by kind, when 95 of 100 subtasks were done, in milliseconds; a kind that is not in it is not hedged. */
export function openHedges(
  hedge: Hedge | undefined,
  usual: Readonly<Record<string, number>>,
  ports: HedgePorts,
): Hedges {
  const scope = new CancellationScope();
  const queues = new Map<string, { subtask: SubtaskState; at: number }[]>();
  let begun = 0;

  const afterMsOf = (kind: string): number | undefined =>
    hedge?.afterMs ?? (Object.hasOwn(usual, kind) ? usual[kind] : undefined);

  async function watch(queue: { subtask: SubtaskState; at: number }[], afterMs: number): Promise<void> {
    for (let next = queue[0]; next; next = queue[0]) {
      const { subtask, at } = next;
      if (ports.isAlone(subtask) && at > Date.now()) {
        await sleep(at - Date.now(), { summary: `when ${subtask.spec.id} counts as slow` });
        continue;
      }
      queue.shift();
      if (!ports.isAlone(subtask)) continue;
      if (ports.standsStill(subtask)) queue.push({ subtask, at: Date.now() + afterMs });
      else if (begun < Math.ceil(ports.count() * HEDGED_SHARE) && ports.hasRoom(subtask)) {
        begun += 1;
        ports.begin(subtask, afterMs);
      }
    }
  }

  return {
    started(subtask) {
      if (!hedge) return;
      const { kind } = subtask.spec;
      const afterMs = afterMsOf(kind);
      if (afterMs === undefined) return;
      const waiting = queues.get(kind);
      if (waiting && waiting.length > 0) return void waiting.push({ subtask, at: Date.now() + afterMs });
      const queue = [{ subtask, at: Date.now() + afterMs }];
      queues.set(kind, queue);
      // Its only failure is to be stopped.
      scope.run(() => watch(queue, afterMs)).catch(() => undefined);
    },
    stop: () => scope.cancel(),
  };
}

/** Begins the second life, which asks the next model first: the first one may be what is slow. */
export function beginBeside(
  { emit }: Pick<MasterContext, 'emit'>,
  fan: FanOut,
  subtask: SubtaskState,
  afterMs: number,
): void {
  const { id, models: [first, ...others] = [] } = subtask.spec;
  if (!fan.startLife(subtask, others.length > 0 && first !== undefined ? [...others, first] : undefined)) return;
  emit({ type: 'subtask.hedged', subtask: id, generation: subtask.lives.length, afterMs });
}
