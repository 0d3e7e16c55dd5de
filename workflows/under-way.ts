// under-way.ts: counts what goes on without a person. While nothing does and a question is open, the deadline's time stands
// still, and the task is said to wait for a person.

import { CancellationScope, condition } from '@temporalio/workflow';
import { mayAskPerson } from '../protocol/task.ts';
import type { Clock } from './clock.ts';
import { showTaskState } from './progress.ts';
import { release } from './state/standstill.ts';
import type { MasterState } from './state/state.ts';

export interface UnderWay {
  /** Counts until it ends. The same promise: no command of the Workflow comes later for being counted. */
  counted<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

export function watchUnderWay(state: MasterState, clock: Clock): UnderWay {
  let count = 0;
  const isForPerson = (): boolean => count === 0 && Object.keys(state.mailbox.questions).length > 0;
  const scope = new CancellationScope();

  async function watch(): Promise<void> {
    for (;;) {
      // Judged when all that one activation brings is done, so that nothing is seen between a visit's end and what follows it.
      await condition(isForPerson);
      clock.hold('person');
      state.waitingFor = 'person';
      showTaskState(state);
      await condition(() => !isForPerson());
      clock.release('person');
      delete state.waitingFor;
      showTaskState(state);
    }
  }

  // A task that asks nobody has no scope of this, as older histories have none.
  if (mayAskPerson(state.request)) {
    scope
      .run(watch)
      // It ends by being stopped alone.
      .catch(() => undefined);
  }
  return {
    counted(work) {
      count += 1;
      const end = (): void => void (count -= 1);
      work.then(end, end);
      return work;
    },
    stop() {
      scope.cancel();
      release(state.standstill, 'person', Date.now());
      const wasWaiting = state.waitingFor !== undefined;
      delete state.waitingFor;
      if (wasWaiting) showTaskState(state);
    },
  };
}
