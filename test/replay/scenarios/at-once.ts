// at-once.ts: questions that are answered at once, routed, or asked in a session.

import type { TaskHandle } from '../../../client/index.ts';
import { until, untilAnswersAtOnce, type TestDeployment } from '../../rig/deployment.ts';
import { startReceiver } from '../../rig/receiver.ts';
import { behind, QUESTION, type Theme } from './scenario.ts';

const settings: Theme['settings'] = {};

const atOnce = async (it: TestDeployment): Promise<TaskHandle> => {
  await untilAnswersAtOnce(it);
  return await it.client.start({ goal: QUESTION, sources: [it.docs], path: 'fast' });
};

/** As a gateway starts it that answers by itself: on the fast queue, begun with the reply to its start. */
const inGateway = async (it: TestDeployment): Promise<TaskHandle> => {
  const { connection: eager } = (await it.openLane()).take()!;
  return await it.client.start({ goal: QUESTION, sources: [it.docs], path: 'fast' }, { eager });
};

/** The second question of a session. */
const followUp = async (it: TestDeployment, path: 'fast' | 'deep'): Promise<TaskHandle> => {
  const of = { sources: [it.docs], sessionId: 'harbour', path };
  await (await it.client.start({ ...of, goal: 'How often does the lighthouse poll?' })).result();
  return await it.client.start({ ...of, goal: 'And what about the tidebook?' });
};

/** Whose receiver asks to hear of that. */
async function demotedAndTold(it: TestDeployment, start: () => Promise<TaskHandle>): Promise<TaskHandle> {
  await (await start()).result();
  it.model.inject({ kind: 'delay', ms: 2_000, match: { step: 'muster_direct' } });
  const receiver = await startReceiver();
  const notify = [{ kind: 'webhook', to: receiver.url, events: ['task.demoted' as const, 'task.completed' as const] }];
  const handle = await it.client.start({ goal: QUESTION, sources: [it.docs], path: 'fast', notify });
  await until('its model is asked', async () => it.model.inFlight > 0);
  await handle.demote();
  await until('the end is told', () => receiver.told.length === 2);
  await receiver.close();
  return handle;
}

const scenarios: Theme['scenarios'] = {
  /** Not indexed: planned. */
  'fast-planned': (it) => atOnce(it),
  /** The router chose the path: its verdict is in the request, and in the first event. */
  async routed(it, start) {
    await (await start()).result();
    return await it.client.start({ goal: QUESTION, sources: [it.docs], path: 'auto' });
  },
  async 'fast-demoted'(it, start) {
    await (await start()).result();
    it.model.inject({ kind: 'delay', ms: 2_000, match: { step: 'muster_direct' } });
    const handle = await atOnce(it);
    await until('its model is asked', async () => it.model.inFlight > 0);
    await handle.demote();
    return handle;
  },
  'fast-demoted-told': (it, start) => demotedAndTold(it, start),
  async 'fast-eager'(it, start) {
    await (await start()).result();
    return await inGateway(it);
  },
  async 'fast-busy'(it, start) {
    await (await start()).result();
    it.model.inject({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, match: { step: 'muster_direct' } });
    return await inGateway(it);
  },
  'background-demoted': async (it, start) => behind(it, await demotedAndTold(it, start)),
  'session-deep': (it) => followUp(it, 'deep'),
  'session-fast': (it) => followUp(it, 'fast'),
};

export const AT_ONCE: Theme = { scenarios, settings };
