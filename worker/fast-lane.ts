// fast-lane.ts: a Worker for answers at once, inside the process that starts them: what is begun here, whether there is room for
// more, and the words as they come. Other workers of the deployment go on with what it leaves.

import { AnswersAhead, UNCLAIMED_MS, type BegunAhead } from '../activities/answers-ahead.ts';
import { createActivities, type Deployment } from '../activities/index.ts';
import type { Activities } from '../protocol/activities.ts';
import type { TaskRequest } from '../protocol/task.ts';
import type { PartialText } from '../store/store.ts';
import { countedStore } from './counted-store.ts';
import { deploymentOf, type ActivityOptions } from './create-worker.ts';
import { hostFastWorker, type HostOptions } from './host-worker.ts';

/** How things stand there just now. */
export interface LaneLoad {
  /** Workers here that take answers at once. */
  workers: number;
  /** Answers that can be under way at once, and those that are. */
  places: number;
  underWay: number;
  /** Whether no model can be asked, after outages. */
  isBreakerOpen: boolean;
}

/** A place for one answer, from before its start until its step has ended. */
export interface FastPlace {
  /** The task is started on it, so that it begins here (`StartOptions.eager`). */
  readonly connection: HostOptions['connection'];
  /**
   * Begins the answer of a task that is about to be started. Nothing of it is shown, or on record, before the task is there.
   * @param traceparent that the task is started with. Default: none.
   * @returns when its model has been asked, or will not be. Never rejects.
   */
  begin(taskId: string, request: TaskRequest, traceparent?: string): Promise<void>;
  /** The start is through. @param isStarted whether the task is new; its step comes in a moment, and has the place. */
  through(taskId: string, isStarted: boolean): void;
  /** Nothing is started by it after all; of a place whose task is started nothing happens. */
  release(): void;
}

export interface FastLane {
  /** What a router judges by; undefined where no answer can begin here, and others of the deployment make them. */
  load(): LaneLoad | undefined;
  /** Undefined where none is free, or no model can be asked. */
  take(): FastPlace | undefined;
  /** Words of answers, each time all that there are of one. @returns what ends it. */
  hear(listener: (taskId: string, text: PartialText) => void): () => void;
  /** The words of an answer that is being written here. */
  textOf(taskId: string): PartialText | undefined;
  /** Takes nothing new, and ends once what is at work has ended, or its grace is over. The connection stays open. */
  close(): Promise<void>;
}

export interface FastLaneOptions extends Pick<
  HostOptions,
  'connection' | 'namespace' | 'store' | 'tokens' | 'fastSlots'
> {
  /** ms that what is at work may go on when the lane closes. Default: 10,000, the most that a fast budget may be. */
  graceMs?: number;
  /** Told when its Worker ended by itself: nothing begins here from then on. Default: nobody. */
  onEnd?: (error: unknown) => void;
}

/** Answers under way at once: they wait for their models, mostly. */
const LANE_SLOTS = 64;

/** @throws what the SDK throws; as `createWorker`. */
export async function openFastLane(options: FastLaneOptions & ActivityOptions): Promise<FastLane> {
  const counted = { ...options, store: countedStore(options.store) };
  return await runFastLane(counted, (as) => createActivities(as(deploymentOf(counted))));
}

/** @param make the Activities, of a deployment that it is given and makes its own. */
export async function runFastLane(
  options: FastLaneOptions,
  make: (as: (deployment: Deployment) => Deployment) => Activities | Promise<Activities>,
): Promise<FastLane> {
  const { fastSlots: slots = LANE_SLOTS, onEnd = () => undefined } = options;
  const texts = new Map<string, PartialText>();
  const listeners = new Set<(taskId: string, text: PartialText) => void>();
  let ahead: AnswersAhead | undefined;
  let models: Deployment['models'] | undefined;
  /** Tasks whose step is here, places that are held, and those of tasks that are started. */
  const running = new Set<string>();
  const held = new Set<object>();
  const started = new Map<string, object>();
  const free = (taskId: string): void => {
    held.delete(started.get(taskId) ?? {});
    started.delete(taskId);
  };
  const made = await make((deployment) => {
    models = deployment.models;
    ahead = new AnswersAhead(deployment);
    const relay = (taskId: string, text: PartialText): void => {
      texts.set(taskId, text);
      for (const listener of listeners) listener(taskId, text);
    };
    return { ...deployment, ahead, relay };
  });
  const activities: Activities = {
    ...made,
    async answerDirectly(input) {
      const { taskId } = input;
      running.add(taskId);
      try {
        return await made.answerDirectly(input);
      } finally {
        running.delete(taskId);
        texts.delete(taskId);
        free(taskId);
      }
    },
  };
  const worker = await hostFastWorker({ ...options, fastSlots: slots }, Promise.resolve(activities));
  let isOpen = true;
  const ended = worker.run().then(
    () => (isOpen = false),
    (error: unknown) => {
      isOpen = false;
      onEnd(error);
    },
  );
  const load = (): LaneLoad | undefined =>
    isOpen && worker.getState() === 'RUNNING'
      ? {
          workers: 1,
          places: slots,
          underWay: held.size + [...running].filter((taskId) => !started.has(taskId)).length,
          isBreakerOpen: models?.inOrder().every((line) => line.closedForMs() > 0) ?? false,
        }
      : undefined;
  return {
    load,
    take() {
      const now = load();
      if (!now || now.isBreakerOpen || now.underWay >= slots) return undefined;
      const place = {};
      held.add(place);
      let isThrough = false;
      let begun: BegunAhead | undefined;
      return {
        connection: options.connection,
        async begin(...asked) {
          begun = ahead?.begin(...asked);
          await begun?.hasAsked;
        },
        through(taskId, isStarted) {
          begun?.through(isStarted);
          if (!isStarted) return;
          isThrough = true;
          started.set(taskId, place);
          setTimeout(() => {
            if (!running.has(taskId)) free(taskId);
          }, UNCLAIMED_MS).unref();
        },
        release: () => void (isThrough || held.delete(place)),
      };
    },
    hear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    textOf: (taskId) => texts.get(taskId),
    async close() {
      isOpen = false;
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}
