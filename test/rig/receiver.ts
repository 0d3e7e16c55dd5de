// receiver.ts: who is told of tasks, on a real socket: keeps what came, and answers as a test says. It can go away and come back
// at the same address.

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Told {
  id: string;
  type: string;
  body: { type: string; data: Record<string, unknown> };
  headers: IncomingHttpHeaders;
}

export interface Receiver {
  url: string;
  /** What came whole, in this order; also what was not taken. */
  told: Told[];
  /** Calls that it has not answered. */
  waiting(): number;
  /** The most of these that there ever were at once. */
  peak(): number;
  /** Answers from now on with this; `hang`: not at all. Default: 200. */
  answer(with_: { status: number; headers?: Record<string, string> } | 'hang'): void;
  /** Answers what it has not, and returns when each answer is on its way. */
  answerWaiting(status: number): Promise<void>;
  /** Ends it, with all connections. */
  close(): Promise<void>;
  /** Comes back at the same address. */
  open(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const told: Told[] = [];
  let answer: { status: number; headers?: Record<string, string> } | 'hang' = { status: 200 };
  let [waiting, peak] = [0, 0];
  const hanging = new Set<ServerResponse>();
  let server: Server;
  let port = 0;

  function take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Told['body'];
      told.push({ id: String(request.headers['webhook-id']), type: body.type, body, headers: request.headers });
      waiting += 1;
      peak = Math.max(peak, waiting);
      response.on('close', () => {
        waiting -= 1;
        hanging.delete(response);
      });
      if (answer === 'hang') hanging.add(response);
      else response.writeHead(answer.status, answer.headers).end();
    });
  }

  async function open(): Promise<void> {
    server = createServer(take);
    await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
    port = (server.address() as AddressInfo).port;
  }

  await open();
  return {
    url: `http://127.0.0.1:${port}/told`,
    told,
    waiting: () => waiting,
    peak: () => peak,
    answer: (with_) => void (answer = with_),
    async answerWaiting(status) {
      const sent = [...hanging].map((response) => new Promise<void>((done) => response.writeHead(status).end(done)));
      await Promise.all(sent);
    },
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
    open,
  };
}
