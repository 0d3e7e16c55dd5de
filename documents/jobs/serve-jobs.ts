// serve-jobs.ts: the thread's end of a bounded thread: says when its modules are loaded, then answers job by job.

import { parentPort } from 'node:worker_threads';

export type JobReply<Output> =
  { kind: 'ready' } | { kind: 'done'; output: Output } | { kind: 'failed'; message: string };

/** Answers jobs with `work` until the thread is stopped. **Contract of `work`:** may throw; its message is passed on. */
export function serveJobs<Input, Output>(work: (input: Input) => Output | Promise<Output>): void {
  const answer = async (input: Input): Promise<JobReply<Output>> => {
    try {
      return { kind: 'done', output: await work(input) };
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  };
  parentPort?.on('message', (input: Input) => void answer(input).then((reply) => parentPort?.postMessage(reply)));
  const ready: JobReply<Output> = { kind: 'ready' };
  parentPort?.postMessage(ready);
}
