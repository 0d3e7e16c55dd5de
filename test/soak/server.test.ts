// A Temporal server of its own that is killed and started again under a task of ten sub-agents: the task goes on, with
// the same answer, and no finished call is made again. `npm run soak` kills it more often.

import { until } from '../rig/deployment.ts';
import { ownServer, type OwnServer } from '../rig/own-server.ts';
import { figure, WHOLE } from './scale.ts';
import { AGENTS, tenAgents, TURNS, type TenAgents } from './ten-agents.ts';

const KILLS = WHOLE ? 5 : 1;

describe('a task of ten sub-agents', () => {
  let ten: TenAgents | undefined;
  let server: OwnServer;

  beforeEach(async () => {
    server = await ownServer();
  });
  afterEach(async () => {
    await ten?.stop();
    server.stop();
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
      await server.kill();
      server.comeBack();
    }
    expect(await ten.claimsOf(task)).toEqual(calm);
    expect(await ten.repeats(task)).toEqual([]);
    expect(await ten.differences()).toEqual([]);
    const research = ten.research(it_.model.requests.slice(before));
    figure('server kills', { kills, researchCalls: research.length, needed: AGENTS * TURNS });
  }, 400_000);
});
