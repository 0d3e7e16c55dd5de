// queues.ts: what waits on the server for workers, and how many workers are about: asked of Temporal when somebody asks for the
// metrics, and at most once in a while; while nobody does, nothing is asked.

import type { Registry } from './registry.ts';

/** Scrapers that come one after the other share one look. */
const FRESH_MS = 4_000;
/** A worker that was killed stays listed for longer than one that polls is unseen. */
const WARM_MS = 70_000;

/** What is used of a connection to Temporal; the SDK's have more. */
export interface QueueServer {
  withDeadline<T>(deadline: number, ask: () => Promise<T>): Promise<T>;
  readonly workflowService: {
    describeTaskQueue(request: {
      namespace: string;
      taskQueue: { name: string };
      taskQueueType: number;
      reportStats: boolean;
    }): Promise<{
      pollers?: readonly { identity?: string | null; lastAccessTime?: Time }[] | null;
      stats?: { approximateBacklogCount?: unknown; approximateBacklogAge?: Time } | null;
    }>;
  };
}

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;

export interface QueueWatch {
  server: QueueServer;
  namespace: string;
  /** Their names on the server. */
  queues: Readonly<Record<'deep' | 'fast' | 'background', string>>;
  /** minWarmWorkers. */
  least: number;
}

/** Temporal's numbers of them. */
const TYPES = { workflow: 1, activity: 2 } as const;
/** A server that is away must not hold up what else is asked for. */
const PATIENCE_MS = 2_000;

/** @returns what ends it. */
export function watchQueues(metrics: Registry, { server, namespace, queues, least }: QueueWatch): () => void {
  let looked: { at: number; done: Promise<void> } | undefined;
  const one = async (queue: keyof QueueWatch['queues'], type: keyof typeof TYPES) => {
    const { pollers, stats } = await server.withDeadline(Date.now() + PATIENCE_MS, () =>
      server.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queues[queue] },
        taskQueueType: TYPES[type],
        reportStats: true,
      }),
    );
    metrics.set('muster_queue_backlog', { queue, type }, Number(stats?.approximateBacklogCount ?? 0));
    metrics.set('muster_queue_oldest_seconds', { queue, type }, secondsOf(stats?.approximateBacklogAge));
    return pollers ?? [];
  };
  const look = async (): Promise<void> => {
    try {
      const [pollers] = await Promise.all([
        one('deep', 'activity'),
        one('deep', 'workflow'),
        // Of a task that began in a gateway that is gone.
        one('fast', 'workflow'),
        one('fast', 'activity'),
        one('background', 'activity'),
      ]);
      const since = (Date.now() - WARM_MS) / 1e3;
      const warm = pollers.filter(({ lastAccessTime }) => secondsOf(lastAccessTime) > since);
      metrics.set('muster_warm_workers', {}, new Set(warm.map(({ identity }) => identity)).size);
    } catch {
      // An old number would look like a true one.
      for (const name of ['muster_queue_backlog', 'muster_queue_oldest_seconds', 'muster_warm_workers'] as const)
        metrics.clear(name);
    }
  };
  return metrics.onScrape(async () => {
    metrics.set('muster_warm_workers_min', {}, least);
    const now = Date.now();
    if (!looked || now - looked.at >= FRESH_MS) looked = { at: now, done: look() };
    await looked.done;
  });
}

const secondsOf = (time: Time): number => (time ? Number(time.seconds ?? 0) + (time.nanos ?? 0) / 1e9 : 0);
