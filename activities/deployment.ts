// deployment.ts: what the composition root hands to every Activity: where things are kept, who thinks, what is allowed.

import type { RequestClass } from '../protocol/classes.ts';
import type { AgentHost } from './agents/host.ts';
import type { EmbeddingsProvider } from '../documents/index/embeddings-provider.ts';
import type { WebOptions } from '../documents/web/web-options.ts';

export interface Deployment extends AgentHost {
  /** Makes vectors of passages and questions. Absent: search goes by words alone. */
  embeddings?: EmbeddingsProvider;
  /** Name of the kind that does what a plan gives to no kind that there is. */
  defaultKind: string;
  /** Folders that documents may be read from, absolute. */
  roots: readonly string[];
  /** What may be read of the web. Absent: nothing. */
  web?: WebOptions;
  /** Most that any class may ask for here. */
  ceiling: RequestClass;
}
