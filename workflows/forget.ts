// forget.ts: the Workflow that has one task removed: a single Activity, tried until it is done. It is a Workflow so that what
// was asked is kept while no worker is there.

import type { ForgetDone, ForgetInput } from '../protocol/forget.ts';
import { runInBackground } from './run-step.ts';

export async function forget(input: ForgetInput): Promise<ForgetDone> {
  return await runInBackground('forgetTask', `forget ${input.taskId}`, input);
}
