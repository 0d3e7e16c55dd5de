// supervisor-socket.ts: how a home's supervisor is asked: a word over its Unix socket. Who answers is alive.

import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../protocol/schemas/hash.ts';

const TIMEOUT_MS = 2_000;
/** Longest path that a Unix socket may have on every system. */
const MAX_SOCKET_PATH = 100;

export function socketPath(home: string): string {
  const inside = join(home, 'supervisor.sock');
  return inside.length <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `muster-${sha256(home).slice(0, 16)}.sock`);
}

/** The supervisor's answer; undefined when none lives. */
export function askSupervisor(
  home: string,
  word: 'status' | 'stop',
): Promise<{ pid: number; healthy: boolean } | undefined> {
  return new Promise((done) => {
    let text = '';
    const peer = createConnection(socketPath(home), () => peer.write(`${word}\n`));
    peer.setTimeout(TIMEOUT_MS, () => peer.destroy());
    peer.on('data', (data) => (text += data.toString('utf8')));
    peer.on('error', () => undefined);
    peer.on('close', () => {
      try {
        done(text === '' ? undefined : (JSON.parse(text) as { pid: number; healthy: boolean }));
      } catch {
        done(undefined);
      }
    });
  });
}
