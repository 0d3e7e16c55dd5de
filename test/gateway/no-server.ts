// no-server.ts: what a gateway needs of a client where a test has no server: it is there, and nothing is known of it.

/** Part of a `MusterClient`. */
export const noServer = {
  temporal: { connection: { withDeadline: <T>(_at: number, call: () => Promise<T>) => call() } },
  ping: () => Promise.resolve(),
  queued: () => Promise.resolve(0),
};
