import { gzipSync } from 'node:zlib';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { closePageThread } from '../../documents/web/read-page.ts';
import type { WebOptions } from '../../documents/web/web-options.ts';
import { readRequest } from '../../client/cli/start-task.ts';
import type { Io } from '../../client/cli/terminal/io.ts';
import { folderOf, temporaryStore } from './support.ts';
import { serve, type TestServer } from '../tools/support.ts';

const html = (words: string): string => `<html><head><title>Ropes</title></head><body><p>${words}</p></body></html>`;

let server: TestServer;
let web: WebOptions;
let words = 'Hemp rope is tarred against rot.';

beforeAll(async () => {
  server = await serve((request, response) => {
    if (request.url === '/gone') return response.writeHead(410).end();
    if (request.url === '/inside') return response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    if (request.url === '/empty')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<p hidden>x</p>');
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' });
    return response.end(gzipSync(html(words)));
  });
  web = { allow: [], allowPrivate: [server.pair] };
});
afterAll(async () => {
  await server.close();
  await closePageThread();
  await closeCorpusThread();
});

const page = (path: string) => ({ kind: 'url' as const, url: server.origin + path });

test('a task answers from a page as from a file: found, read and quoted by its address', async () => {
  const store = await temporaryStore();
  const folder = await folderOf({ 'knots.md': '# Knots\n\nA bowline does not slip.' });
  const sources = [{ kind: 'path' as const, path: folder }, page('/ropes#part'), page('/ropes')];
  const { corpusRef, documents, skippedCount } = await prepareCorpus(sources, { store, roots: [folder], web });
  expect([documents, skippedCount]).toEqual([2, 0]);
  const corpus = await openCorpus(store, corpusRef);
  const [found] = await corpus.search('tarred hemp rope', { limit: 1 });
  expect(found).toMatchObject({ source: `${server.origin}/ropes`, text: expect.stringContaining(words) as string });
  expect((await corpus.read(`${server.origin}/ropes`, { line: 1, lines: 10 }))?.text).toBe(`# Ropes\n\n${words}`);
  const citation = await corpus.locateQuote(`${server.origin}/ropes`, 'tarred against rot');
  expect(citation?.quote).toBe('tarred against rot');
  const text = await store.getBlob(citation?.sha256 ?? '');
  expect(Buffer.from(text ?? []).toString()).toContain(words);
  expect((await corpus.search('bowline', { limit: 1 }))[0]?.source).toBe('knots.md');
});

test('the same page is indexed once; a page that changed is another corpus', async () => {
  const store = await temporaryStore();
  const put = jest.spyOn(store, 'putCorpus');
  const prepare = async () => (await prepareCorpus([page('/ropes')], { store, roots: [], web })).corpusRef;
  const first = await prepare();
  expect(await prepare()).toBe(first);
  expect(put.mock.calls.map(([key]) => key)).toEqual([first]);
  words = 'Hemp rope is oiled against rot.';
  expect(await prepare()).not.toBe(first);
  expect(put).toHaveBeenCalledTimes(2);
});

test('pages that don’t come are gaps with reasons, and when none comes the task is refused', async () => {
  const store = await temporaryStore();
  const broken = [page('/gone'), page('/inside'), page('/empty')];
  const { documents, lost, lostCount } = await prepareCorpus([...broken, page('/ropes')], { store, roots: [], web });
  expect([documents, lostCount]).toEqual([1, 3]);
  expect(Object.fromEntries(lost.map(({ path, reason }) => [path.replace(server.origin, ''), reason]))).toEqual({
    '/gone': 'its server answers 410',
    '/inside': 'it redirects to where this worker does not go: it leads to an address that is not public',
    '/empty': 'there is no text in it',
  });
  await expect(prepareCorpus(broken, { store, roots: [], web })).rejects.toMatchObject({
    type: 'SourceUnreadable',
    message: expect.stringContaining('its server answers 410') as string,
  });
});

test('a worker that may not read the web, or not this host, refuses and names the setting', async () => {
  const store = await temporaryStore();
  const before = server.asked.length;
  const refused = { type: 'SourceNotAllowed', message: expect.stringContaining('"web"') as string };
  await expect(prepareCorpus([page('/ropes')], { store, roots: [] })).rejects.toMatchObject(refused);
  await expect(prepareCorpus([page('/ropes')], { store, roots: [], web: { allow: [] } })).rejects.toMatchObject(
    refused,
  );
  const other = { allow: ['example.org'] };
  await expect(prepareCorpus([page('/ropes')], { store, roots: [], web: other })).rejects.toMatchObject(refused);
  expect(server.asked.length).toBe(before);
});

test('a cancelled task stops fetching', async () => {
  const slow = await serve(() => undefined);
  const stop = new AbortController();
  const store = await temporaryStore();
  const options = { store, roots: [], web: { allow: [], allowPrivate: [slow.pair] }, signal: stop.signal };
  const preparing = prepareCorpus([{ kind: 'url', url: slow.origin }], options);
  setTimeout(() => stop.abort(new Error('cancelled by the user')), 100);
  await expect(preparing).rejects.toThrow('cancelled by the user');
  await slow.close();
});

test('muster run --docs takes addresses beside paths, and refuses one with a password before anything is started', async () => {
  const io = {} as Io;
  const { sources } = await readRequest(
    ['why', 'tar?'],
    { docs: ['https://example.com/a', __dirname], include: ['*.md'] },
    io,
  );
  expect(sources).toEqual([
    { kind: 'path', path: __dirname, include: ['*.md'] },
    { kind: 'url', url: 'https://example.com/a' },
  ]);
  await expect(readRequest(['why?'], { docs: ['https://me:hunter2@example.com/'] }, io)).rejects.toThrow(
    'user name or password',
  );
});
