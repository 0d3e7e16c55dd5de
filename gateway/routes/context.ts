// context.ts: what every route works with.

import type { Context } from 'hono';
import type { MusterClient } from '../../client/muster-client.ts';
import type { RequestClass } from '../../protocol/classes.ts';
import type { Store } from '../../store/store.ts';
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
  standing: Standing;
  uploads: Uploads;
  sources: Omit<SourceRules, 'uploads'>;
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
}

export interface Variables {
  caller: Caller;
  requestId: string;
}

export type Ctx = Context<{ Variables: Variables }>;
