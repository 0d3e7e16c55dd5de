// main.mjs: a backend in Express that has Muster in it twice: the client library, for what the backend itself asks, and the mounted
// gateway, for pages and apps of people who have logged in. Who they are is for the backend to say: here a token a user.

import { createServer } from 'node:http';
import { resolve } from 'node:path';
import express from 'express';
import { answerMarkdown, connect } from 'muster-agents';
import { createGateway, nodeListener } from 'muster-agents/gateway';

/** In a real backend: sessions, or tokens of an identity provider. */
const USERS = { 'token-of-anna': { name: 'anna', tenant: 'acme' }, 'token-of-ben': { name: 'ben', tenant: 'globex' } };
const userOf = (authorization = '') => USERS[authorization.replace(/^Bearer /, '')];

const docs = resolve(process.argv[2] ?? 'docs');
const client = await connect(process.env.MUSTER_HOME ? { home: process.env.MUSTER_HOME } : {});
const gateway = createGateway({
  client,
  basePath: '/api',
  sources: { docs: { path: docs } },
  // Another tenant's task is 404 in every route and stream.
  authenticate(request) {
    const user = userOf(request.headers.get('authorization') ?? undefined);
    return user && { ...user, scopes: ['tasks:read', 'tasks:write'] };
  },
});

const app = express();
app.get('/', (_request, response) => void response.send('A backend with Muster at /api, and /ask?question=…'));
// A question of the backend itself: it waits for the answer, and hands it on in a form of its own.
app.get('/ask', async (request, response) => {
  const user = userOf(request.headers.authorization);
  if (!user) return void response.status(401).send('log in first\n');
  const task = await client.start({ goal: String(request.query.question), sources: [docs], tenant: user.tenant });
  const { answer } = await task.result({ timeoutSeconds: 300 });
  response.type('text/markdown').send(answer ? answerMarkdown(answer) : 'nothing was found\n');
});
// Before anything that reads bodies: the gateway reads, bounds and judges its own.
app.use('/api', nodeListener(gateway));

const server = createServer(app);
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () =>
  console.log(`ready http://127.0.0.1:${server.address().port}`),
);
process.once('SIGTERM', async () => {
  server.close();
  await gateway.close();
  server.closeAllConnections();
  await client.close();
  process.exit(0);
});
