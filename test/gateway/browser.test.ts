// The client without gRPC in a real browser: a page loads it as modules, starts a task, follows it and shows its result. Needs
// Chromium, which no package brings: `npm run test:outside`.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createGateway } from '../../gateway/index.ts';
import { killed, testDeployment, type TestDeployment } from '../rig/deployment.ts';

const DIST = resolve(__dirname, '../../dist');
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);

/** What a page of one's own would have in it. */
const PAGE = `<!doctype html><title>Muster</title><script type="module">
  import { answerMarkdown, draftAfter, HttpClient } from '/dist/client/http/index.js';
  const told = (what) => fetch('/told', { method: 'POST', body: JSON.stringify(what) });
  try {
    const muster = new HttpClient({ url: location.origin + '/api' });
    const task = await muster.start({ goal: 'How often does Lighthouse poll?', sources: [{ kind: 'named', name: 'docs' }] });
    const events = [];
    let draft = '';
    for await (const frame of task.stream()) {
      events.push(frame.event);
      if (frame.event === 'answer.ready') draft ||= 'none was seen';
      draft = draftAfter(draft, frame);
    }
    const again = [];
    for await (const { n } of task.events()) again.push(n);
    const { answer } = await task.result();
    const { state } = await task.status();
    await told({ events, again, state, draft, markdown: answerMarkdown(answer) });
  } catch (error) {
    await told({ error: String(error?.stack ?? error) });
  }
</script>`;

(process.env.MUSTER_OUTSIDE ? describe : describe.skip)('in a real browser', () => {
  let it_: TestDeployment;
  beforeAll(async () => {
    it_ = await testDeployment({ tokenMs: 10 });
    await it_.startWorker();
  });
  afterAll(() => it_.stop());

  test('a page starts a task, reads along, and shows its result, with nothing but the modules of the package', async () => {
    if (!CHROMIUM)
      throw new Error('there is no Chromium here (chromium, chromium-browser or google-chrome): install it');
    const gateway = createGateway({ client: it_.client, basePath: '/api', sources: { docs: { path: it_.docs } } });
    const api = getRequestListener(gateway.fetch, { overrideGlobalObjects: false });
    let tell = (_what: string): void => undefined;
    const told = new Promise<string>((done) => (tell = done));
    const server = createServer((request, response) => {
      const url = request.url ?? '/';
      if (url.startsWith('/api/')) {
        request.url = url.slice('/api'.length);
        void api(request, response);
      } else if (url.startsWith('/dist/')) {
        response
          .writeHead(200, { 'content-type': 'text/javascript' })
          .end(readFileSync(join(DIST, url.slice('/dist'.length))));
      } else if (url === '/told') {
        let body = '';
        request.on('data', (data: Buffer) => (body += data.toString()));
        request.on('end', () => (response.end(), tell(body)));
      } else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const profile = mkdtempSync(join(tmpdir(), 'muster-browser-'));
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
    const browser = spawn(CHROMIUM, [...flags, address], { stdio: 'ignore' });
    try {
      const shown = JSON.parse(await told) as Record<string, any>;
      expect(shown).toMatchObject({ state: 'completed', markdown: expect.stringContaining('every 15 seconds') });
      expect(shown.events.at(-1)).toBe('done');
      expect(shown.events).toContain('answer.delta');
      expect(shown.again).toEqual(shown.again.map((_n: number, at: number) => at + 1));
      expect(shown.draft).toMatch(/^## /);
    } finally {
      await killed(browser, 'SIGKILL');
      await gateway.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
