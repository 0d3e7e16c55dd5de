// A life's visits: one begins when its subtask is held no more, also where it is sent once more, and counts as under way alone
// while it, or the pause before the next, lasts.

import type { Outcome } from '../../protocol/outcome.ts';
import { visitOnce, type VisitPorts } from '../../workflows/visits.ts';
import { done, subtask } from './fan-out-ports.ts';

const rig = (outcomes: (Outcome | undefined)[]) => {
  const log: string[] = [];
  let isHeld = false;
  let underWay = 0;
  let letGo = (): void => undefined;
  const ports: VisitPorts = {
    async send() {
      log.push('sent');
      return outcomes.shift();
    },
    async onceNotHeld(_one, _life, work) {
      if (isHeld) {
        log.push(`held, ${underWay} under way`);
        await new Promise<void>((go) => (letGo = go));
      }
      return await work();
    },
    counted(work) {
      underWay += 1;
      const end = (): void => void (underWay -= 1);
      work.then(end, end);
      return work;
    },
    async pause(_one, ms) {
      log.push(`pause ${ms}`);
      isHeld = true;
    },
  };
  return { log, ports, hold: (held: boolean) => (isHeld = held), letGo: () => letGo() };
};
const settled = () => new Promise((done) => setImmediate(done));

test('a visit that is sent once more, since an earlier one had the log, waits while its subtask is paused, and is not under way', async () => {
  const one = subtask('s1');
  const [life] = one.lives;
  if (!life) throw new Error('it has a life');
  const { log, ports, letGo } = rig([undefined, done(one)]);
  const outcome = visitOnce(ports, one, life);
  await settled();
  expect(log).toEqual(['sent', 'pause 1000', 'held, 0 under way']);
  letGo();
  expect((await outcome).status).toBe('done');
  expect(log.at(-1)).toBe('sent');
});

test('a subtask that is paused alone before its visit is not under way, so that a question beside it waits for a person alone', async () => {
  const one = subtask('s1');
  const [life] = one.lives;
  if (!life) throw new Error('it has a life');
  const { log, ports, hold, letGo } = rig([done(one)]);
  hold(true);
  const outcome = visitOnce(ports, one, life);
  await settled();
  expect(log).toEqual(['held, 0 under way']);
  letGo();
  expect((await outcome).status).toBe('done');
});
