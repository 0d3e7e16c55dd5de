// server.ts: the doctor's connection to Temporal: raw calls, each with a deadline, so that none waits for a server that is gone.

import { Connection } from '@temporalio/client';
import type { TemporalSettings } from '../../settings/temporal-settings.ts';

/** No answer of a healthy server takes this long. */
const ANSWER_MS = 5_000;

export interface Server {
  connection: Connection;
  namespace: string;
  address: string;
  /** ms that one question took. */
  answerMs: number;
  version: string;
  /** One call, given up after 5 s. */
  ask: <T>(call: (connection: Connection) => Promise<T>) => Promise<T>;
}

/** @throws what the SDK throws. */
export async function openServer({ options, address, namespace }: TemporalSettings): Promise<Server> {
  // Nothing is tried again: a refusal is what is looked for, and a wait for the next try is no time of the server's.
  const connection = await Connection.connect({ ...options, connectTimeout: ANSWER_MS, interceptors: [] });
  const ask: Server['ask'] = (call) =>
    connection.withDeadline(Date.now() + ANSWER_MS, async () => await call(connection));
  const began = performance.now();
  const { serverVersion } = await ask(({ workflowService }) => workflowService.getSystemInfo({}));
  const answerMs = Math.round(performance.now() - began);
  return { connection, namespace, address, answerMs, version: serverVersion, ask };
}
