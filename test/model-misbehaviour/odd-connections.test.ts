// The connection to a model's server, where it is not as usual: closed while it is used again, compressed, sent elsewhere, never
// closed. What the server meant to say counts.

import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { selfSigned } from '../rig/certificate.ts';
import { answer, APIS, asking, framesOf, oddServer, PLAIN, type OddServer } from './odd-server.ts';

const said = { text: '{"n":1}' };

const servers: OddServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
async function server(...args: Parameters<typeof oddServer>): Promise<OddServer> {
  const started = await oddServer(...args);
  servers.push(started);
  return started;
}

describe.each(APIS)('a server of %s', (api) => {
  test('that closes a kept connection as it is used again is asked over a new one', async () => {
    const sockets = new Set<unknown>();
    let closed = 0;
    const it_ = await server(({ request, response }) => {
      if (sockets.has(request.socket)) {
        closed += 1;
        return void request.socket.resetAndDestroy();
      }
      sockets.add(request.socket);
      answer(api, response, said);
    });
    const { ask } = asking(it_.url, api);
    // A connection is free for the next call a moment after its reply.
    while (closed === 0) {
      expect(await ask(PLAIN)).toMatchObject(said);
      await setImmediate();
    }
  });

  test('that compresses what nobody asked it to compress is read', async () => {
    const it_ = await server(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      response.end(gzipSync(framesOf(api, said).join('')));
    });
    expect(await asking(it_.url, api).ask(PLAIN)).toMatchObject(said);
  });

  test('that sends the request on to another path of its own is followed there', async () => {
    const it_ = await server(({ path, response }) => {
      if (path.endsWith('/')) return answer(api, response, said);
      response.writeHead(307, { location: `${path}/` }).end();
    });
    expect(await asking(it_.url, api).ask(PLAIN)).toMatchObject(said);
  });

  test('that redirects to another server does not get it the key: the address is told', async () => {
    const other = await server(({ response }) => answer(api, response, said));
    const it_ = await server(({ response }) => void response.writeHead(308, { location: other.url }).end());
    expect(await asking(it_.url, api).fault()).toMatchObject({
      type: 'ModelAddressWrong',
      message: expect.stringContaining(`it redirects to ${other.url}`) as string,
    });
    expect(other.paths).toEqual([]);
  });

  test('whose certificate is not trusted is told so with what mends it, and not asked again', async () => {
    const secure = createServer(selfSigned()).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const { port } = secure.address() as AddressInfo;
    const fault = await asking(`https://127.0.0.1:${port}/v1`, api).fault();
    secure.close();
    expect(fault).toMatchObject({
      type: 'ModelAddressWrong',
      message: expect.stringMatching(
        /certificate that is not trusted here \(self-signed certificate\).*NODE_EXTRA_CA_CERTS/,
      ) as string,
    });
  });

  test('that redirects without end is left', async () => {
    const it_ = await server(({ path, response }) => void response.writeHead(307, { location: `${path}x` }).end());
    expect(await asking(it_.url, api).fault()).toMatchObject({ type: 'ModelAddressWrong' });
  });
});

test('a server that never closes its stream has answered with its last event', async () => {
  const it_ = await server(({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(framesOf('chat', said).join(''));
  });
  expect(await asking(it_.url, 'chat').ask(PLAIN)).toMatchObject(said);
});
