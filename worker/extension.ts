// extension.ts: what somebody adds to a deployment, as plain values.

import type { ModelProvider, SubAgentKind, Tool } from '../activities/index.ts';
import type { RequestClass } from '../protocol/classes.ts';

export interface Extension {
  /** Who adds it, for messages: its file. */
  from?: string;
  /** Kinds of sub-agents beside `researcher` and `verifier`, each with the tools that it lists itself. */
  kinds?: readonly SubAgentKind[];
  /** Tools of the `researcher` beside its own. */
  tools?: readonly Tool[];
  /** Request classes; `muster worker` allows what they ask for, `createWorker` goes by its `ceiling`. */
  classes?: readonly RequestClass[];
  /** Models, asked after those of the worker's options unless `orders` says otherwise. */
  models?: readonly ModelProvider[];
  /** @deprecated Older name of `kinds`. */
  subAgents?: readonly SubAgentKind[];
}
