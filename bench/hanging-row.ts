// hanging-row.ts: whether a task waits for what others left behind: a task beside 200 deliveries that are queued on receivers
// which hang, and one on a deployment that has none, in turns.

import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { benchDeployment, refuseIncomplete, type BenchDeployment } from './deployment.ts';
import type { Bench } from './row.ts';
import { median, medianInterval, rest, round, timed } from './statistics.ts';

const SUB_AGENTS = 10;
const TASKS = 20;
const RECEIVERS = 10;

export async function hangingRow({ cleanup, pairs: count, print }: Bench): Promise<void> {
  process.env.MUSTER_WEBHOOK_KEY = `whsec_${randomBytes(24).toString('base64')}`;
  cleanup.add(() => void delete process.env.MUSTER_WEBHOOK_KEY);
  const config = {
    webhooks: { keys: { main: { keyFrom: 'MUSTER_WEBHOOK_KEY' } }, allow: ['127.0.0.1'] },
  };
  const held = new Set<Socket>();
  const receiver = createServer((socket) => void held.add(socket.on('error', () => undefined)));
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  cleanup.add(() => {
    for (const socket of held) socket.destroy();
    receiver.close();
  });
  const to = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

  const quiet = await benchDeployment(cleanup, { config });
  await quiet.startWorker();
  const busy = await benchDeployment(cleanup, { config });
  await busy.startWorker();
  for (const each of [quiet, busy]) await run(each);
  const notify = Array.from({ length: RECEIVERS }, () => ({ kind: 'webhook', to }));
  const told = await Promise.all(Array.from({ length: TASKS }, () => busy.startTask(1, { notify })));
  await Promise.all(told.map((task) => task.result()));
  await rest();

  const pairs: (readonly [busy: number, quiet: number])[] = [];
  for (let i = 0; i < count; i += 1) {
    // Each is as often the first of its pair as the second.
    const [first, second] = i % 2 === 0 ? [busy, quiet] : [quiet, busy];
    const [one, two] = [await run(first), await run(second)];
    pairs.push(first === busy ? [one, two] : [two, one]);
    await rest();
  }
  const behind = await Promise.all(told.map((task) => task.status()));
  const undelivered = behind
    .flatMap(({ background }) => background?.deliveries ?? [])
    .filter(({ state }) => state !== 'delivered').length;
  const differences = pairs.map(([ms, without]) => round(ms - without, 1));
  print({
    row: 'hanging',
    n: SUB_AGENTS,
    undelivered,
    pairs,
    medianWith: round(median(pairs.map(([ms]) => ms)), 1),
    medianWithout: round(median(pairs.map(([, ms]) => ms)), 1),
    medianDifference: round(median(differences), 1),
    interval95: medianInterval(differences),
  });
}

async function run(deployment: BenchDeployment): Promise<number> {
  const { ms, value } = await timed(async () => await (await deployment.startTask(SUB_AGENTS)).result());
  refuseIncomplete(value, SUB_AGENTS);
  return ms;
}
