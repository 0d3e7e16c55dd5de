// A person whom the offline model answered is told of an Ollama on this machine; servers of its form, on real sockets.

import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ollamaHere } from '../../client/cli/local-model.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    }),
  );
});

async function listening(answer: RequestListener): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const models =
  (...ids: unknown[]): RequestListener =>
  (_request, response) =>
    void response.end(JSON.stringify({ object: 'list', data: ids.map((id) => ({ id })) }));

test('a person whom the offline model answered is told what to set for a model of the Ollama on this machine', async () => {
  const { host, asked } = await listening(models('nomic-embed-text', 'qwen3:14b', 'llama3.1:8b', 'a', 'b'));
  const said = await ollamaHere({ OLLAMA_HOST: host });
  expect(said?.join('\n')).toContain('(qwen3:14b, llama3.1:8b, a)');
  expect(said?.at(-1)).toBe(`  MUSTER_MODEL=qwen3:14b OPENAI_BASE_URL=http://${host}/v1 npx muster run …`);
  // Its list of models, and nothing else.
  expect(asked).toEqual(['GET /v1/models']);
  expect((await ollamaHere({ OLLAMA_HOST: `http://${host.replace('127.0.0.1', '0.0.0.0')}` }))?.at(-1)).toContain(host);
});

test.each<[string, RequestListener]>([
  ['has no model', models()],
  ['has none that writes', models('nomic-embed-text')],
  ['answers with something else', (_request, response) => void response.end('<html>')],
  ['refuses', (_request, response) => void response.writeHead(404).end('{}')],
  ['leads elsewhere', (_request, response) => void response.writeHead(302, { location: 'http://192.0.2.1/' }).end()],
  ['never answers', () => undefined],
  ['names models that would drive a terminal', models('a\u001b[2J', 'b c', 5, 'x'.repeat(200), '$(reboot)')],
])('nothing is said of a server that %s', async (_what, answer) => {
  const { host } = await listening(answer);
  expect(await ollamaHere({ OLLAMA_HOST: host })).toBeUndefined();
});

test('no other machine is asked for it, and nobody who has a model is told', async () => {
  const { host, asked } = await listening(models('qwen3:14b'));
  expect(await ollamaHere({ OLLAMA_HOST: host, MUSTER_MODEL: 'gpt-5-mini' })).toBeUndefined();
  // Not named as this machine, though it leads here.
  const mapped = host.replace('127.0.0.1', '[::ffff:127.0.0.1]');
  for (const odd of [
    mapped,
    '192.0.2.1:11434',
    'ollama.example:11434',
    `https://${host}`,
    'http://',
    `${host}@192.0.2.1`,
  ])
    expect(await ollamaHere({ OLLAMA_HOST: odd })).toBeUndefined();
  expect(asked).toEqual([]);
});
