// A worker process that dies while a tool runs: what must not happen twice does not, and what kills workers is stopped.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { call, finding, scripted } from '../agents/scripted.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { LONG } from '../rig/long.ts';

const WORKER = resolve(__dirname, '../fixtures/worker-with-tools.mjs');

describe('a tool under which the worker dies', () => {
  let it_: TestDeployment;
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await it_.stop();
  });

  const calls = (): string[] =>
    existsSync(join(it_.home, 'calls')) ? readFileSync(join(it_.home, 'calls'), 'utf8').trim().split('\n') : [];

  const begin = async (tool: string, kind = 'handy') => {
    it_ = await testDeployment({
      brain: scripted({
        plan: [{ title: 'Handy', goal: 'handy', kind }],
        turn: (_goal, results) =>
          results.length === 0 && kind === 'handy' ? [call(tool, { what: 'letter' })] : undefined,
        findings: (_goal, results) => ({ findings: [finding(results.join(' ') || 'none')], missing: [] }),
      }),
    });
    const spawnOne = async () => {
      const child = await spawnReady(WORKER, [], {
        MUSTER_HOME: it_.home,
        TEMPORAL_ADDRESS: serverAddress(),
        MUSTER_OFFLINE_URL: it_.model.url,
        MUSTER_TEST_CALLS: join(it_.home, 'calls'),
      });
      stops.push(() => killed(child, 'SIGKILL'));
      return child;
    };
    const first = await spawnOne();
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    return { first, spawnOne, task };
  };

  // At this point of the loop dies-at-each-point.test.ts kills it, too.
  (LONG ? test : test.skip)(
    'and which must not run twice is reported to the model as of unknown outcome, and not run again',
    async () => {
      const { first, spawnOne, task } = await begin('send');
      await until('the letter is sent', () => calls().length === 1);
      await killed(first, 'SIGKILL');
      await spawnOne();
      const result = await task.result();
      expect(result.coverage.done).toBe(1);
      expect(calls()).toEqual(['send letter']);
      const events = [];
      for await (const event of task.events()) events.push(event);
      expect(JSON.stringify(events)).toContain('outcome unknown');
    },
  );

  for (const [title, kind, tool, words] of [
    [
      'twice one after the other ends its sub-agent, which says so, and no third worker dies',
      'handy',
      'poison',
      'while poison ran',
    ],
    ['and so does an answer whose check kills two, which is paid for once', 'fatal', 'check', 'output was checked'],
  ] as const) {
    test(title, async () => {
      const { first, spawnOne, task } = await begin(tool, kind);
      const gone = (child: typeof first) => until('it died', () => child.signalCode !== null);
      await gone(first);
      await gone(await spawnOne());
      const third = await spawnOne();
      await expect(task.result()).rejects.toThrow(new RegExp(`2 workers died .* ${words}`));
      expect(third.signalCode).toBeNull();
      expect(calls()).toEqual([tool, tool]);
      expect(it_.model.requests.filter(({ step }) => step === 'muster_findings')).toHaveLength(1);
    });
  }
});
