// gateway.ts: mutants of what the HTTP API promises.

import type { Mutant } from './mutant.ts';

const API = 'test/gateway/api.test.ts';
const STREAMS = 'test/gateway/streams.test.ts';

const KEYS = 'test/gateway/keys.test.ts';

const rows: Mutant[] = [
  {
    row: 'without any key a gateway listens on loopback alone, and once there is one nobody gets in without',
    file: 'gateway/doors/key-door.ts',
    find: 'isLoopback && !(await ring.areNeeded())',
    put: 'isLoopback',
    test: KEYS,
    needs: 'server',
  },
  {
    row: 'a key reaches its tenant’s tasks alone, in every route, and does what its scopes say',
    file: 'gateway/doors/key-door.ts',
    find: "if (!scopes.includes('tenant:*'))",
    put: 'if (scopes.length === 0)',
    test: KEYS,
    needs: 'server',
  },
  {
    row: 'a key lies nowhere in the store, and revoking one twice changes nothing',
    file: 'gateway/doors/keys.ts',
    find: 'hash: sha256(key) };',
    put: 'hash: key };',
    test: KEYS,
    needs: 'server',
  },
  {
    row: 'of thirty who write one small record at the same moment one is told that it did, and a counter loses none',
    file: 'store/file-records.ts',
    find: '  return isOurs;',
    put: '  return true;',
    test: 'test/store/file-store.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a task that is accepted is kept: Temporal has it before anybody is told, and it is queued without a worker',
    file: 'gateway/routes/start-task.ts',
    find: 'const { taskId } = await client.start(',
    put: "const taskId = `task-${'0'.repeat(40)}`;\n  void client.start(",
    test: API,
    needs: 'server',
  },
  {
    row: 'asking twice with one key is asking once, and another request under it is refused',
    file: 'client/muster-client.ts',
    find: '    ...(input.limits ? { limits: input.limits } : {}),\n',
    put: '',
    test: API,
    needs: 'server',
  },
  {
    row: 'a reader behind a proxy that cuts, with its gateway and its worker killed under it, gets every event once and in order',
    file: 'gateway/live/event-log.ts',
    find: 'const at = (cursor?.n ?? 0) + 1;',
    put: 'const at = cursor?.n ?? 1;',
    test: STREAMS,
    needs: 'server',
  },
  {
    row: 'a stream ends with done, and who comes back after it is told that there is no more',
    file: 'gateway/routes/read-task.ts',
    find: 'cursor.n >= last.n',
    put: 'cursor.n > last.n',
    test: STREAMS,
    needs: 'server',
  },
  {
    row: 'a reset task’s reader gets a snapshot, and goes on with the events of the new run',
    file: 'gateway/live/event-log.ts',
    find: 'if (run !== this.#run || at < this.#first) return undefined;',
    put: 'if (at < this.#first) return undefined;',
    test: STREAMS,
    needs: 'server',
  },
  {
    row: 'a reader that does not read makes no other wait, keeps nothing in memory, and gets a snapshot when it comes back',
    file: 'gateway/live/event-log.ts',
    find: 'this.#bytes > this.#maxBytes',
    put: 'this.#bytes > Infinity',
    test: STREAMS,
    needs: 'nothing',
  },
  {
    row: 'five hundred readers get every event of a task that is followed once, and each is encoded once',
    file: 'gateway/live/task-hub.ts',
    find: '    if (this.#following) return;\n',
    put: '',
    test: STREAMS,
    needs: 'nothing',
  },
  {
    row: 'two hundred who poll one task ask Temporal as often as one does',
    file: 'gateway/live/hubs.ts',
    find: 'if (known && this.#tenants.get(taskId)?.has(tenant)) {',
    put: 'if (known && this.#tenants.get(taskId)?.has(tenant) && Math.random() > 2) {',
    test: API,
    needs: 'server',
  },
  {
    row: 'a gateway that is stopped ends its streams with a word how to go on, and takes nothing new',
    file: 'gateway/live/reader.ts',
    find: "return [frame('closing', { task_id: this.#hub.taskId, retry_ms: 1_000 })];",
    put: 'return [];',
    test: STREAMS,
    needs: 'server',
  },
  {
    row: 'another tenant’s task is not there, whichever route is asked',
    file: 'gateway/live/hubs.ts',
    find: 'return await this.#client.get(taskId, { tenant });',
    put: 'return await this.#client.get(taskId);',
    test: API,
    needs: 'server',
  },
  {
    row: 'a body with %s is refused with its place, and starts nothing',
    title: 'a body with bytes that are no UTF-8 is refused',
    file: 'gateway/routes/read-request.ts',
    find: "'utf-8', { fatal: true }",
    put: "'utf-8', { fatal: false }",
    test: API,
    needs: 'server',
  },
  {
    row: 'who speaks no HTTP, or sends headers without end, is ended with a 4xx, and the next is served',
    file: 'gateway/serve.ts',
    find: "  server.on('clientError', refuse);\n",
    put: "  server.on('clientError', (_error, socket) => socket.destroy());\n",
    test: STREAMS,
    needs: 'server',
  },
  {
    row: 'a WebSocket of another site’s page, at another path or under another name is refused',
    file: 'gateway/routes/websocket.ts',
    find: 'urlOf(origin)?.host !== host)',
    put: 'urlOf(origin)?.host === undefined)',
    test: STREAMS,
    needs: 'server',
  },
  {
    row: 'a task comes to its result, as JSON, as Markdown and with the text that it cites; percent never goes back',
    file: 'workflows/progress.ts',
    find: '  state.percent = Math.max(',
    put: '  state.percent = Math.min(',
    test: API,
    needs: 'server',
  },
];

export default rows;
