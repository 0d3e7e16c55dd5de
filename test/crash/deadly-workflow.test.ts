// A Workflow whose code takes the process with it is ended at its third dead worker, and the other tasks go on. The real
// `muster worker`, with a line in its Workflow bundle that kills the process for one goal.

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TaskFailedError } from '../../client/index.ts';
import { musterHere } from '../cli/support.ts';
import { killed, serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const ROOT = resolve(__dirname, '../..');
const POISON = 'a goal that kills';
const BUG = 'a goal with a bug';
const FIRST = 'const fans = [];';
/** The sandbox has no process; what the SDK puts into it has. */
const DIE = `if (request.goal.startsWith('${POISON}')) { const p = AsyncLocalStorage.constructor('return process')(); p.kill(p.pid, 'SIGKILL'); for (;;); } if (request.goal.startsWith('${BUG}')) throw new TypeError('a bug');`;

/** A build like ours, whose Workflow dies of one goal. */
function deadlyBuild(): string {
  const root = mkdtempSync(join(tmpdir(), 'muster-deadly-'));
  cpSync(join(ROOT, 'dist'), join(root, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const bundle = join(root, 'dist/workflow-bundle.js');
  const code = readFileSync(bundle, 'utf8');
  expect(code.split(`    ${FIRST}\n`)).toHaveLength(2);
  writeFileSync(bundle, code.replace(`    ${FIRST}\n`, `    ${DIE} ${FIRST}\n`));
  return join(root, 'dist/worker/main.js');
}

describe('a Workflow that kills its worker', () => {
  const main = deadlyBuild();
  let it_: TestDeployment;
  const started: ChildProcess[] = [];
  beforeEach(async () => {
    it_ = await testDeployment();
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await killed(child, 'SIGKILL');
    await it_.stop();
  });

  const startOne = (): ChildProcess => {
    const env = {
      ...process.env,
      MUSTER_HOME: it_.home,
      TEMPORAL_ADDRESS: serverAddress(),
      MUSTER_OFFLINE_URL: it_.model.url,
    };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    started.push(child);
    return child;
  };
  const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
  const ask = (goal: string) => it_.client.start({ goal, sources: [it_.docs] });
  const statusOf = async (taskId: string) =>
    (await it_.client.temporal.workflow.getHandle(taskId).describe()).status.name;

  test('is ended as failed when three workers died at it, its result first, and the other tasks go on', async () => {
    const deadly = await ask(POISON);
    const others = await Promise.all(['harbour', 'tidebook'].map((what) => ask(`Describe ${what}`)));
    // Tried again and again as well, and with each death that it sees: but no worker died of it.
    const buggy = await ask(BUG);
    let deaths = 0;
    let worker = startOne();
    await until('it is ended', async () => {
      if (isGone(worker)) {
        expect(worker.signalCode).toBe('SIGKILL');
        deaths += 1;
        worker = startOne();
      }
      return (await statusOf(deadly.taskId)) !== 'RUNNING';
    });
    expect({ deaths, status: await statusOf(deadly.taskId) }).toEqual({ deaths: 3, status: 'TERMINATED' });
    for (const other of others) expect((await other.result()).outcome).toBe('completed');
    expect(isGone(worker)).toBe(false);
    expect(await statusOf(buggy.taskId)).toBe('RUNNING');

    const words = /3 workers on .* died one after the other at the Workflow of this task/;
    await expect(deadly.result()).rejects.toThrow(TaskFailedError);
    await expect(deadly.result()).rejects.toThrow(words);
    const { events } = await it_.client.temporal.workflow.getHandle(deadly.taskId).fetchHistory();
    expect(events?.at(-1)?.workflowExecutionTerminatedEventAttributes?.reason).toMatch(words);
    expect(await it_.store.getResult(deadly.taskId)).toMatchObject({ outcome: 'failed', goal: POISON });
    expect(await it_.store.getTask(deadly.taskId)).toMatchObject({ goal: POISON, tenant: 'default' });
    expect((await deadly.status()).state).toBe('failed');
    const env = { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
    const result = await musterHere(['result', deadly.taskId], { env });
    const list = await musterHere(['list', '--json'], { env });
    expect(result.code).toBe(1);
    expect(result.talk).toMatch(words);
    expect(list.out).toMatch(new RegExp(`"${deadly.taskId}","state":"failed"`));
  });
});
