// exit-codes.ts: what the exit code of `muster` means. Permanent: scripts depend on it.

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  cannotConnect: 5,
  stillRunning: 6,
  cancelled: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
