// follows-a-task.test.ts: the CLI as scripts and people use it with a server and a worker: real processes, real tasks.

import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TaskEvent } from '../../protocol/events.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { emptyFolder, muster, musterHere, type Ended, type Running } from './support.ts';

const GOAL = 'Compare what harbour, lighthouse and tidebook do when a message is repeated';

let deployment: TestDeployment;
/** Holds the model's calls, where a test asks for that. */
let held: HeldModel | undefined;
const cli = (args: string[], env: Record<string, string> = {}): Running =>
  muster(args, { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: deployment.home, ...env } });
/** For what is read of a task whose start and end processes are asked for. */
const here = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  musterHere(args, { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: deployment.home, ...env } });
const run = (...more: string[]): Running => cli(['run', GOAL, '--docs', deployment.docs, ...more]);
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const idIn = (talk: string): string => /muster watch (\S+)/.exec(talk)?.[1] ?? '';

describe('with a worker', () => {
  beforeAll(async () => {
    deployment = await testDeployment({ latencyMs: 150, brain: (request) => (held?.brain ?? offlineBrain)(request) });
    await deployment.startWorker();
  });
  afterAll(() => deployment.stop());

  test('run on a pipe gives one line an event on stderr and the answer on stdout', async () => {
    const file = join(emptyFolder(), 'answer.md');
    const { code, out, talk } = await run('--output', file).ended;
    expect(code).toBe(0);
    expect(out).toMatch(/^## /);
    expect(out).toMatch(/\n## Sources\n\n\[1\] \S+\.md:\d+ “/);
    expect(readFileSync(file, 'utf8')).toBe(out);
    expect(talk).toMatch(/^\d\d:\d\d:\d\d task accepted/m);
    expect(talk).toMatch(/^\d\d:\d\d:\d\d s1 finding: .+ \(\S+\.md:\d+\)$/m);
    expect(talk).toMatch(/^\d\d:\d\d:\d\d task completed$/m);
    expect(`${out}${talk}`).not.toContain('\u001b');
  });

  test('run --json gives every event from the first on and the result as its last line', async () => {
    const { code, out } = await run('--json').ended;
    expect(code).toBe(0);
    const all = lines(out).map((line) => JSON.parse(line) as TaskEvent | { type: 'result'; result: TaskResult });
    const last = all.pop();
    expect(all.map((one) => (one as TaskEvent).n)).toEqual(all.map((_one, i) => i + 1));
    expect(all.at(-1)?.type).toBe('task.closed');
    expect(last).toMatchObject({
      type: 'result',
      result: { outcome: 'completed', answer: expect.any(Object) as object },
    });
  });

  test('start prints the id alone; status, list, watch and result know it, by a part of it, too', async () => {
    // The task is still running when its result is asked for, however long that takes.
    held = heldModel(() => true);
    const { out } = await cli(['start', GOAL, '--docs', deployment.docs]).ended;
    expect(lines(out)).toHaveLength(1);
    const id = out.trim();
    expect((await here(['result', id])).code).toBe(6);
    held.release();
    const waited = await cli(['result', id.slice(-12), '--wait']).ended;
    expect(waited).toMatchObject({ code: 0, out: expect.stringMatching(/^## /) as string });
    const again = await here(['watch', id]);
    expect(again.talk).toMatch(/task accepted/);
    expect(again.out).toBe(waited.out);
    expect((await here(['watch', id, '--after', '2'])).talk).not.toMatch(/task accepted/);
    expect(JSON.parse((await here(['status', id, '--json'])).out)).toMatchObject({
      taskId: id,
      state: 'completed',
    });
    await until('the task is listed', async () =>
      lines((await here(['list', '--json'])).out).some(
        (line) => (JSON.parse(line) as { taskId: string }).taskId === id,
      ),
    );
  });

  test('the result of a closed task is printed from the store when the server is away', async () => {
    const id = (JSON.parse((await run('--json').ended).out.trim().split('\n').at(-1) ?? '') as { result: TaskResult })
      .result.taskId;
    const { code, out } = await here(['result', id], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(code).toBe(0);
    expect(out).toMatch(/^## /);
  });

  test('asking twice with a key is asking once, and another body is refused with exit 2', async () => {
    const ask = (goal: string): Promise<Ended> => here(['start', goal, '--docs', deployment.docs, '--key', 'k-1']);
    const first = await ask(GOAL);
    expect((await ask(GOAL)).out).toBe(first.out);
    const other = await ask('another question');
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.talk).toContain(`Kept: task ${first.out.trim()}, untouched`);
  });

  test('a folder outside the roots ends with exit 4 and names the setting', async () => {
    const { code, talk } = await here(['run', GOAL, '--docs', emptyFolder()]);
    expect(code).toBe(4);
    expect(talk).toMatch(/outside[^]*Next: .*"roots".*MUSTER_CONFIG/);
  });

  test('a folder with nothing readable ends with exit 1 and says what is readable', async () => {
    const empty = join(dirname(deployment.docs), 'empty');
    mkdirSync(empty);
    const { code, talk } = await here(['run', GOAL, '--docs', empty]);
    expect(code).toBe(1);
    expect(talk).toMatch(/^muster: task \S+ failed: no text could be read[^]*Next: Name a file, folder or page/m);
  });

  test('a task that nobody started is not found, with exit 3', async () => {
    expect((await here(['watch', 'never-started-0123456789ab'])).code).toBe(3);
  });
});

describe('with a model that does not answer yet', () => {
  let held: HeldModel;
  beforeAll(async () => {
    deployment = await testDeployment({ brain: (request) => held.brain(request) });
    await deployment.startWorker();
  });
  beforeEach(() => (held = heldModel(() => true)));
  afterEach(() => held.release());
  afterAll(() => deployment.stop());

  test('whoever asks for the result of a paused task reads that it is, and what makes it go on', async () => {
    const id = (await here(['start', GOAL, '--docs', deployment.docs])).out.trim();
    await here(['pause', id]);
    const paused = await here(['result', id]);
    expect(paused).toMatchObject({ code: 6, out: '' });
    expect(paused.talk).toMatch(/^muster: task \S+ is paused\.\n {2}Kept: [^]*Next: muster resume \S+ lets it go on/);
    await here(['cancel', id, '--wait']);
  });

  test('cancel --wait stops a task, and its result ends with exit 7', async () => {
    const id = (await here(['start', GOAL, '--docs', deployment.docs])).out.trim();
    const ended = await cli(['cancel', id, '--reason', 'no longer needed', '--wait']).ended;
    expect(ended).toMatchObject({ code: 0, talk: expect.stringContaining('nothing was found until then') as string });
    const { code, talk } = await here(['result', id]);
    expect(code).toBe(7);
    expect(talk).toMatch(/was cancelled\.\n {2}Kept: /);
  });

  test('the first Ctrl-C says how to come back and leaves after 2 s with 130; the task runs on', async () => {
    const { child, sofar, ended } = run();
    await until('the task is accepted', () => sofar.talk.includes('task accepted'));
    const began = Date.now();
    child.kill('SIGINT');
    const { code, talk } = await ended;
    expect(code).toBe(130);
    expect(Date.now() - began).toBeGreaterThan(1_800);
    held.release();
    const { outcome } = await (await deployment.client.get(idIn(talk))).result();
    expect(outcome).toBe('completed');
  });

  test('a second Ctrl-C within 2 s cancels the task, waits and exits 7', async () => {
    const pressTwice = async () => {
      const { child, sofar, ended } = run();
      await until('the task is accepted', () => sofar.talk.includes('task accepted'));
      child.kill('SIGINT');
      await until('the first was heard', () => sofar.talk.includes('Ctrl-C again to cancel it'));
      await new Promise((done) => setTimeout(done, 400));
      child.kill('SIGINT');
      return await ended;
    };
    let last = await pressTwice();
    // A command that gets no time for a while takes the two for one, or the second for one too late.
    for (let tries = 1; last.code === 130 && tries < 3; tries += 1) last = await pressTwice();
    const { code, talk } = last;
    expect(code).toBe(7);
    expect(talk).toMatch(/task cancelled\n[^]*was cancelled\.\n/);
  });

  test('--timeout stops the waiting with exit 6, not the task', async () => {
    const { code, talk } = await run('--timeout', '1').ended;
    expect(code).toBe(6);
    const handle = await deployment.client.get(idIn(talk));
    expect((await handle.status()).closedAt).toBeUndefined();
    await handle.cancel();
  });
});

describe('with no worker', () => {
  beforeAll(async () => {
    deployment = await testDeployment();
  });
  afterAll(() => deployment.stop());

  test('run and start say that nobody works, what is kept and what to do, and run goes on waiting', async () => {
    const started = await here(['start', GOAL, '--docs', deployment.docs]);
    expect(started.code).toBe(0);
    expect(started.talk).toMatch(/no worker is polling[^]*Kept: the task[^]*Next: muster worker/);
    const waited = await run('--timeout', '8').ended;
    expect(waited.code).toBe(6);
    expect(waited.talk).toMatch(/^muster: no worker polls .*muster worker/m);
    const asked = await here(['result', started.out.trim()]);
    expect(asked.code).toBe(6);
    expect(asked.talk).toMatch(/^muster: task \S+ has no answer yet: no worker polls [^]*Next: muster watch /);
    const cancelled = await here(['cancel', started.out.trim(), '--wait']);
    expect(cancelled.code).toBe(6);
    expect(cancelled.talk).toMatch(/asked task \S+ to stop; Temporal keeps that, but no worker polls/);
    await (await deployment.client.get(idIn(waited.talk))).cancel();
  });
});
