// Tasks whose model fails in every way there is, a third of the time: each ends with a right or honestly partial answer,
// or says why it could not, and the worker neither grows nor leaves sockets open. `npm run soak` runs two hundred.

import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TaskFailedError } from '../../client/index.ts';
import { everyKindPlan } from '../../simulator/server.ts';
import { differencesIn } from '../rig/consistent.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { figure, WHOLE } from './scale.ts';

const TASKS = Number(process.env.MUSTER_SOAK_TASKS ?? (WHOLE ? 200 : 5));
const AT_ONCE = 5;
const MAX_FAILED_SHARE = 0.05;
const GOAL = 'How often does Lighthouse poll the harbour service?';
/**
 * Growth of a worker's least memory from a soak's second quarter to its last, per task. Garbage comes and goes by 50 MB, so
 * that two hundred tasks tell no less than this; seven hundred showed none.
 */
const MAX_KB_A_TASK = 500;
const MAX_RESIDENT_KB = 450_000;
/** Connections that a worker may have: Temporal's, and those kept open for the next model calls. */
const MAX_SOCKETS = 40;

const residentKb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

const sockets = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;

/** Kilobytes a task. */
function growth(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  const least = (from: number): number => Math.min(...values.slice(from, from + quarter));
  return (least(3 * quarter) - least(quarter)) / (2 * quarter);
}

const onLinux = process.platform === 'linux' ? test : test.skip;

describe('under every kind of fault', () => {
  let it_: TestDeployment;
  afterEach(async () => {
    delete process.env.MUSTER_CONFIG;
    await it_.stop();
  });

  onLinux(
    `${TASKS} tasks end with a right or honestly partial answer, and the worker stays as it was`,
    async () => {
      it_ = await testDeployment();
      it_.model.setPlan(everyKindPlan({ seed: 11, share: 0.3, speed: 60 }));
      const patient = {
        extends: 'quick',
        deadlineSeconds: 240,
        subtask: { turns: 8, seconds: 60, callIdleSeconds: 2 },
      };
      writeFileSync(join(it_.home, 'config.json'), JSON.stringify({ classes: { patient } }));
      process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
      const { pid = 0 } = await it_.spawnWorker();
      const ends = { answered: 0, partial: 0, failed: 0 };
      const memory: number[] = [];
      let next = 0;
      const runOne = async (n: number): Promise<void> => {
        const task = await it_.client.start({ goal: `${GOAL} (${n})`, sources: [it_.docs], class: 'patient' });
        try {
          const { answer, coverage } = await task.result();
          const quotes = answer?.citations.map(({ quote }) => quote) ?? [];
          // Right: from the document that says it. Partial: it says what is missing.
          if (quotes.some((quote) => quote.includes('15'))) ends.answered += 1;
          else if (coverage.gaps.length > 0) ends.partial += 1;
          else throw new Error(`a silent loss: ${JSON.stringify({ quotes, coverage })}`);
        } catch (error) {
          if (!(error instanceof TaskFailedError) || error.message.length < 20) throw error;
          ends.failed += 1;
          if (process.env.MUSTER_TEST_TALK) process.stderr.write(`${error.message}\n`);
        }
        memory.push(residentKb(pid));
      };
      const lane = async (): Promise<void> => {
        while (next < TASKS) await runOne(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      expect(await differencesIn(it_.store)).toEqual([]);
      const report = it_.model.report();
      // A sample is too short to tell.
      const grows = WHOLE ? growth(memory) : 0;
      figure('tasks under faults', {
        ...ends,
        requests: report.requests,
        repeatsOfFinished: report.repeats.ofFinished,
      });
      figure('worker', { kilobytesATask: Math.round(grows), residentKb: memory.at(-1), sockets: sockets(pid) });
      // Those whose only sub-agent got two unusable outputs in a row, the second after being told what was wrong.
      expect(ends.failed).toBeLessThanOrEqual(Math.ceil(TASKS * MAX_FAILED_SHARE));
      expect(ends.answered).toBeGreaterThan(TASKS * 0.6);
      // A server that cuts off far below the bound it was given is asked once more, under the bound's other name.
      const cutOff = it_.model.requests.filter(
        ({ messagesSha, faultVariant }, at, all) =>
          faultVariant === 'bad-output cut-short' && all.slice(at + 1).some((one) => one.messagesSha === messagesSha),
      );
      expect(cutOff.length).toBeLessThanOrEqual(1);
      expect(report.repeats.ofFinished).toBe(cutOff.length);
      expect(grows).toBeLessThan(MAX_KB_A_TASK);
      expect(Math.max(...memory)).toBeLessThan(MAX_RESIDENT_KB);
      expect(sockets(pid)).toBeLessThan(MAX_SOCKETS);
    },
    3_600_000,
  );
});
