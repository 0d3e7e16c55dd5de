// cutting-proxy.ts: a proxy that cuts each connection once so many bytes came back through it, as one with a time limit does;
// what is behind it may change its port.

import { createServer, connect, type AddressInfo } from 'node:net';

export interface CuttingProxy {
  url: string;
  /** Connections that it cut. */
  cuts(): number;
  aim(url: string): void;
  /** Cuts all there are, now. */
  cut(): void;
  close(): Promise<void>;
}

/** @param afterBytes 0: never cuts. */
export async function cuttingProxy(target: string, afterBytes: number): Promise<CuttingProxy> {
  let port = Number(new URL(target).port);
  let cuts = 0;
  const open = new Set<() => void>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let bytes = 0;
    const end = (): void => {
      open.delete(end);
      near.destroy();
      far.destroy();
    };
    open.add(end);
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => {
      bytes += data.length;
      if (afterBytes > 0 && bytes > afterBytes) {
        cuts += 1;
        // In the middle of what it was sending.
        near.write(data.subarray(0, Math.floor(data.length / 2)), end);
      } else near.write(data);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    cut() {
      cuts += open.size;
      for (const end of open) end();
    },
    aim: (url) => (port = Number(new URL(url).port)),
    close: () => new Promise((done) => server.close(() => done())),
  };
}
