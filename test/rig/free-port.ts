// free-port.ts: a port for a server that a test starts, and may stop and start again.

import { createServer } from 'node:net';

/** Below those that the system hands out: nobody else is given it while its server is down. */
const [FIRST, COUNT] = [20_000, 11_000];
/** Test files that run beside each other have ports of their own, with the one a thousand above for a server's UI. */
const [LANES, LANE] = [8, Number(process.env.JEST_WORKER_ID ?? 0) % 8];

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = unusualPort();
    const server = createServer();
    const isFree = await new Promise<boolean>((told) => {
      server.once('error', () => told(false)).listen(port, '127.0.0.1', () => told(true));
    });
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}

/** One that hardly anybody asks for, not looked at. */
export const unusualPort = (): number => FIRST + Math.floor((Math.random() * COUNT) / LANES) * LANES + LANE;
