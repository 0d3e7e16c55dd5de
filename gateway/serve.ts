// serve.ts: a gateway on a port of its own, on Node's server, with bounds on what a connection may cost; and its quiet end.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { Gateway } from './create-gateway.ts';

export interface Served {
  /** `http://host:port`. */
  url: string;
  /** Ends its streams with a word how to go on, lets requests that are under way come to their answers, and closes. */
  close(): Promise<void>;
}

/** What a connection may cost. */
export interface ConnectionLimits {
  /** ms until a request's headers are whole, counted from the connection. */
  headersMs: number;
  /** ms until its body is: one that trickles in is given up. What is answered later is not counted. */
  bodyMs: number;
  /** ms after which a socket is ended that takes nothing, not even heartbeats. */
  silentMs: number;
  /** Sockets at once; more are closed unread. */
  connections: number;
}

const LIMITS: ConnectionLimits = { headersMs: 10_000, bodyMs: 60_000, silentMs: 60_000, connections: 10_000 };
const MAX_HEADER_BYTES = 16 * 1024;
/** The system asks a peer that says nothing whether it is there. */
const KEEP_ALIVE_MS = 30_000;
const CLOSE_MS = 8_000;
/** Connections that wait to be taken: of a burst none is turned away unheard. The system may allow fewer. */
const BACKLOG = 4_096;

/**
 * The gateway as a listener of Node's servers, and so of Express (`app.use('/api', nodeListener(gateway))`) and all that take
 * such functions. It reads, bounds and judges bodies itself: mount it before what parses them.
 */
export function nodeListener(
  gateway: Pick<Gateway, 'fetch'>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = getRequestListener(gateway.fetch, { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}

/**
 * @param ports tried in this order; 0 is any free one.
 * @param limits what differs from 10 s for headers, 60 s for a body, 60 s of silence, 10,000 sockets.
 * @throws what `listen` throws when none is free.
 */
export async function serveGateway(
  gateway: Gateway,
  host: string,
  ports: readonly number[],
  limits: Partial<ConnectionLimits> = {},
): Promise<Served> {
  const { headersMs, bodyMs, silentMs, connections } = { ...LIMITS, ...limits };
  const listener = nodeListener(gateway);
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: headersMs,
      requestTimeout: bodyMs,
      connectionsCheckingInterval: Math.min(headersMs, 5_000),
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    },
    listener,
  );
  server.maxConnections = connections;
  server.setTimeout(silentMs);
  server.on('upgrade', gateway.upgrade);
  server.on('clientError', refuse);
  await listenAtOne(server, host, ports);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      await gateway.close();
      server.closeIdleConnections();
      const hard = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      await closed;
      clearTimeout(hard);
    },
  };
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is no HTTP, or never becomes a request. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 ${REFUSALS[error.code ?? ''] ?? '400 Bad Request'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}

async function listenAtOne(server: Server, host: string, ports: readonly number[]): Promise<void> {
  for (const [at, port] of ports.entries()) {
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        server.listen({ port, host, backlog: BACKLOG }, () => {
          server.off('error', fail);
          done();
        });
      });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || at === ports.length - 1) throw error;
    }
  }
}
