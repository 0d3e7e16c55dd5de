// listening.ts: whether anything listens at an address. Says nothing of what it is.

import { connect } from 'node:net';

const PATIENCE_MS = 2_000;

/** The parts of `host:port`; the port is Temporal's where there is none. */
export function hostAndPort(address: string): { host: string; port: number } {
  const [, host = '', port = '7233'] = /^(.+?)(?::(\d+))?$/.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** True when a connection opens within 2 s. */
export const isListening = async (address: string): Promise<boolean> => (await knock(address)) === 'opens';

/** True when the port refuses a connection, which is known at once; false when it opens, or for all else that may be. */
export const isRefusing = async (address: string): Promise<boolean> => (await knock(address)) === 'refuses';

function knock(address: string): Promise<'opens' | 'refuses' | 'unknown'> {
  return new Promise((settle) => {
    const { host, port } = hostAndPort(address);
    // A port that there is not is refused with a throw.
    if (port > 65_535) return settle('unknown');
    const socket = connect({ host, port });
    const end = (answer: 'opens' | 'refuses' | 'unknown'): void => {
      settle(answer);
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => end('unknown'));
    socket.once('connect', () => end('opens'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED' ? 'refuses' : 'unknown'));
  });
}
