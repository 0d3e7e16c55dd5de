// A further round whose worker dies in its planning, in its work, and once the answer behind it is written: it goes on where it was.

import { resolve } from 'node:path';
import { finding, scripted } from '../agents/scripted.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const WORKER = resolve(__dirname, '../fixtures/dying-worker.mjs');

let it_: TestDeployment;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  it_ = await testDeployment({
    brain: scripted({
      plan: ['one', 'two'].map((goal) => ({ title: goal, goal })),
      turn: () => undefined,
      findings: (goal) => (goal === 'two' ? 'none' : { findings: ['a', 'b'].map(finding), missing: [] }),
      other: () => ({
        subtasks: [{ title: 'again', kind: 'researcher', goal: 'again', needs: ['s1'], fills: ['s2'] }],
      }),
    }),
  });
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await it_.stop();
});

async function spawnOne(point?: { log: string; record: string; when: 'before' | 'after' }) {
  const child = await spawnReady(WORKER, [], {
    MUSTER_HOME: it_.home,
    TEMPORAL_ADDRESS: serverAddress(),
    MUSTER_OFFLINE_URL: it_.model.url,
    ...(point ? { MUSTER_TEST_DIE: JSON.stringify(point) } : {}),
  });
  stops.push(() => killed(child, 'SIGKILL'));
  return child;
}

test('a worker killed in the planning and in the work of a further round, and behind it, resumes it, and pays no finished call twice', async () => {
  const task = await it_.client.start({ goal: 'g', sources: [it_.docs], rounds: 1 });
  for (const log of ['_round', 's3', '_synthesize']) {
    const child = await spawnOne({ log, record: 'model', when: 'after' });
    await until(`it dies at ${log}`, () => child.signalCode === 'SIGKILL');
  }
  await spawnOne();
  const { coverage } = await task.result();
  expect(coverage.subtasks.map(({ subtask, state }) => `${subtask} ${state}`)).toEqual([
    's1 done',
    's2 failed',
    's3 done',
  ]);
  expect(coverage.rounds).toMatchObject([{ round: 2, subtasks: ['s3'], findings: 2, filled: ['s2'] }]);
  const asked = it_.model.requests.map(({ messagesSha }) => messagesSha);
  expect(asked).toHaveLength(new Set(asked).size);
}, 120_000);
