// options.ts: what a gateway is made of, for who embeds it.

import type { MusterClient } from '../client/muster-client.ts';
import type { NotifySettings } from '../protocol/schemas/notify.ts';
import type { FastLane } from '../worker/fast-lane.ts';
import type { AdmissionSettings } from './doors/admission.ts';
import type { Authenticate } from './doors/door.ts';
import type { TenantLimits } from './doors/tenant-accounts.ts';
import type { AccessEntry } from './routes/context.ts';
import type { NamedSource } from './routes/named-sources.ts';

export interface GatewayOptions {
  /** Connected, with a store that can be read. */
  client: MusterClient;
  /**
   * Who asks; undefined: nobody who may. **Contract:** may throw, which is answered as a bug; must not read the body.
   * Default: everybody is the tenant `default` and may do all, so that nobody else must be able to reach it.
   */
  authenticate?: Authenticate;
  /** Sources that requests may name. Default: none. */
  sources?: Readonly<Record<string, NamedSource>>;
  /** Folder from which paths are taken in requests of callers who may name them. Default: paths are refused. */
  pathsFrom?: string;
  /** The config file, for its classes. Default: the built-in classes. */
  configPath?: string;
  /** Who may be told of tasks, as the config file says: others are refused at once. Default: workers alone judge. */
  notify?: NotifySettings;
  /**
   * A Worker for answers at once in this process (`openFastLane` of `muster-agents/worker`). The caller closes it, after the
   * gateway and before its connection. Default: none; other workers of the deployment answer.
   */
  fastLane?: FastLane;
  /** What stands before the paths in links, e.g. `/api`. Default: nothing. */
  basePath?: string;
  /** Values of the Host header that are served, without port. Default: all. */
  hosts?: readonly string[];
  /** Origins whose pages may use the API from a browser, WebSocket included. Default: the one that it is served from. */
  origins?: readonly string[];
  /** What the deployment takes; beyond it starts are refused at once. Default: 32 at once, 200 a second, 10,000 queued. */
  admission?: Partial<AdmissionSettings>;
  /** What each tenant may. Default: no bounds. */
  limits?: TenantLimits;
  /** What some tenants may, in place of `limits`. */
  tenants?: Readonly<Record<string, TenantLimits>>;
  /** Bytes of one uploaded file. Default: 20 MB. */
  uploadBytes?: number;
  /** Bytes of events kept for readers of one task; who is further behind gets a snapshot. Default: 4 MiB. */
  logBytes?: number;
  /** Tasks followed at once. Default: 2,000. */
  mostTasks?: number;
  /** ms between two signs of life on a WebSocket; one that gives none in return is ended. Default: 14,000. */
  heartbeatMs?: number;
  /** Told of each request once it is answered. Default: nobody. */
  onRequest?: (entry: AccessEntry) => void;
  /** Told of bugs and of what went wrong in the background. Default: nobody. */
  onError?: (error: unknown) => void;
}
