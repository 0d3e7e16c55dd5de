// support.ts: real web servers on loopback, and options that let a reader reach them.

import { runTool, type ToolResult } from '../../activities/tools/tool.ts';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer {
  /** `http://127.0.0.1:port` */
  origin: string;
  /** `127.0.0.1:port` */
  pair: string;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<TestServer> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that fails may leave it open, and a run must end all the same: it would stand still without a word.
  server.unref();
  const pair = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${pair}`,
    pair,
    asked,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      // After that: a connection that came between the two would be waited for as long as its request is not answered.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A listener with a page for each path. */
export function pages(table: Record<string, { type?: string; body: string | Uint8Array }>): RequestListener {
  return (request, response) => {
    const page = table[request.url ?? ''];
    response.statusCode = page ? 200 : 404;
    response.setHeader('content-type', page?.type ?? 'text/html; charset=utf-8');
    response.end(page?.body ?? 'nothing here');
  };
}

/** The result of a tool that answers at once. */
export async function resultOf(...args: Parameters<typeof runTool>): Promise<ToolResult> {
  const result = await runTool(...args);
  if (!('content' in result)) throw new Error('it does not answer at once');
  return result;
}
