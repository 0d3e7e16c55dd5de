// `muster ask` in a real terminal: the words of the answer as they are written, once, with their sources; and what takes longer goes
// on as a task that is followed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, muster } from './support.ts';
import { inTerminal, terminalCommand } from './terminal.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway } from '../rig/gateway.ts';

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

onTerminal('Ctrl-C while it is written says how to come back, and the answer is made all the same', async () => {
  it_.model.inject({ kind: 'stall', afterChunks: 12, ms: 8_000, match: { step: 'muster_direct' } });
  const { written, type, ended } = ask('--within', '60');
  await until('its first words are there', () => /Lighthouse \w/.test(written()));
  type('\u0003');
  expect(await ended).toBe(130);
  const id = /The task goes on\. muster watch (\S+)/.exec(written().replace(/\s+/g, ' '))?.[1] ?? '';
  expect(await (await it_.client.get(id)).result()).toMatchObject({ outcome: 'completed' });
});

onTerminal(
  'through a gateway its words are there while they are written, too, once, and then its sources',
  async () => {
    const gateway = await testGateway(it_);
    try {
      it_.model.inject({ kind: 'stall', afterChunks: 12, ms: 3_000, match: { step: 'muster_direct' } });
      const { written, ended } = inTerminal(
        MAIN,
        ['--url', gateway.url, 'ask', QUESTION, '--docs', it_.docs, '--fast'],
        {},
      );
      await until('its first words are there', () => it_.model.inFlight > 0 && /Lighthouse \w/.test(written()));
      expect(written()).not.toContain('Sources');
      expect(await ended).toBe(0);
      const [said = '', behind = ''] = written().split('Sources');
      // On a busy machine the gateway's clock may be first: then the whole answer stands behind what it says.
      for (const part of said.split('It takes longer')) expect(part.match(/15 seconds/g)?.length ?? 1).toBe(1);
      expect(said).toContain('15 seconds');
      expect(behind).toMatch(/\[1\] \S+\.md:\d+[^]*answered at once · 1 model call/);
    } finally {
      await gateway.close();
    }
  },
);

test('through a gateway what takes longer is told by its clock, and goes on as a task that is followed', async () => {
  const configPath = join(it_.home, 'hasty.json');
  writeFileSync(configPath, JSON.stringify({ classes: { hasty: { fastBudgetMs: 1_000 } } }));
  const gateway = await testGateway(it_, { configPath });
  const asked = (...flags: string[]) =>
    muster(['--url', gateway.url, 'ask', QUESTION, '--docs', it_.docs, ...flags]).ended;
  try {
    it_.model.inject({ kind: 'stall', afterChunks: 1, ms: 3_000, match: { step: 'muster_direct' } });
    const { code, out, talk } = await asked('--class', 'hasty', '--fast');
    expect([code, talk]).toEqual([
      0,
      expect.stringMatching(/goes on as task task-\S+\.[^]*answered at once · 1 model call/),
    ]);
    expect(out).toContain('15 seconds');
    expect(await asked('--within', '3')).toMatchObject({
      code: 2,
      talk: expect.stringContaining('keeps to its class'),
    });
  } finally {
    await gateway.close();
  }
});
