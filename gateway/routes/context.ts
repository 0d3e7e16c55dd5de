// context.ts: what every route works with.

import type { Context } from 'hono';
import type { MusterClient } from '../../client/muster-client.ts';
import type { RequestClass } from '../../protocol/classes.ts';
import type { Notify } from '../../protocol/notify.ts';
import type { NotifySettings } from '../../protocol/schemas/notify.ts';
import type { Store } from '../../store/store.ts';
import type { FastLane } from '../../worker/fast-lane.ts';
import type { Caller } from '../doors/caller.ts';
import type { Standing } from '../doors/standing.ts';
import type { Starts } from '../doors/starts.ts';
import type { Uploads } from '../doors/uploads.ts';
import type { Hubs } from '../live/hubs.ts';
import type { TaskView } from '../wire/schemas.ts';
import type { SourceRules } from './named-sources.ts';

export interface Services {
  client: MusterClient;
  store: Store;
  hubs: Hubs;
  starts: Starts;
  /** The Worker for answers at once in this process; undefined: there is none. */
  fastLane: FastLane | undefined;
  standing: Standing;
  uploads: Uploads;
  sources: Omit<SourceRules, 'uploads'>;
  /** Who may be told of tasks, as far as these receivers ask for it; undefined: it is not known here. */
  notifyFor: ((receivers: readonly Notify[]) => Promise<NotifySettings>) | undefined;
  /** @throws RequestRefusedError for a class that there is not. */
  classOf: (name: string | undefined) => Promise<RequestClass>;
  urlsOf: (taskId: string) => TaskView['urls'];
  /** True once it ends: nothing new is taken. */
  isClosing: () => boolean;
}

/** One answered request. Holds no goal, no key and no query. */
export interface AccessEntry {
  requestId: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  /** Name of who asked. */
  caller?: string;
  tenant?: string;
  /** Of the table of routes; absent for what is on none. */
  route?: string;
  /** The task that it is about, or that it started. */
  taskId?: string;
  /** Of that task, where it was looked at: `agent_session_id`. */
  sessionId?: string;
  /** Of whoever asks (W3C Trace Context). */
  traceparent?: string;
}

export interface Variables {
  route?: string;
  taskId?: string;
  sessionId?: string;
  caller: Caller;
  requestId: string;
}

export type Ctx = Context<{ Variables: Variables }>;
