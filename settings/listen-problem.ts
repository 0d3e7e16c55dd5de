// listen-problem.ts: why a process can't listen where it was asked to, and what to do. Node says a code and an address.

import { SettingError } from './setting-error.ts';

/** What names the place: flags, or a part of the config file. */
export interface ListenKnobs {
  port: string;
  host: string;
}

/** Where the numbers for Prometheus are shown. */
export const METRICS: ListenKnobs = { port: '"metrics" of the config file', host: '"metrics" of the config file' };

/** In words for the person who named the place; undefined where something else went wrong. */
export function listenProblem(error: unknown, knobs: ListenKnobs): SettingError | undefined {
  const { code, syscall, port, address, hostname } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
    hostname?: string;
  };
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined;
  const problem = (message: string, hint: string): SettingError => new SettingError(message, hint, { cause: error });
  if (code === 'EADDRINUSE')
    return problem(
      `port ${port} of ${address} is taken by another program`,
      `Stop that program, or name another port in ${knobs.port}.`,
    );
  if (code === 'EACCES' || code === 'EPERM')
    return problem(
      `port ${port} of ${address} may not be taken by this user`,
      `Name another port in ${knobs.port}, from 1024 on.`,
    );
  return problem(
    `${hostname ?? address} is no address of this machine (${code})`,
    `Name one of its addresses in ${knobs.host}.`,
  );
}

/** For `catch` of what listens. @throws SettingError where it is a problem of the place, else the error itself. */
export const tellingWhere =
  (knobs: ListenKnobs) =>
  (error: unknown): never => {
    throw listenProblem(error, knobs) ?? error;
  };
