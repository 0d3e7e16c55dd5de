// fan-out-ports.ts: what tests of the fan-out hand it in place of the SDK: visits by script, endings written down.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { SubtaskSpec } from '../../protocol/plan.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { fanOut, type Ending, type FanOut, type FanOutPorts } from '../../workflows/fan-out.ts';
import { addLife, addSubtask, newTree, type Life, type SubtaskState } from '../../workflows/state/tree.ts';

export const specOf = (id: string, needs: string[] = []): SubtaskSpec => ({
  id,
  title: id,
  kind: 'researcher',
  needs,
  mode: 'blocking',
  limits: BUILT_IN_CLASSES.quick.subtask,
  timeouts: { startToCloseSeconds: 10, heartbeatSeconds: 10 },
  queue: 'q',
  retry: { maxAttempts: 3, baseMs: 1, capMs: 1 },
  priority: 3,
  inputHash: '',
});

/** A planned subtask, of a tree of its own. */
export const subtask = (id: string, needs: string[] = []): SubtaskState => addSubtask(newTree(), specOf(id, needs));

const base = ({ spec }: SubtaskState, generation: number) => ({
  subtask: spec.id,
  generation,
  usage: NO_USAGE,
  turns: 1,
  startedAt: 0,
  endedAt: 1,
  records: 3,
});

export const done = (one: SubtaskState, generation = 1): Extract<Outcome, { status: 'done' }> => ({
  ...base(one, generation),
  status: 'done',
  findingCount: 0,
  digests: [],
  missing: [],
});
export const failed = (one: SubtaskState, generation = 1): Outcome => ({
  ...done(one, generation),
  status: 'failed',
  failure: { type: 'LimitReached', message: 'too long' },
});
export const retryAt = (one: SubtaskState, at: number): Outcome => ({
  ...base(one, 1),
  status: 'retryAt',
  at,
  failure: { type: 'ModelRateLimited', message: 'slow down' },
});
export const waiting = (one: SubtaskState): Outcome => ({ ...base(one, 1), status: 'waiting', handles: [] });
export const delegated = (one: SubtaskState): Outcome => ({ ...base(one, 1), status: 'delegated', delegations: [] });

/** Thrown into a visit that is cancelled. */
export const CANCELLED = 'cancelled';

export interface Rig extends FanOut {
  /** What happened, in order: `start s1`, `end s1 done`, `lost s1/2 stopped`, … */
  log: string[];
  endings: Map<string, Ending>;
  /** Cancels from outside, as a deadline does. */
  cancelAll(): void;
}

export function fan(
  visit: (subtask: SubtaskState, life: Life) => Promise<Outcome>,
  own: Partial<FanOutPorts> = {},
): Rig {
  const log: string[] = [];
  const endings = new Map<string, Ending>();
  const cancels = new Set<() => void>();
  const second = ({ generation }: Life): string => (generation === 1 ? '' : `/${generation}`);
  const made = fanOut({
    visit,
    waitForNext: async (one, _life, { status }) => void log.push(`wait ${one.spec.id} ${status}`),
    endingOf(error) {
      if (error === CANCELLED) return { status: 'stopped' };
      if (error instanceof Error) return undefined;
      return { status: 'failed', failure: { type: 'ModelUnavailable', message: String(error) } };
    },
    cancellable(work) {
      let cancel = (): void => undefined;
      const cancelled = new Promise<never>((_done, reject) => (cancel = () => reject(CANCELLED)));
      cancels.add(cancel);
      const stopped = cancelled.catch(() => ({ status: 'stopped' }) as never);
      return { done: Promise.race([work(), stopped]), cancel };
    },
    wasMet: () => false,
    handsOn: () => false,
    newLife: (one) => addLife(newTree(), one),
    onStart: (one, life) => void log.push(`start ${one.spec.id}${second(life)}`),
    decide: () => 'go on',
    onEnd(one, life, ending) {
      endings.set(one.spec.id, ending);
      log.push(`end ${one.spec.id}${second(life)} ${ending.status}`);
    },
    onLost: (one, life, ending) => void log.push(`lost ${one.spec.id}/${life.generation} ${ending.status}`),
    ...own,
  });
  return { ...made, log, endings, cancelAll: () => cancels.forEach((cancel) => cancel()) };
}
