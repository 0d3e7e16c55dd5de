// address-problem.ts: whether TEMPORAL_ADDRESS can be an address at all. Loads no part of Temporal and connects to nothing.

import { hostAndPort } from './listening.ts';
import { SettingError } from './setting-error.ts';

const MOST = 65_535;

/** TEMPORAL_ADDRESS is no address: wrong usage, as a setting that must be a number and is none. */
export class ServerAddressError extends SettingError {
  constructor(problem: string) {
    super(problem, 'Write it as 127.0.0.1:7233.');
  }
}

/** Why this is none, in words with the variable's name; undefined when it may be one. */
export function addressProblem(address: string): string | undefined {
  if (!/^(\[[0-9a-f:.]+\]|[^\s:/[\]]+)(:\d{1,5})?$/i.test(address))
    return `TEMPORAL_ADDRESS is "${address}", which is not HOST:PORT, the name of a host and the number of a port`;
  const { port } = hostAndPort(address);
  return port >= 1 && port <= MOST
    ? undefined
    : `TEMPORAL_ADDRESS is "${address}", and there are only ports from 1 to ${MOST}`;
}
