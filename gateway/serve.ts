// serve.ts: a gateway on a port of its own, on Node's server, with bounds on what a connection may cost; and its quiet end.

import { createServer, type Server } from 'node:http';
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

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_MS = 10_000;
/** A body that trickles in is given up; nothing that is answered later is counted. */
const BODY_MS = 30_000;
/** A socket that takes nothing, not even heartbeats, is ended. */
const SILENT_MS = 60_000;
const MAX_CONNECTIONS = 10_000;
const CLOSE_MS = 8_000;

/** @param ports tried in this order; 0 is any free one. @throws what `listen` throws when none is free. */
export async function serveGateway(gateway: Gateway, host: string, ports: readonly number[]): Promise<Served> {
  const listener = getRequestListener(gateway.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: BODY_MS },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SILENT_MS);
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
        server.listen(port, host, () => {
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
