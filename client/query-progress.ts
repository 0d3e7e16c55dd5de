// query-progress.ts: what a master says of its task when it is asked. Best effort: a Query needs a worker.

import { QUERIES } from '../protocol/names.ts';
import type { Progress } from '../protocol/progress.ts';
import type { HandleParts } from './handle-parts.ts';

const DEADLINE_MS = 3_000;

/** Undefined where nobody answers: no worker, no such task, no server. */
export async function queryProgress({ client, connection, taskId }: HandleParts): Promise<Progress | undefined> {
  try {
    return await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(taskId).query<Progress>(QUERIES.progress),
    );
  } catch {
    return undefined;
  }
}
