// What a request through a gateway leaves on the signal of whoever asks: nothing, and the signal still ends what is read.

import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayConnection } from '../../client/http/ask-gateway.ts';

test('requests through a gateway leave no listener on the signal that may end them, and it ends a body that is being read', async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url === '/endless') response.write('{');
    else response.end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const gateway = new GatewayConnection({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const stop = new AbortController();
  const { signal } = stop;
  try {
    for (let n = 0; n < 12; n += 1) await gateway.json('/tasks', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const open = await gateway.ask('/endless', { signal });
    const read = open.text();
    stop.abort(new Error('enough'));
    await expect(read).rejects.toThrow('enough');
    await expect(gateway.ask('/tasks', { signal })).rejects.toThrow('enough');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
