// receiver.mjs: `node examples/notifier/receiver.mjs`: takes webhooks and prints those whose signature is right, and what chat.mjs
// sends. Its environment: MUSTER_WEBHOOK_KEY, and PORT (8790).

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.MUSTER_WEBHOOK_KEY ?? '');
const seen = new Set();

const server = createServer(async (request, response) => {
  const body = await text(request);
  if (request.url.startsWith('/rooms/')) {
    console.log(`${request.url}: ${JSON.parse(body).text.split('\n')[0]}`);
    return response.writeHead(204).end();
  }
  try {
    const { type, data } = webhook.verify(body, request.headers);
    const id = request.headers['webhook-id'];
    // A delivery may come twice: it has the same id then.
    console.log(`${seen.has(id) ? 'again: ' : ''}${type} ${data.task_id}`);
    seen.add(id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
});

server.listen(Number(process.env.PORT ?? 8790), '127.0.0.1', () => {
  console.log(`waits at http://127.0.0.1:${server.address().port}`);
});
