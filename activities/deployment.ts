// deployment.ts: what the composition root gives to every Activity: the store, the models, the kinds, and what is allowed.

import type { RequestClass } from '../protocol/classes.ts';
import type { AgentHost } from './agents/host.ts';
import type { EmbeddingsProvider } from '../documents/index/embeddings-provider.ts';
import type { CorpusLimits } from '../documents/sources/source-limits.ts';
import type { WebOptions } from '../documents/web/web-options.ts';

export interface Deployment extends AgentHost {
  /** Makes vectors of passages and questions. Absent: search goes by words alone. */
  embeddings?: EmbeddingsProvider;
  /** Name of the kind that works on a subtask whose planned kind does not exist. */
  defaultKind: string;
  /** Folders that documents may be read from, absolute. */
  roots: readonly string[];
  /** What may be read of the web. Absent: nothing. */
  web?: WebOptions;
  /** How much one task may read. Absent: 50,000 files, 2 GB. */
  corpus?: CorpusLimits;
  /** Most that any class may ask for here. */
  ceiling: RequestClass;
}
