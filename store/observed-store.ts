// observed-store.ts: a store that tells what it kept for the first time, and which of its calls failed. Changes nothing of what
// it does; knows nothing of who listens.

import type { ClosedRows } from '../protocol/class-history.ts';
import type { TaskEvent } from '../protocol/events.ts';
import { LogTakenOverError, StoreError, type LogKey, type LogSegment, type Store } from './store.ts';

/** **Contract:** none of these may throw. */
export interface StoreObserver {
  /** The rows of a task that had none. */
  noted?(rows: ClosedRows): void;
  /** Events that were not there. */
  appended?(events: readonly TaskEvent[]): void;
  /** A call failed, by the name of the method; `append` is that of a log. Being outrun by a later attempt is no failure. */
  failed(operation: string): void;
}

type Method = (...args: unknown[]) => unknown;

/** The same store, observed. What it gives and throws is the same. */
export function observedStore(store: Store, observer: StoreObserver): Store {
  const watched = async <T>(operation: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof StoreError && !(error instanceof LogTakenOverError)) observer.failed(operation);
      throw error;
    }
  };
  const own: Partial<Store> = {
    async noteOutcome(rows) {
      const isNew = await watched('noteOutcome', store.noteOutcome(rows));
      if (isNew) observer.noted?.(rows);
      return isNew;
    },
    async appendEvents(taskId, events) {
      const fresh = await watched('appendEvents', store.appendEvents(taskId, events));
      if (fresh.length > 0) observer.appended?.(fresh);
      return fresh;
    },
    async claimLog<R>(key: LogKey, options?: { visit?: number; isRetry?: boolean }): Promise<LogSegment<R>> {
      const segment = await watched('claimLog', store.claimLog<R>(key, options));
      return {
        segment: segment.segment,
        earlier: segment.earlier,
        append: (record) => watched('append', segment.append(record)),
        close: () => segment.close(),
      };
    },
  };
  const wrapped = new Map<PropertyKey, Method>();
  return new Proxy(store, {
    get(target, name) {
      if (name in own) return own[name as keyof Store];
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method = value as Method;
      const known = wrapped.get(name);
      if (known) return known;
      const call: Method = (...args) => {
        const given = method.apply(target, args);
        return given instanceof Promise ? watched(String(name), given) : given;
      };
      wrapped.set(name, call);
      return call;
    },
  });
}
