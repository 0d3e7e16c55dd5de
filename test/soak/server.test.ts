// A Temporal server of its own that is killed and started again under a task of ten sub-agents: the task goes on, with
// the same answer, and no finished call is made again. `npm run soak` kills it more often.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../rig/deployment.ts';
import { figure, WHOLE } from './scale.ts';
import { AGENTS, tenAgents, TURNS, type TenAgents } from './ten-agents.ts';
import { freePort } from '../rig/free-port.ts';

const KILLS = WHOLE ? 5 : 1;
const SCRIPT = resolve(__dirname, '../../temporal-dev.sh');

describe('a task of ten sub-agents', () => {
  let ten: TenAgents | undefined;
  let home: string;
  let address: string;
  const shared = process.env.MUSTER_TEST_ADDRESS;

  const serverScript = (...args: string[]): string =>
    execFileSync('bash', [SCRIPT, ...args], {
      env: { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: address },
      // What it says to stderr stands in the failure.
      stdio: 'pipe',
    }).toString();

  beforeEach(async () => {
    home = join(mkdtempSync(join(tmpdir(), 'muster-server-')), '.muster');
    address = `127.0.0.1:${await freePort()}`;
    serverScript();
    process.env.MUSTER_TEST_ADDRESS = address;
  });
  afterEach(async () => {
    await ten?.stop();
    if (shared !== undefined) process.env.MUSTER_TEST_ADDRESS = shared;
    serverScript('--stop');
    rmSync(resolve(home, '..'), { recursive: true, force: true });
  });

  test(`whose Temporal server is killed and started again goes on to the same answer and repeats no finished call (${KILLS})`, async () => {
    ten = await tenAgents();
    const { it_ } = ten;
    await it_.spawnWorker();
    const calm = await ten.claimsOf(await ten.start());
    const before = it_.model.requests.length;
    const task = await ten.start();
    let kills = 0;
    for (; kills < KILLS; kills += 1) {
      await until(
        'research is under way',
        () => it_.model.requests.length > before + (kills + 1) * AGENTS && it_.model.inFlight > 0,
      );
      process.kill(Number(readFileSync(join(home, 'temporal.pid'), 'utf8').trim()), 'SIGKILL');
      serverScript();
    }
    expect(await ten.claimsOf(task)).toEqual(calm);
    expect(await ten.repeats(task)).toEqual([]);
    expect(await ten.differences()).toEqual([]);
    const research = ten.research(it_.model.requests.slice(before));
    figure('server kills', { kills, researchCalls: research.length, needed: AGENTS * TURNS });
  }, 400_000);
});
