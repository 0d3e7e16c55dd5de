// listening.ts: whether anything listens at an address. Says nothing of what it is.

import { connect } from 'node:net';

const PATIENCE_MS = 2_000;

/** The parts of `host:port`; the port is Temporal's where there is none. */
export function hostAndPort(address: string): { host: string; port: number } {
  const [, host = '', port = '7233'] = /^(.+?)(?::(\d+))?$/.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** True when a connection opens within 2 s. */
export function isListening(address: string): Promise<boolean> {
  return new Promise((settle) => {
    const { host, port } = hostAndPort(address);
    // A port that there is not is refused with a throw.
    if (port > 65_535) return settle(false);
    const socket = connect({ host, port });
    const end = (listens: boolean): void => {
      settle(listens);
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** True when the port refuses a connection, which is known at once; false when it opens, or for all else that may be. */
export function isRefusing(address: string): Promise<boolean> {
  return new Promise((settle) => {
    const { host, port } = hostAndPort(address);
    if (port > 65_535) return settle(false);
    const socket = connect({ host, port });
    const end = (refuses: boolean): void => {
      settle(refuses);
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once('connect', () => end(false));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED'));
  });
}
