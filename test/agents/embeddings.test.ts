// A deployment with embeddings: real workers, a real Temporal server, real HTTP.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openaiEmbeddings } from '../../activities/index.ts';
import { defineClass } from '../../client/index.ts';
import { configFile, readConfigFile } from '../../protocol/schemas/config.ts';
import { describeConfig, workerConfig } from '../../worker/config.ts';
import { configuredModels } from '../../worker/configured-models.ts';
import { held, meaningServer, soon, type MeaningServer } from '../documents/meaning-server.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { call, scripted } from './scripted.ts';

const SECRET = 'sk-embeddings-77ab01-never-to-be-seen';

describe('a task of a deployment with embeddings', () => {
  let it_: TestDeployment;
  let server: MeaningServer;
  let searched: string[];

  beforeEach(async () => {
    searched = [];
    server = await meaningServer();
    it_ = await testDeployment({
      brain: scripted({
        plan: [{ title: 'cars', goal: 'When do cars get looked after?' }],
        turn: (_goal, results) => {
          searched.push(...results);
          return results.length === 0
            ? [call('search_documents', { query: 'When do cars get looked after?', limit: 2 })]
            : undefined;
        },
        findings: () => ({
          findings: [{ claim: 'Bread', citations: [{ source: 'bakery.md', quote: 'Bread is baked at four' }] }],
          missing: [],
        }),
      }),
    });
    writeDocs({
      'garage.md': '# Garage\n\nEvery automobile is serviced in spring by the two brothers.',
      'bakery.md': '# Bakery\n\nBread is baked at four in the morning. When it is sold nobody is looked at.',
    });
  });
  afterEach(async () => {
    await it_.stop();
    await server.close();
  });

  function writeDocs(files: Record<string, string>): void {
    mkdirSync(join(it_.docs, 'own'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(it_.docs, 'own', name), text);
  }
  const start = () => it_.client.start({ goal: 'When do cars get looked after?', sources: [join(it_.docs, 'own')] });
  const config = (): Record<string, string> => {
    const path = join(it_.home, 'config.json');
    writeFileSync(
      path,
      JSON.stringify({
        providers: [{ name: 'meaning-server', baseURL: server.url, keyFrom: 'MEANING_KEY' }],
        embeddings: { provider: 'meaning-server', model: 'meaning' },
      }),
    );
    return { MUSTER_CONFIG: path, MEANING_KEY: SECRET };
  };

  test('finds what its question has no word of, counts the tokens, and leaves the key nowhere', async () => {
    await it_.spawnWorker(config());
    const task = await start();
    const result = await task.result();
    expect(searched[0]).toContain('garage.md');
    expect(result.usage.byModel?.meaning).toMatchObject({ calls: 1 });
    expect(result.coverage.gaps.join()).not.toContain('embeddings');
    const handle = it_.client.temporal.workflow.getHandle(result.taskId);
    expect(JSON.stringify([await handle.fetchHistory(), result])).not.toContain(SECRET);
    // Every file of the home: store, logs, whatever there is; grep ends with 1 when it finds nothing.
    expect(() => execFileSync('grep', ['-rlaF', SECRET, dirname(it_.home)])).toThrow();
  });

  test('is answered by words alone when the embeddings’ key is refused, and its result says so', async () => {
    server.meet = () => 401;
    const embeddings = openaiEmbeddings({ name: 'm', model: 'meaning', apiKey: SECRET, baseURL: server.url });
    await it_.startWorker({ embeddings });
    const result = await (await start()).result();
    expect(result.outcome).toBe('completed');
    expect(result.coverage.done).toBe(1);
    expect(result.coverage.gaps).toContainEqual(
      expect.stringMatching(/searched by their words alone, without embeddings: .*refused the API key/),
    );
    expect(searched[0]).toContain('bakery.md');
    expect(searched[0]).not.toContain('garage.md');
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  test('goes on by words alone after a third of its time when the embeddings don’t answer, and says so', async () => {
    const gate = held();
    server.meet = () => gate.wait;
    await it_.spawnWorker(config());
    const task = await it_.client.start({
      goal: 'When do cars get looked after?',
      sources: [join(it_.docs, 'own')],
      class: defineClass('brisk', { extends: 'quick', deadlineSeconds: 15 }),
    });
    await until('it shows what is done to the documents', async () => (await task.status()).reading !== undefined);
    const result = await task.result();
    gate.release();
    expect((await task.status()).reading).toBeUndefined();
    expect(result.outcome).toBe('completed');
    expect(result.coverage.done).toBe(1);
    expect(result.coverage.gaps).toContainEqual(expect.stringMatching(/could not all be made within \d s/));
  });

  test('whose worker is killed while it embeds pays no finished batch again', async () => {
    writeDocs(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, file) => [
          `file-${file}.md`,
          Array.from({ length: 10 }, (__, n) => `Part ${file} of ${n}. ${'It tells of ropes. '.repeat(55)}`).join(
            '\n\n',
          ),
        ]),
      ),
    );
    const gate = held();
    server.meet = (request) => (request > 3 ? gate.wait : undefined);
    const worker = await it_.spawnWorker(config());
    const task = await start();
    // Four on their way after three that were answered: each of the three is in the store.
    await soon(() => server.asked.length === 7);
    const paid = new Set(server.answered.flat());
    await killed(worker, 'SIGKILL');
    server.meet = () => undefined;
    const before = server.asked.length;
    await it_.spawnWorker(config());
    const result = await task.result();
    gate.release();
    expect(result.outcome).toBe('completed');
    const after = server.asked.slice(before).flat();
    expect(after.length).toBeGreaterThan(200);
    expect(after.filter((text) => paid.has(text))).toEqual([]);
  });
});

describe('the config of embeddings', () => {
  const own = { name: 'own', baseURL: 'http://127.0.0.1:11434/v1', keyFrom: 'OWN_KEY' };

  test('names a provider, which needs no models then, and describes itself without the key', () => {
    const value = { providers: [own], embeddings: { provider: 'own', model: 'nomic', dimensions: 512 } };
    const input = { file: { path: '/c.json', value }, home: '/h/.muster', offlineUrl: 'http://127.0.0.1:9/v1' };
    const read = workerConfig({ ...input, env: { OWN_KEY: SECRET } });
    if ('problems' in read) throw new Error(read.problems.join());
    expect(read.config.models.embeddings).toMatchObject({ provider: 'own', model: 'nomic', dimensions: 512 });
    expect(describeConfig(read.config)).toContain('embeddings nomic at 127.0.0.1:11434');
    expect(describeConfig(read.config)).not.toContain(SECRET);
    expect(workerConfig({ ...input, env: {} })).toEqual({
      problems: ['provider own takes its key from OWN_KEY, which is not set'],
    });
    expect(configFile.parse({}).embeddings).toBeUndefined();
  });

  test('shares the places of its provider with the models, and not the breaker', async () => {
    const server = await meaningServer();
    const value = {
      providers: [{ ...own, baseURL: server.url, concurrency: 1, breaker: { failures: 1 }, models: [{ name: 'big' }] }],
      embeddings: { provider: 'own', model: 'meaning' },
    };
    const read = workerConfig({
      file: { path: '/c.json', value },
      home: '/h/.muster',
      env: { OWN_KEY: SECRET },
    });
    if ('problems' in read) throw new Error(read.problems.join());
    const { lines, embeddings } = configuredModels(read.config.models);
    const [line] = lines;
    if (!line || !embeddings) throw new Error('there is no model, or no embeddings');
    const { signal } = new AbortController();

    const gate = held();
    const asking = line.call(
      signal,
      () => gate.wait,
      () => undefined,
    );
    const embedding = embeddings.embed(['cars'], { signal });
    await new Promise((done) => setTimeout(done, 100));
    expect(server.asked).toHaveLength(0);
    gate.release();
    await asking;
    expect((await embedding).vectors).toHaveLength(1);

    server.meet = () => 503;
    await expect(embeddings.embed(['cars'], { signal })).rejects.toThrow('503');
    await expect(embeddings.embed(['cars'], { signal })).rejects.toThrow('left alone for a while');
    expect(server.asked).toHaveLength(2);
    expect(line.closedForMs()).toBe(0);
    await server.close();
  });

  test.each([
    ['an unknown provider', { embeddings: { provider: 'x', model: 'm' } }, /there is no provider "x"/],
    ['a provider that nobody asks anything', { providers: [own] }, /"own" has no "models"/],
    [
      'a key where the file could hold one',
      { providers: [own], embeddings: { provider: 'own', model: 'm', apiKey: 'x' } },
      /apiKey/,
    ],
  ])('refuses %s in words', (_what, value, words) => {
    const read = readConfigFile(value);
    expect('problems' in read ? read.problems.join('\n') : '').toMatch(words);
  });
});
