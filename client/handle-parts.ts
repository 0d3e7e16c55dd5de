// handle-parts.ts: what one task is reached through.

import type { Client, Connection } from '@temporalio/client';
import type { Store } from '../store/store.ts';

export interface HandleParts {
  taskId: string;
  client: Client;
  connection: Connection;
  deployment: string;
  store?: Store;
}
