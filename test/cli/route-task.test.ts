// The one home of the choice of a path: what it looks up, what a classifier of one's own may say, and that its failure costs no task.
// No server: who could answer is handed in.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routeTask, type RouteSignals } from '../../client/route-task.ts';
import type { TaskInput } from '../../client/task-input.ts';
import { taskRequest } from '../../client/task-request.ts';
import type { Route } from '../../protocol/path.ts';
import { requestHash } from '../../protocol/schemas/hash.ts';
import { defineRouter, type Router } from '../../protocol/schemas/router.ts';
import { fileStore } from '../../store/file-store.ts';
import { noteReadSources } from '../../store/read-sources.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'muster-route-')));
const store = fileStore(place);
const LANE = { workers: 1 };
const INPUT: TaskInput = { goal: 'At which pressure does the relief valve open?', sources: ['/docs'], path: 'auto' };
const INDEXED: RouteSignals = { lane: LANE, sources: { isIndexed: true } };

afterAll(async () => {
  await store.close();
  rmSync(place, { recursive: true, force: true });
});

async function routed(
  input: Partial<TaskInput> = {},
  signals: RouteSignals = INDEXED,
  more: { router?: Router; configPath?: string; warn?: (line: string) => void; client?: never } = {},
): Promise<Route | undefined> {
  const { configPath, ...parts } = more;
  const whole = { ...INPUT, ...input };
  const request = await taskRequest({ ...whole, path: 'deep', sources: ['/docs'] }, configPath);
  const asked = { ...request, sources: whole.sources.length === 0 ? [] : request.sources };
  return await routeTask(
    { client: undefined as never, deployment: 'd', store, configPath: () => configPath, ...parts },
    whole.path,
    asked,
    signals,
  );
}

test('where neither caller nor class names a path nobody chooses one', async () => {
  expect(await routed({ path: undefined as never })).toBeUndefined();
  expect(await taskRequest({ ...INPUT, path: 'auto' }, undefined)).not.toHaveProperty('path');
});

test('documents that were never read are planned; once they were, by the same names, a question is answered at once', async () => {
  const sources = [{ kind: 'path' as const, path: '/docs' }];
  expect(await routed({}, { lane: LANE })).toMatchObject({ path: 'deep', by: 'documents' });
  const corpusRef = 'a'.repeat(64);
  await store.putCorpus(corpusRef, Buffer.from('x'));
  await noteReadSources(store, sources, { corpusRef, documents: 12, passages: 90 });
  expect(await routed({}, { lane: LANE })).toMatchObject({
    path: 'fast',
    by: 'fits',
    numbers: { documents: 12, passages: 90 },
  });
});

test('a page of the web is fetched anew each time, so it is planned', async () => {
  const url = { kind: 'url' as const, url: 'https://example.com/a' };
  const request = { ...(await taskRequest({ ...INPUT, path: 'deep' }, undefined)), sources: [url] };
  const parts = { client: undefined as never, deployment: 'd', store, configPath: () => undefined };
  expect(await routeTask(parts, 'auto', request, { lane: LANE })).toMatchObject({ path: 'deep', by: 'documents' });
});

test('the verdict is no part of what makes two requests the same, the caller’s word is', async () => {
  const hashOf = async (path: TaskInput['path'], chosen?: Route): Promise<string> =>
    requestHash(
      await taskRequest(
        { ...INPUT, ...(path ? { path } : { path: undefined as never }) },
        undefined,
        async () => chosen,
      ),
    );
  const verdict = (path: 'fast' | 'deep', asked?: Route['asked']): Route => ({
    path,
    by: 'fits',
    why: `because ${path}`,
    numbers: { steps: path === 'fast' ? 1 : 3 },
    ...(asked ? { asked } : {}),
  });
  expect(await hashOf('auto', verdict('fast', 'auto'))).toBe(await hashOf('auto', verdict('deep', 'auto')));
  expect(await hashOf('fast', verdict('deep', 'fast'))).toBe(await hashOf('fast'));
  expect(await hashOf(undefined, verdict('fast'))).toBe(await hashOf(undefined));
  expect(await hashOf('auto', verdict('fast', 'auto'))).not.toBe(await hashOf('fast'));
});

describe('whoever chose to be answered at once, or lets the path be chosen,', () => {
  const seenBy = (pollers: number, backlog: number) => ({
    options: { namespace: 'default' },
    workflowService: {
      describeTaskQueue: async () => ({
        pollers: Array.from({ length: pollers }, (_none, n) => ({
          identity: `worker-${n}`,
          lastAccessTime: { seconds: Date.now() / 1_000 },
        })),
        stats: { approximateBacklogCount: backlog },
      }),
    },
  });
  test.each([
    [1, 0, 'fast'],
    [0, 0, 'deep'],
    [2, 3, 'deep'],
  ] as const)('of %d workers and %d answers that wait for one goes %s', async (pollers, backlog, path) => {
    const client = seenBy(pollers, backlog) as never;
    const by = path === 'fast' ? 'caller' : 'workers';
    expect(await routed({ path: 'fast' }, {}, { client })).toMatchObject({ path, by });
    expect(await routed({}, { sources: { isIndexed: true } }, { client })).toMatchObject({ path });
  });
});

const saying = (judge: Router['judge'], timeoutMs = 300): Router => defineRouter({ name: 'mine', timeoutMs, judge });

test('a classifier decides what the question needs, and stands in the verdict', async () => {
  const deep = saying(({ goal }) => ({ path: 'deep', why: `“${goal.slice(0, 8)}” is a survey` }));
  expect(await routed({}, INDEXED, { router: deep })).toMatchObject({
    path: 'deep',
    by: 'question',
    router: 'mine',
    why: '“At which” is a survey',
  });
  const fast = saying(() => ({ path: 'fast', why: 'it is in one place' }));
  expect(await routed({ goal: 'Compare all of them.' }, INDEXED, { router: fast })).toMatchObject({
    path: 'fast',
    why: 'it is in one place',
  });
  // What holds whatever the question needs is not its to change.
  expect(await routed({}, { ...INDEXED, lane: { workers: 0 } }, { router: fast })).toMatchObject({
    path: 'deep',
    by: 'workers',
  });
});

test.each<[string, Router['judge']]>([
  [
    'throws',
    () => {
      throw new Error('no such model');
    },
  ],
  ['takes too long', async () => await new Promise(() => undefined)],
  ['gives no judgement that can be used', () => ({ path: 'sideways' }) as never],
])('where a classifier %s the rules choose, and that is said', async (_what, judge) => {
  const said: string[] = [];
  const verdict = await routed({}, INDEXED, { router: saying(judge, 50), warn: (line) => said.push(line) });
  expect(verdict).toMatchObject({ path: 'fast', by: 'fits' });
  expect(verdict).not.toHaveProperty('router');
  expect(said).toEqual([expect.stringMatching(/^router mine: .+; the rules choose$/)]);
});

test('a config file names the router of one of its extensions, written in plain JavaScript', async () => {
  const file = join(place, 'muster.json');
  writeFileSync(
    join(place, 'mine.cjs'),
    `exports.routers = [{ name: 'by-length', judge: ({ goal }) => ({ path: goal.length > 20 ? 'deep' : 'fast', why: 'by its length' }) }];`,
  );
  writeFileSync(file, JSON.stringify({ extensions: ['./mine.cjs'], router: 'by-length' }));
  expect(await routed({}, INDEXED, { configPath: file })).toMatchObject({
    path: 'deep',
    router: 'by-length',
    why: 'by its length',
  });
  writeFileSync(file, JSON.stringify({ extensions: ['./mine.cjs'], router: 'other' }));
  await expect(routed({}, INDEXED, { configPath: file })).rejects.toThrow(
    'no extension has a router "other"; there is by-length',
  );
});

test('what is no router is refused with all that is wrong', () => {
  expect(() => defineRouter({ name: 'a b', timeoutMs: 0 } as never)).toThrow(
    /name: .+; timeoutMs: .+; judge: must be a function/,
  );
});
