// behind.ts: what goes on behind an answer: receivers, subtasks in the background, a child that has become long.

import type { TaskHandle } from '../../../client/index.ts';
import { BACKGROUND_SIGNALS, backgroundId } from '../../../protocol/names.ts';
import { call, scripted } from '../../agents/scripted.ts';
import { until, type TestDeployment } from '../../rig/deployment.ts';
import { startReceiver } from '../../rig/receiver.ts';
import { behind, parts, QUESTION, startTold, type Theme } from './scenario.ts';

const scenarios: Theme['scenarios'] = {};
const settings: Theme['settings'] = {};

let isRefused = true;
const planned = scripted({
  plan: [
    { title: 'One', goal: 'one' },
    { title: 'Kept', goal: 'kept', background: true },
    { title: 'Late', goal: 'late', needs: [1, 2], background: true },
    { title: 'Parts', goal: 'order', kind: 'orderer', background: true },
  ],
  turn(goal, results) {
    if (results.length > 0) return undefined;
    return [goal === 'order' ? call('delegate', { subtasks: parts }) : call('search_documents', { query: goal })];
  },
});
settings['background-planned'] = {
  brain: (asked) =>
    isRefused && JSON.stringify(asked.messages).includes('<subtask>\\nlate')
      ? { content: 'no', toolCalls: [] }
      : planned(asked),
};

settings['plan-background'] = { brain: planned };

/** A background child that has become long: the run that hands over, and the one that takes up and is cancelled. */
const handedOver =
  (which: 'first' | 'second') =>
  async (it: TestDeployment): Promise<TaskHandle> => {
    const [shy, gone] = [await startReceiver(), await startReceiver()];
    shy.answer({ status: 503 });
    gone.answer({ status: 410 });
    const handle = await startTold(it, {
      notify: [shy, gone].map(({ url }) => ({ kind: 'webhook', to: url })),
      background: [{ goal: QUESTION }, { goal: 'nobody does it', kind: 'nobody' }],
    });
    const child = it.client.temporal.workflow.getHandle(backgroundId(handle.taskId));
    const known = async () => (await handle.status()).background;
    const stateOf = async (at: number) => (await known())?.deliveries[at]?.state;
    await until(
      'one is away, the other one gone',
      async () => `${await stateOf(0)},${await stateOf(1)}` === 'retrying,disabled',
    );
    await until('b1 is done', async () => (await known())?.subtasks.map(({ state }) => state).join() === 'done,failed');
    const { runId } = await child.describe();
    for (let n = 0; n < 4; n += 1) await child.signal(BACKGROUND_SIGNALS.redeliver, { ids: ['x'.repeat(1_600_000)] });
    await until('another run goes on', async () => (await child.describe()).runId !== runId);
    for (const one of [shy, gone]) one.answer({ status: 204 });
    await handle.redeliver();
    await until('both are told', async () => `${await stateOf(0)},${await stateOf(1)}` === 'delivered,delivered');
    await handle.cancelBackground();
    await Promise.all([shy.close(), gone.close()]);
    const last = behind(it, handle);
    return which === 'first' ? Object.assign(last, { runId }) : last;
  };

Object.assign(scenarios, {
  async 'with-background'(it) {
    return await startTold(it, { background: [{ goal: 'How often does lighthouse poll?' }] });
  },
  async 'background-notify'(it) {
    const [shy, gone] = [await startReceiver(), await startReceiver()];
    shy.answer({ status: 503 });
    gone.answer({ status: 410 });
    const handle = await startTold(it, {
      notify: [
        { kind: 'webhook', to: shy.url },
        { kind: 'webhook', to: gone.url },
      ],
    });
    await until('both were asked', () => shy.told.length > 0 && gone.told.length > 0);
    for (const one of [shy, gone]) one.answer({ status: 204 });
    const status = async () => (await handle.status()).background?.deliveries.map(({ state }) => state).join();
    await until('one is told, the other one disabled', async () => (await status()) === 'delivered,disabled');
    await handle.redeliver();
    await until('both are told', async () => (await status()) === 'delivered,delivered');
    await Promise.all([shy.close(), gone.close()]);
    return behind(it, handle);
  },
  /** Its master can't say that it has ended: the child looks, after a minute. */
  async 'background-terminated'(it) {
    const receiver = await startReceiver();
    it.model.inject({ kind: 'stall', times: 99, match: { step: 'muster_plan' } });
    const handle = await startTold(it, { notify: [{ kind: 'webhook', to: receiver.url }] });
    await until('its child waits', () =>
      it.client.temporal.workflow
        .getHandle(backgroundId(handle.taskId))
        .describe()
        .then(
          () => true,
          () => false,
        ),
    );
    await it.client.temporal.workflow.getHandle(handle.taskId).terminate('by the scenario');
    receiver.answer({ status: 503 });
    await until('it is away', () => receiver.told.length > 0);
    receiver.answer({ status: 204 });
    const child = behind(it, handle);
    await child.result();
    await receiver.close();
    return child;
  },
  async 'background-subtask'(it) {
    it.model.inject({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
      match: { step: 'muster_findings', nth: 7 },
    });
    const handle = await startTold(it, {
      background: [{ goal: 'How often does lighthouse poll?' }, { goal: 'nobody does it', kind: 'nobody' }],
    });
    const failed = async () => (await handle.status()).background;
    await until('one is done, the other one failed', async () => (await failed())?.state === 'over');
    await handle.redeliver(['b2']);
    await until(
      'it is done once more',
      async () =>
        (await it.store.readEvents(backgroundId(handle.taskId))).filter(({ type }) => type === 'background.settled')
          .length === 2,
    );
    await handle.cancelBackground();
    return behind(it, handle);
  },
  async 'background-planned'(it) {
    const handle = await startTold(it, {});
    const settled = async (): Promise<number> =>
      (await it.store.readEvents(backgroundId(handle.taskId))).filter(({ type }) => type === 'background.settled')
        .length;
    await until('one has failed', async () => (await settled()) === 1);
    isRefused = false;
    await handle.redeliver();
    return behind(it, handle);
  },
  async 'plan-background'(it) {
    return await startTold(it, {});
  },
  'background-hands-over': handedOver('first'),
  'background-takes-up': handedOver('second'),
} satisfies Theme['scenarios']);

export const BEHIND: Theme = { scenarios, settings };
