// handle-parts.ts: what one task is reached through.

import type { Client, Connection } from '@temporalio/client';
import type { Store } from '../store/store.ts';

export interface HandleParts {
  taskId: string;
  client: Client;
  connection: Connection;
  deployment: string;
  store?: Store;
  /** Nobody named the server: it is what listens where Temporal's tools look, and may be another project's. */
  isServerGuessed?: boolean;
  /** Whether this start made the task; absent where it was looked up. */
  isNew?: boolean;
  /** Of whom this start made it for; absent where it was looked up, or is a trace of its own. */
  traceparent?: string;
}
