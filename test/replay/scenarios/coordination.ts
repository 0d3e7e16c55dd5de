// coordination.ts: joins, second lives, a budget that runs out, what is asked twice, documents that contradict each other.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Brain } from '../../../simulator/server.ts';
import { call, finding, scripted } from '../../agents/scripted.ts';
import type { TaskHandle } from '../../../client/index.ts';
import { until, type TestDeployment } from '../../rig/deployment.ts';
import { hangs, oneHangs, tell, untilEnough, untilIs, type Theme } from './scenario.ts';

const scenarios: Theme['scenarios'] = {};
const settings: Theme['settings'] = {};

Object.assign(scenarios, {
  'join-quorum': hangs,
  'join-first': hangs,
  async 'join-all'(it, start) {
    it.model.inject({ kind: 'status', status: 401, times: 99, match: { contains: '\ntwo' } });
    return await hangs(it, start);
  },
  'join-deadline': hangs,
  hedge: hangs,
} satisfies Theme['scenarios']);
settings['join-quorum'] = { brain: oneHangs, input: { join: { kind: 'quorum', k: 2 } } };
settings['join-first'] = { brain: oneHangs, input: { join: { kind: 'first' } } };
settings['join-all'] = { brain: oneHangs, input: { join: { kind: 'all' } } };
settings['join-deadline'] = { brain: oneHangs, input: { join: { kind: 'bestEffort', min: 2, deadlineSeconds: 3 } } };
settings.hedge = { brain: oneHangs, input: { hedge: { afterMs: 500 } } };

/** Six subtasks with a budget for fewer: some wait until others give something back, and the last are left out. */
scenarios['budget-runs-out'] = (_it, start) => start();
settings['budget-runs-out'] = {
  brain: scripted({
    plan: ['one', 'two', 'three', 'four', 'five', 'six'].map((goal) => ({ title: goal, goal })),
    turn: (_goal, { length }) => (length < 2 ? [call('search_documents', { query: `poll ${length}` })] : undefined),
  }),
  input: { limits: { tokens: 12_000 } },
};

/** What asks for the same is done once: of a plan, of two sub-agents, of a plan and a person. */
const POLLS = ['How often does the lighthouse server poll?', 'Find out how often the lighthouse server polls.'];
settings['merged-planned'] = {
  brain: scripted({
    plan: [...POLLS.map((goal) => ({ title: goal, goal })), { title: 'both', goal: 'both', needs: [1, 2] }],
    turn: () => undefined,
  }),
};
settings['merged-delegated'] = {
  brain: scripted({
    plan: ['left', 'right'].map((goal) => ({ title: goal, goal, kind: 'orderer' })),
    turn: (goal, results) =>
      (goal === 'left' || goal === 'right') && results.length === 0
        ? [call('delegate', { subtasks: [{ title: goal, kind: 'researcher', goal: POLLS[0] }] })]
        : undefined,
  }),
};
settings['merged-added'] = { brain: untilEnough, latencyMs: 300 };
settings['merged-edited'] = {
  brain: scripted({ plan: [{ title: 'One', goal: POLLS[0]! }], turn: () => undefined }),
  input: { approve: true },
};
Object.assign(scenarios, {
  'merged-planned': (_it, start) => start(),
  'merged-delegated': (_it, start) => start(),
  async 'merged-added'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'add', goal: 'left', title: 'The left once more' });
    await until('it is merged', async () => (await handle.status()).progress?.coverage.merged !== undefined);
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
  async 'merged-edited'(_it, start) {
    const handle = await start();
    await until('the plan waits', async () => (await handle.status()).progress?.proposal !== undefined);
    const { hash } = (await handle.plan())!;
    await tell(handle, { kind: 'approve', plan: hash, approved: true, edit: { add: [{ goal: POLLS[1]! }] } });
    return handle;
  },
} satisfies Theme['scenarios']);

/** Two documents that contradict each other; the third says which holds, and is found by who is asked. */
const SEAT = {
  'office.md': 'A reserved seat is held for 30 minutes.',
  'machine.md': 'A reserved seat is held for 45 minutes.',
  'minutes.md': 'In March the time of a reserved seat was raised from 30 minutes to 45 minutes.',
};
const contradicted = (again: (keyof typeof SEAT)[]): Brain =>
  scripted({
    plan: ['office.md', 'machine.md'].map((name) => ({ title: name, goal: name })),
    turn: () => undefined,
    findings(goal) {
      const sources: (keyof typeof SEAT)[] = goal === 'office.md' || goal === 'machine.md' ? [goal] : again;
      const found = sources.map((source) => ({ claim: SEAT[source], citations: [{ source, quote: SEAT[source] }] }));
      return { findings: found, missing: [] };
    },
  });
for (const [name, again] of [
  ['conflict-settled', ['minutes.md']],
  ['conflict-open', ['office.md']],
] as const) {
  settings[name] = { brain: contradicted([...again]), input: { goal: 'How long is a reserved seat held?' } };
  scenarios[name] = async (it, start) => {
    for (const [file, text] of Object.entries(SEAT)) writeFileSync(join(it.docs, file), `${text}\n`);
    return await start();
  };
}

/** One of two fails, and a further round is to look for it. */
const onceMore = scripted({
  plan: ['one', 'two'].map((goal) => ({ title: goal, goal })),
  turn: () => undefined,
  findings: (goal) => (goal === 'two' ? 'none' : { findings: ['a', 'b'].map(finding), missing: [] }),
  other: (step) =>
    step === 'muster_round'
      ? { subtasks: [{ title: 'again', kind: 'researcher', goal: 'again', needs: ['s1'], fills: ['s2'] }] }
      : {},
});

/** One fails, and is looked for once more in a further round, which brings it; the planner sees nothing more to look for after that. */
settings['further-round'] = {
  brain: onceMore,
  input: { rounds: 2 },
};
scenarios['further-round'] = (_it, start) => start();

/** While its round is planned, a person adds one and begins another again. */
settings['further-round-steered'] = {
  brain: onceMore,
  input: { rounds: 1 },
};
/** Somebody wants the answer while its round is planned. */
settings['further-round-given-up'] = { ...settings['further-round-steered'] };
Object.assign(scenarios, {
  async 'further-round-steered'(it, start) {
    const handle = await whilePlanned(it, start);
    await tell(handle, { kind: 'add', goal: 'three' });
    await tell(handle, { kind: 'retry', to: 's2' });
    return handle;
  },
  async 'further-round-given-up'(it, start) {
    const handle = await whilePlanned(it, start);
    await tell(handle, { kind: 'answerNow' });
    return handle;
  },
} satisfies Theme['scenarios']);

/** Once its round is being planned, which takes a few seconds. */
async function whilePlanned(it: TestDeployment, start: () => Promise<TaskHandle>): Promise<TaskHandle> {
  it.model.inject({ kind: 'delay', ms: 5_000, match: { step: 'muster_round' } });
  const handle = await start();
  await until('its round is planned', async () => it.model.requests.some(({ step }) => step === 'muster_round'));
  return handle;
}

/** What one shares while it goes on is shown to the other before its next turn. */
settings.board = {
  brain: scripted({
    plan: ['shares', 'listens'].map((goal) => ({ title: goal, goal })),
    turn(goal, { length }, heard) {
      const citations = [{ source: 'lighthouse.md', quote: 'It polls every 15 seconds.' }];
      if (goal === 'shares' && length === 0) return [call('share_finding', { claim: 'It polls.', citations })];
      const isOver = goal === 'shares' || heard.some((one) => one.includes('<board>'));
      return isOver ? undefined : [call('search_documents', { query: `poll ${length}` })];
    },
  }),
  input: { board: true },
  latencyMs: 300,
};
scenarios.board = (_it, start) => start();

export const COORDINATION: Theme = { scenarios, settings };
