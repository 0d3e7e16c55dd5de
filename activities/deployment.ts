// deployment.ts: what the composition root hands to every Activity: where things are kept, who thinks, what is allowed.

import type { RequestClass } from '../protocol/classes.ts';
import type { Store } from '../store/store.ts';
import type { SubAgentKind } from './agents/sub-agent.ts';
import type { ModelProvider } from './models/provider.ts';
import type { WebOptions } from './web/web-options.ts';

export interface Deployment {
  store: Store;
  provider: ModelProvider;
  /** Kinds of sub-agents by name. */
  kinds: ReadonlyMap<string, SubAgentKind>;
  /** Folders that documents may be read from, absolute. */
  roots: readonly string[];
  /** What may be read of the web. Absent: nothing. */
  web?: WebOptions;
  /** Most that any class may ask for here. */
  ceiling: RequestClass;
  /** This process, in logs: host and pid. */
  worker: string;
}
