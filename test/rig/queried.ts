// queried.ts: a Query of a task, asked as often as a machine that others use makes the server give it up.

import type { WorkflowHandle } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { until } from './until.ts';

/** Server and client wait ten seconds for a worker, by code 4 or 14; a busy machine may need more. */
const GAVE_UP = [4, 14];

/** What the Query returns. */
export async function queried(handle: WorkflowHandle, name: string): Promise<unknown> {
  let answer: unknown;
  await until(`Query ${name} is answered`, async () => {
    try {
      answer = await handle.query(name);
      return true;
    } catch (error) {
      const { cause } = error as Error;
      if ([error, cause].some((one) => isGrpcServiceError(one) && GAVE_UP.includes(one.code))) return false;
      throw error;
    }
  });
  return answer;
}
