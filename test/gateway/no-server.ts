// no-server.ts: what a gateway needs of Temporal's client where a test has no server: it is there, and nothing is known of it.

/** As `client.temporal`. */
export const noServer = {
  connection: { withDeadline: <T>(_at: number, call: () => Promise<T>) => call() },
  workflowService: { getSystemInfo: () => Promise.resolve({}) },
};
