// gateway.ts: a gateway on a real port for a test, over a test's deployment; and the few requests that all tests make.

import { dirname } from 'node:path';
import { createGateway, serveGateway, type ConnectionLimits, type GatewayOptions } from '../../gateway/index.ts';
import type { TestDeployment } from './deployment.ts';

export interface TestGateway {
  url: string;
  /** What the gateway reported as its own bugs. */
  errors: unknown[];
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  delete(path: string, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed, where it is JSON. */
  json: any;
}

export async function testGateway(
  { client, home }: TestDeployment,
  options: Partial<GatewayOptions> = {},
  limits: Partial<ConnectionLimits> = {},
): Promise<TestGateway> {
  const errors: unknown[] = [];
  const gateway = createGateway({
    client,
    pathsFrom: dirname(home),
    onError: (error) => void errors.push(error),
    ...options,
  });
  const served = await serveGateway(gateway, '127.0.0.1', [0], limits);
  return {
    url: served.url,
    errors,
    get: async (path, headers = {}) => await reply(await fetch(`${served.url}${path}`, { headers })),
    delete: async (path, headers = {}) =>
      await reply(await fetch(`${served.url}${path}`, { method: 'DELETE', headers })),
    post: async (path, body, headers = {}) => {
      const type = { 'content-type': 'application/json' };
      const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const ask = async (): Promise<Reply> =>
        await reply(
          await fetch(`${served.url}${path}`, { method: 'POST', body: text, headers: { ...type, ...headers } }),
        );
      let given = await ask();
      // A machine that others use, too, makes the server slow for a moment: who is refused for that comes back, as any client does.
      for (let tries = 0; isSlow(given) && tries < 20; tries += 1) {
        await new Promise((done) => setTimeout(done, 250));
        given = await ask();
      }
      return given;
    },
    close: () => served.close(),
  };
}

const isSlow = ({ status, json }: Reply): boolean =>
  status === 503 &&
  /takes longer to answer than it does otherwise/.test(String((json as { detail?: unknown })?.detail));

export async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
