// extension.ts: what somebody adds to a deployment, as plain values.

import type { ModelProvider, Notifier, SubAgentKind, Tool } from '../activities/index.ts';
import type { RequestClass } from '../protocol/classes.ts';
import type { Router } from '../protocol/schemas/router.ts';

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
  /** Ways to tell somebody of a task, beside `webhook`, `email` and `ntfy`. */
  notifiers?: readonly Notifier[];
  /** What judges questions where a path is to be chosen: that is whoever starts a task, and no worker. */
  routers?: readonly Router[];
  /** @deprecated Older name of `kinds`. */
  subAgents?: readonly SubAgentKind[];
}
