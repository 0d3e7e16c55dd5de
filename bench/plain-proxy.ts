// plain-proxy.ts: what a thin server in front of the same model is: takes a chat request, asks the model, hands its stream on.
// Nothing else: no key, no task, no documents. The bench measures answers at once against it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

const [modelUrl = ''] = process.argv.slice(2);

const server = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const asked = await fetch(`${modelUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body,
    });
    response.writeHead(asked.status, { 'content-type': 'text/event-stream' });
    Readable.fromWeb(asked.body as ReadableStream).pipe(response);
  })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`),
);
process.stdin.resume().on('end', () => process.exit());
process.on('SIGTERM', () => process.exit());
