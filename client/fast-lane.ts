// fast-lane.ts: who could answer at once just now, as the server sees it; asked again after a while, however many start tasks.

import type { Client } from '@temporalio/client';
import { fastQueue } from '../protocol/names.ts';
import type { FastLane } from '../protocol/route.ts';
import { orLate } from './or-late.ts';

const KEPT_MS = 2_000;
/** Whoever starts a task waits no longer: it is not known then. */
const PATIENCE_MS = 250;
const SEEN_MS = 70_000;
const ACTIVITIES = 2;

const known = new WeakMap<Client, { readAt: number; lane: Promise<FastLane> }>();

export async function fastLane(client: Client, deployment: string): Promise<FastLane> {
  const kept = known.get(client);
  if (kept && Date.now() - kept.readAt < KEPT_MS) return await kept.lane;
  const lane = orLate(look(client, deployment), PATIENCE_MS, () => ({})).catch(() => ({}));
  known.set(client, { readAt: Date.now(), lane });
  return await lane;
}

async function look(client: Client, deployment: string): Promise<FastLane> {
  const { pollers, stats } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: fastQueue(deployment) },
    taskQueueType: ACTIVITIES,
    reportStats: true,
  });
  const since = (Date.now() - SEEN_MS) / 1_000;
  const about = (pollers ?? []).filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) > since);
  const workers = new Set(about.map(({ identity }) => identity)).size;
  const waiting = Number(stats?.approximateBacklogCount ?? 0);
  // What waits there waits since no place is free: how many there are the server does not know.
  return waiting > 0 ? { workers, waiting, places: waiting } : { workers, waiting };
}
