// deployment.ts: what the composition root gives to every Activity: the store, the models, the kinds, and what is allowed.

import type { RequestClass } from '../protocol/classes.ts';
import type { PartialText } from '../store/store.ts';
import type { TaskRequest } from '../protocol/task.ts';
import type { ClosedTrace } from './closed-traces.ts';
import type { AgentHost } from './agents/host.ts';
import type { EmbeddingsProvider } from '../documents/index/embeddings-provider.ts';
import type { CorpusLimits } from '../documents/sources/source-limits.ts';
import type { Tracing } from './loop/call-headers.ts';
import type { CallAhead } from './loop/call-ahead.ts';
import type { DirectMaterial } from './evidence/direct-material.ts';
import type { Notifier } from './notify/notifier.ts';
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
  /** How receivers are told of tasks. Absent: nobody is. */
  notify?: NotifyDeployment;
  /** Where traces of what has ended go. Absent: nowhere. */
  traces?: Tracing & { closed(ended: ClosedTrace): Promise<void> };
  /** Answers at once that began before their task's step. Absent: none do. */
  ahead?: { take(taskId: string, request: TaskRequest): BegunAnswer | undefined };
  /** Told of the words of answers at once as they come, for readers in this process. **Contract:** must not throw or wait. */
  relay?: (taskId: string, text: PartialText) => void;
  /** Most that any class may ask for here. */
  ceiling: RequestClass;
}

/** What was begun of an answer before its task's step. */
export interface BegunAnswer {
  material: Promise<DirectMaterial | { notEnough: string }>;
  /** Undefined where there is nothing to ask from, or nobody to ask. */
  call: Promise<CallAhead | undefined>;
  /** To be called once the step has ended. */
  over(): void;
}

export interface NotifyDeployment {
  /** By name. */
  notifiers?: ReadonlyMap<string, Notifier>;
  /** What each gets as its settings, by name. */
  settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The gateway's address for others, without a slash at its end: links begin so. Absent: a command is named. */
  publicUrl?: string;
}
