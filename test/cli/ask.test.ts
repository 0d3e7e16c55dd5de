// `muster ask` in a real terminal: the words of the answer as they are written, once, with their sources; and what takes longer goes
// on as a task that is followed.

import { MAIN } from './support.ts';
import { inTerminal, terminalCommand } from './terminal.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const onTerminal = terminalCommand ? test : test.skip;
const QUESTION = 'How often does the lighthouse poll?';

let it_: TestDeployment;
beforeAll(async () => {
  it_ = await testDeployment({ tokenMs: 20 });
  await it_.startWorker();
  await (await it_.client.start({ goal: 'What is in the harbour?', sources: [it_.docs] })).result();
});
afterAll(async () => await it_.stop());

const ask = (...flags: string[]) =>
  inTerminal(MAIN, ['ask', QUESTION, '--docs', it_.docs, ...flags], {
    TEMPORAL_ADDRESS: serverAddress(),
    MUSTER_HOME: it_.home,
  });

onTerminal('an answer at once is on the terminal while it is written, once, and then its sources', async () => {
  it_.model.inject({ kind: 'stall', afterChunks: 12, ms: 3_000, match: { step: 'muster_direct' } });
  const { written, ended } = ask('--within', '60');
  await until('its first words are there', () => it_.model.inFlight > 0 && /\w{4,}/.test(written()));
  expect(written()).not.toContain('Sources');
  expect(await ended).toBe(0);
  const [said = '', behind = ''] = written().split('Sources');
  expect(said.match(/15 seconds/g)).toHaveLength(1);
  expect(said).toMatch(/15 seconds[^]*\[1\]/);
  expect(behind).toMatch(/\[1\] \S+\.md:\d+[^]*answered at once · 1 model call/);
});

onTerminal(
  'an answer that takes longer than it may goes on as a task with an id, and is followed to its end',
  async () => {
    it_.model.inject({ kind: 'stall', afterChunks: 1, ms: 4_000, match: { step: 'muster_direct' } });
    const { written, ended } = ask('--within', '0.5');
    expect(await ended).toBe(0);
    const id = /It takes longer than an answer at once may: it goes on as task (\S+)\./.exec(
      written().replace(/\s+/g, ' '),
    )?.[1];
    const types: string[] = [];
    for await (const { type } of (await it_.client.get(id ?? '')).events()) types.push(type);
    // When it took its place in the shell's session is nobody's matter here.
    const story = types.filter((type) => type !== 'session.joined');
    expect(story).toEqual(['task.accepted', 'task.demoted', 'answer.ready', 'task.closed']);
    expect(written()).toMatch(/\.\s+[^]*15 seconds[^]*Sources[^]*answered at once/);
  },
);
