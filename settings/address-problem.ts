// address-problem.ts: whether TEMPORAL_ADDRESS can be an address at all. Loads no part of Temporal and connects to nothing.

import { hostAndPort } from './listening.ts';

const MOST = 65_535;

/** What mends it. */
export const ADDRESS_AS = 'Write it as 127.0.0.1:7233.';

/** Why this is none, in words with the variable's name; undefined when it may be one. */
export function addressProblem(address: string): string | undefined {
  if (!/^(\[[0-9a-f:.]+\]|[^\s:/[\]]+)(:\d{1,5})?$/i.test(address))
    return `TEMPORAL_ADDRESS is "${address}", which is not HOST:PORT`;
  const { port } = hostAndPort(address);
  return port >= 1 && port <= MOST
    ? undefined
    : `TEMPORAL_ADDRESS is "${address}", and there are only ports from 1 to ${MOST}`;
}
