// Workers that are killed at random moments, again and again, while ten sub-agents take ten turns each: the answer is the
// same as without, and no call whose record was on disk at a kill is made again. `npm run soak` kills twenty times.

import { startPostgres, type TestPostgres } from '../rig/postgres.ts';
import { killed, until } from '../rig/deployment.ts';
import { drawn, figure, WHOLE } from './scale.ts';
import { AGENTS, tenAgents, TURNS, type TenAgents } from './ten-agents.ts';

const KILLS = WHOLE ? 20 : 2;
const SEED = Number(process.env.MUSTER_SOAK_SEED ?? 7);

interface Kill {
  at: number;
  /** Turns on record at the kill, by subtask. */
  finished: Map<string, number>;
}

describe('a task of ten sub-agents with ten turns each', () => {
  let ten: TenAgents;
  let postgres: TestPostgres | undefined;
  afterEach(async () => {
    await ten.stop();
    delete process.env.MUSTER_STORE_URL;
    await postgres?.stop();
    postgres = undefined;
  });

  /** @param beside whether a second worker shares the work, until the first kill takes it away for good. */
  const killAgainAndAgain = async (times: number, beside = false): Promise<void> => {
    const { it_ } = ten;
    const { model } = it_;
    let worker = await it_.spawnWorker();
    const second = beside ? await it_.spawnWorker() : undefined;
    const calm = await ten.claimsOf(await ten.start());
    const before = model.requests.length;
    const task = await ten.start();
    let isOver = false;
    const answered = ten.claimsOf(task).finally(() => (isOver = true));
    answered.catch(() => undefined);
    const kills: Kill[] = [];
    const waits: number[] = [];
    for (let n = 0; n < times; n += 1) {
      await until('research calls are open', () => model.inFlight > 0 && model.requests.length > before);
      await new Promise((done) => setTimeout(done, drawn(SEED, n) * 600));
      // Each kill with a call open; a task that is done can't be killed any more.
      await until('a call is open', () => model.inFlight > 0 || isOver);
      if (isOver) break;
      if (n === 0 && second) await killed(second, 'SIGKILL');
      await killed(worker, 'SIGKILL');
      const at = Date.now();
      kills.push({ at, finished: await ten.recorded(task) });
      worker = await it_.spawnWorker();
      await until('work goes on', () => model.inFlight > 0 || isOver);
      waits.push(Date.now() - at);
    }
    expect(await answered).toEqual(calm);
    const research = ten.research(model.requests.slice(before));
    const again = research.filter(({ subtask, turn, at }) => {
      const last = kills.findLast((kill) => kill.at <= at);
      return (last?.finished.get(subtask) ?? 0) >= turn;
    });
    expect(again).toEqual([]);
    expect(await ten.repeats(task)).toEqual([]);
    expect(await ten.differences()).toEqual([]);
    expect(kills).toHaveLength(times);
    figure('kills', {
      kills: kills.length,
      researchCalls: research.length,
      needed: AGENTS * TURNS,
      repeatsOfFinished: again.length,
    });
    figure('milliseconds from a kill to the next open call', {
      median: waits.sort((a, b) => a - b)[waits.length >> 1],
      most: waits.at(-1),
    });
  };

  test(`whose worker is killed ${KILLS} times gives the answer of an unkilled run and repeats no finished call`, async () => {
    ten = await tenAgents();
    await killAgainAndAgain(KILLS);
  }, 400_000);

  const whole = WHOLE ? test : test.skip;
  whole(
    'whose worker is killed twenty times on PostgreSQL, and a second one for good, does the same',
    async () => {
      postgres = await startPostgres();
      process.env.MUSTER_STORE_URL = await postgres.createDatabase();
      ten = await tenAgents();
      await killAgainAndAgain(KILLS, true);
    },
    400_000,
  );

  // Of two workers store/fleet.test.ts loses one, too.
  whole(
    'on PostgreSQL, one of two workers killed for good, gives the same answer and repeats no finished call',
    async () => {
      postgres = await startPostgres();
      process.env.MUSTER_STORE_URL = await postgres.createDatabase();
      ten = await tenAgents();
      const { it_ } = ten;
      const first = await it_.spawnWorker({ MUSTER_SLOTS: '6' });
      const second = await it_.spawnWorker({ MUSTER_SLOTS: '6' });
      const calm = await ten.claimsOf(await ten.start());
      const before = it_.model.requests.length;
      const task = await ten.start();
      await until(
        'the fan-out is at work',
        () => it_.model.requests.length > before + AGENTS && it_.model.inFlight > 3,
      );
      const held = [...(await ten.heldBy(task))].filter(([, worker]) => worker.endsWith(`/${first.pid}`));
      await killed(first, 'SIGKILL');
      expect(await ten.claimsOf(task)).toEqual(calm);
      expect(await ten.repeats(task)).toEqual([]);
      expect(await ten.differences()).toEqual([]);
      // What the dead one held was taken up by the other.
      expect(held.length).toBeGreaterThan(2);
      const later = await ten.heldBy(task);
      for (const [subtask] of held) expect(later.get(subtask)).toMatch(new RegExp(`/${second.pid}$`));
    },
    300_000,
  );
});
