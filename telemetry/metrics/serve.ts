// serve.ts: `/metrics` on a port of its own, so that nobody who may use the API may read it, and the other way round. On loopback
// unless somebody asks for more: it tells how much is done, and no word of what.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTENT_TYPE, exposition } from './exposition.ts';
import type { Role } from './names.ts';
import type { Registry } from './registry.ts';

export interface MetricsPlace {
  /** Default: 127.0.0.1. */
  host?: string | undefined;
  /** 0: any free one. Where it is taken the next ones are tried: several workers of a host have one setting. */
  port: number;
}

/** Metrics of somebody else in the same process, as text; undefined when they can't be had now. */
export type MoreText = () => Promise<string | undefined>;

const MORE_PORTS = 16;

/**
 * @param more added behind ours.
 * @throws what `listen` throws when none of the ports is free.
 */
export async function serveMetrics(
  metrics: Registry,
  roles: readonly Role[],
  { host = '127.0.0.1', port }: MetricsPlace,
  more: MoreText = async () => undefined,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(isRead ? 404 : 405).end();
      return;
    }
    void textOf(metrics, roles, more).then((text) =>
      response.writeHead(200, { 'content-type': CONTENT_TYPE }).end(text),
    );
  });
  server.requestTimeout = 10_000;
  await listen(server, host, port);
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${own}/metrics`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** All of it as text. Never throws. */
async function textOf(metrics: Registry, roles: readonly Role[], more: MoreText): Promise<string> {
  const added = await more().catch(() => undefined);
  return exposition(await metrics.collect(roles)) + (added ?? '');
}

async function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  for (let at = port; ; at += 1) {
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        server.listen({ host, port: at }, () => {
          server.off('error', fail);
          done();
        });
      });
      return;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || port === 0 || at - port >= MORE_PORTS) throw error;
    }
  }
}
