// Receivers that hang take nothing from tasks: what is to be told to them has a queue and slots of its own.

import { startReceiver } from '../rig/receiver.ts';
import { testDeployment, until } from '../rig/deployment.ts';

const TASKS = 20;
const RECEIVERS = 10;
/** As a worker has them for what no answer waits for. */
const SLOTS = 20;

test('with 200 notifications queued on receivers that hang, a task runs to its answer while none of them is delivered', async () => {
  const it = await testDeployment();
  const receiver = await startReceiver();
  try {
    receiver.answer('hang');
    // Twice the slots of the tasks' own queue would be taken, were it theirs.
    await it.startWorker({ slots: 8 });
    const input = { goal: 'How often does lighthouse poll?', sources: [it.docs], class: 'quick' };
    const notify = Array.from({ length: RECEIVERS }, () => ({ kind: 'webhook', to: receiver.url }));
    const told = await Promise.all(Array.from({ length: TASKS }, () => it.client.start({ ...input, notify })));
    await Promise.all(told.map((one) => one.result()));
    await until('they hang', () => receiver.waiting() === SLOTS);
    const task = await it.client.start(input);
    expect((await task.result()).outcome).toBe('completed');
    const deliveries = async () => {
      const all = await Promise.all(told.map((one) => one.status()));
      return all.flatMap(({ background }) => background?.deliveries ?? []);
    };
    // They are named once each task has closed, which is after its answer.
    await until('all are named', async () => (await deliveries()).length === TASKS * RECEIVERS);
    expect((await deliveries()).filter(({ state }) => state === 'delivered')).toEqual([]);
    expect(receiver.peak()).toBe(SLOTS);
  } finally {
    receiver.answer({ status: 204 });
    await receiver.close();
    await it.stop();
  }
});
