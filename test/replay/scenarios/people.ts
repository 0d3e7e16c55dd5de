// people.ts: tasks that people approve, answer, steer, or ask for what is there.

import { defineClass, type PlanEdit, type TaskHandle } from '../../../client/index.ts';
import { call, scripted } from '../../agents/scripted.ts';
import { until, type TestDeployment } from '../../rig/deployment.ts';
import { by, hangs, oneHangs, tell, untilEnough, untilIs, type ScenarioSettings, type Theme } from './scenario.ts';

const scenarios: Theme['scenarios'] = {};
const settings: Theme['settings'] = {};

/** No user and host of whoever records. */
const ANNA = { name: 'anna', how: 'claimed' } as const;

settings['approved-edited'] = { input: { approve: true } };
settings['approval-refused'] = settings['approved-edited'];
settings['approval-late'] = { input: { approve: true, class: defineClass('hasty', { approveSeconds: 1 }) } };
const asks = (more: object = {}): ScenarioSettings => ({
  brain: scripted({
    plan: [{ title: 'One', goal: 'one' }],
    turn: (_goal, results) =>
      results.length === 0
        ? [call('ask_person', { question: 'Which?', choices: ['Harbour', 'Lighthouse'], ...more })]
        : undefined,
  }),
  input: { askPerson: true },
});
settings.asked = asks();
settings['asked-default'] = asks({ default: 'Harbour', until: 1 });

Object.assign(scenarios, {
  async 'approved-edited'(_it, start) {
    const handle = await start();
    await until('the plan waits', async () => (await handle.status()).progress?.proposal !== undefined);
    const { hash } = (await handle.plan())!;
    const approve = (edit: PlanEdit) =>
      handle.command({ kind: 'approve', plan: hash, approved: true, edit }, { by: ANNA });
    await approve({ add: [{ goal: 'nobody does it', kind: 'nobody' }] });
    await until('the edit is refused', () =>
      handle.command({ kind: 'approve', plan: '00000000', approved: true }).then(
        () => false,
        (error: Error) => !error.message.includes('being checked'),
      ),
    );
    await approve({
      drop: ['s1'],
      change: { s2: { title: 'Tidebook' } },
      add: [{ goal: 'How often does lighthouse poll?' }],
    });
    return handle;
  },
  async 'approval-refused'(_it, start) {
    const handle = await start();
    await until('the plan waits', async () => (await handle.status()).progress?.proposal !== undefined);
    const { hash } = (await handle.plan())!;
    await handle.command({ kind: 'approve', plan: hash, approved: false }, { by: ANNA });
    return handle;
  },
  /** Who cancels says so. */
  async 'cancelled-by'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's1', 'running');
    await handle.cancel('asked the wrong question', { by: ANNA });
    return handle;
  },
  /** Nobody approves it in time. */
  'approval-late': (_it, start) => start(),
  /** Nobody replies in time. */
  'asked-default': (_it, start) => start(),
  async asked(it, start) {
    const handle = await start();
    await until('it asks', async () => (await handle.status()).waitingFor === 'person');
    const [question] = (await handle.status()).progress!.questions!;
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    await workflow.signal('answer', { handle: question!.handle, ok: true, content: 'neither' });
    await handle.reply(undefined, 'lighthouse', { by: ANNA });
    return handle;
  },
} satisfies Theme['scenarios']);

for (const name of ['commands-paused', 'commands-added', 'commands-one-id', 'commands-stopped'])
  settings[name] = { brain: untilEnough, latencyMs: 300 };

settings['visit-again'] = { brain: untilEnough, latencyMs: 300 };

Object.assign(scenarios, {
  async 'commands-paused'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'pause', to: 's1' });
    await untilIs(handle, 's1', 'waiting');
    await tell(handle, { kind: 'resume', to: 's1' });
    await tell(handle, { kind: 'pause' });
    await untilIs(handle, 's1', 'waiting');
    await untilIs(handle, 's2', 'waiting');
    await tell(handle, { kind: 'extend', seconds: 60 });
    await tell(handle, { kind: 'resume' });
    await tell(handle, { kind: 'extend', turns: 2, to: 's2' });
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
  async 'commands-added'(it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'add', goal: 'middle', title: 'The middle' });
    await tell(handle, { kind: 'add', goal: 'nobody can', agent: 'nobody' });
    await untilIs(handle, 's3', 'running');
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const sent = { v: 1, at: Date.now(), by };
    await workflow.signal('command', { ...sent, id: 'late', kind: 'swapModel', models: ['muster-offline'] });
    await workflow.signal('command', { ...sent, id: 'odd', kind: 'note', text: 'x', to: 's9' });
    await tell(handle, { kind: 'finish' });
    return handle;
  },
  async 'commands-one-id'(it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    const again = (text: string) => handle.command({ kind: 'note', text, to: 's1' }, { by, id: 'twice' });
    await again('mind the tide');
    await again('mind the wind').catch(() => undefined);
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const sent = { v: 1, id: 'twice', at: Date.now(), by, kind: 'note' };
    await workflow.signal('command', { ...sent, text: 'mind the tide', to: 's1' });
    await workflow.signal('command', { ...sent, text: 'mind the wind', to: 's1' });
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
  async 'commands-stopped'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'stop', to: 's1' });
    await untilIs(handle, 's1', 'stopped');
    await tell(handle, { kind: 'retry', to: 's1' });
    await tell(handle, { kind: 'note', text: 'enough', to: 's2' });
    await untilIs(handle, 's2', 'done');
    await tell(handle, { kind: 'retry', to: 's2' });
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'answerNow' });
    return handle;
  },
  async 'visit-again'(it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'extend', seconds: 60, to: 's1' });
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const visits = async (): Promise<number> =>
      ((await workflow.fetchHistory()).events ?? []).filter(
        ({ activityTaskScheduledEventAttributes: asked }) => asked?.activityType?.name === 'runSubAgents',
      ).length;
    await until('it is visited once more', async () => (await visits()) === 3);
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
} satisfies Theme['scenarios']);

/** Somebody can't wait, while one sub-agent hangs. */
const asking =
  (what: (it: TestDeployment, handle: TaskHandle) => Promise<unknown>) =>
  async (it: TestDeployment, start: () => Promise<TaskHandle>): Promise<TaskHandle> => {
    const handle = await hangs(it, start);
    await until('two are done', async () => ((await handle.status()).progress?.coverage.done ?? 0) === 2);
    await what(it, handle);
    return handle;
  };
Object.assign(scenarios, {
  'answer-now': asking(async (_it, handle) => {
    await Promise.all([handle.answerSoFar({ by }), handle.answerSoFar({ by })]);
    await tell(handle, { kind: 'pause' });
    await tell(handle, { kind: 'note', text: 'mind the tide' });
    await handle.answerSoFar({ by });
    await tell(handle, { kind: 'resume' });
    await handle.answerSoFar({ by });
    await tell(handle, { kind: 'stop', to: 's2' });
  }),
  'answer-now-reserved': asking(async (_it, handle) => {
    await handle.answerSoFar({ by });
    await tell(handle, { kind: 'stop', to: 's2' });
  }),
  'answer-now-stop': asking(async (_it, handle) => {
    await handle.answerSoFar({ by });
    await handle.answerSoFar({ by, stop: true, id: 'end' });
  }),
  'answer-now-cancelled': asking(async (it, handle) => {
    it.model.inject({ kind: 'stall', match: { step: 'muster_answer' } });
    const asked = handle.answerSoFar({ by }).catch(() => undefined);
    await until('it is being written', () => it.model.inFlight === 2);
    await handle.cancel('recorded');
    await asked;
  }),
} satisfies Theme['scenarios']);
for (const name of ['answer-now', 'answer-now-stop', 'answer-now-cancelled']) settings[name] = { brain: oneHangs };
settings['answer-now-reserved'] = { brain: oneHangs, input: { limits: { tokens: 200_000 } } };

export const PEOPLE: Theme = { scenarios, settings };
