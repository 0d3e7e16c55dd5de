// fan-out.ts without a server: needs, retries, failures as data, bugs that are loud.

import { fanOut, type Ending, type FanOutPorts } from '../../workflows/fan-out.ts';
import { newSubtask, type SubtaskState } from '../../workflows/state.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';

const subtask = (id: string, needs: string[] = []): SubtaskState =>
  newSubtask({
    id,
    title: id,
    kind: 'researcher',
    needs,
    mode: 'blocking',
    limits: BUILT_IN_CLASSES.quick.subtask,
    timeouts: { startToCloseSeconds: 10, heartbeatSeconds: 10 },
    queue: 'q',
    retry: { maxAttempts: 3, baseMs: 1, capMs: 1 },
    priority: 3,
    inputHash: '',
  });

const base = (id: string) => ({
  subtask: id,
  generation: 1,
  usage: NO_USAGE,
  turns: 1,
  startedAt: 0,
  endedAt: 1,
  records: 3,
});
const done = (id: string): Outcome => ({ ...base(id), status: 'done', findingCount: 0, digests: [], missing: [] });

function ports(runPod: FanOutPorts['runPod'], extra: Partial<FanOutPorts> = {}) {
  const log: string[] = [];
  const endings = new Map<string, Ending>();
  const all: FanOutPorts = {
    runPod,
    awaitAnswers: async (handles) => void log.push(`await ${handles.map(({ handle }) => handle).join(',')}`),
    takeIn: (one, outcome) => {
      log.push(`delegate ${one.spec.id}`);
      return outcome.delegations.flatMap(({ subtasks }) => subtasks.map(({ id }) => subtask(id)));
    },
    onWait: (one) => void log.push(`wait ${one.spec.id}`),
    sleepUntil: async (at) => void log.push(`sleep ${at}`),
    isCancellation: (error) => error === 'cancelled',
    podOf: () => undefined,
    failureOf: (error) => (error instanceof Error ? undefined : { type: 'ModelUnavailable', message: String(error) }),
    deadline: () => undefined,
    onStart: (one) => void log.push(`start ${one.spec.id}`),
    onRetry: (one) => void log.push(`retry ${one.spec.id}`),
    onEnd: (one, ending) => {
      endings.set(one.spec.id, ending);
      log.push(`end ${one.spec.id} ${ending.status}`);
    },
    ...extra,
  };
  return { all, log, endings };
}

test('a subtask starts only after all that it needs is done', async () => {
  const { all, log } = ports(async (one) => ({ outcomes: [done(one.spec.id)] }));
  await fanOut([subtask('s1'), subtask('s2', ['s1', 's3']), subtask('s3')], all);
  expect(log.indexOf('start s2')).toBeGreaterThan(log.indexOf('end s1 done'));
  expect(log.indexOf('start s2')).toBeGreaterThan(log.indexOf('end s3 done'));
});

test('a subtask whose need failed is skipped with the reason, and others go on', async () => {
  const { all, endings } = ports(async (one) => {
    if (one.spec.id === 's1') throw 'no luck';
    return { outcomes: [done(one.spec.id)] };
  });
  await fanOut([subtask('s1'), subtask('s2', ['s1']), subtask('s3')], all);
  expect(endings.get('s1')).toMatchObject({ status: 'failed' });
  expect(endings.get('s2')).toMatchObject({ status: 'skipped', failure: { type: 'NeedsFailed' } });
  expect(endings.get('s3')).toMatchObject({ status: 'done' });
});

test('a subtask that is to be tried again waits until its time and delays nobody', async () => {
  let visits = 0;
  const { all, log } = ports(async (one) => {
    if (one.spec.id !== 's1' || (visits += 1) > 1) return { outcomes: [done(one.spec.id)] };
    return {
      outcomes: [
        { ...base('s1'), status: 'retryAt', at: 77, failure: { type: 'ModelRateLimited', message: 'slow down' } },
      ],
    };
  });
  await fanOut([subtask('s1'), subtask('s2')], all);
  expect(log).toEqual(expect.arrayContaining(['retry s1', 'sleep 77', 'end s1 done']));
  expect(log.indexOf('end s2 done')).toBeLessThan(log.indexOf('end s1 done'));
});

test('a bug is thrown, but only after the others have ended', async () => {
  const { all, log } = ports(async (one) => {
    if (one.spec.id === 's1') throw new Error('a bug');
    return { outcomes: [done(one.spec.id)] };
  });
  await expect(fanOut([subtask('s1'), subtask('s2')], all)).rejects.toThrow('a bug');
  expect(log).toContain('end s2 done');
});

test('a cancelled subtask is stopped, neither done nor failed, and keeps what it said at the end', async () => {
  const { all, endings } = ports(() => Promise.reject('cancelled'), { podOf: () => ({ outcomes: [done('s1')] }) });
  await fanOut([subtask('s1')], all);
  expect(endings.get('s1')).toMatchObject({ status: 'stopped', last: { subtask: 's1' } });
});

test('a subtask that waits is visited again once its answers are there', async () => {
  let visits = 0;
  const { all, log } = ports(async (one) => {
    visits += 1;
    return {
      outcomes: [
        visits === 1
          ? { ...base(one.spec.id), status: 'waiting', handles: [{ handle: 'h1', until: 9 }] }
          : done(one.spec.id),
      ],
    };
  });
  await fanOut([subtask('s1')], all);
  expect(log).toEqual(['start s1', 'wait s1', 'await h1', 'end s1 done']);
});

test('a subtask that delegates is visited again once all its own have ended, each of which runs once', async () => {
  const visits: string[] = [];
  const { all, log } = ports(async (one) => {
    visits.push(one.spec.id);
    const again = visits.filter((id) => id === one.spec.id).length > 2;
    if (one.spec.id !== 's1' || again) return { outcomes: [done(one.spec.id)] };
    // The same delegation twice, as after a crash before its children had ended.
    const delegations = [{ handle: 'h', planRef: 'p', subtasks: ['s1.1', 's1.2'].map((id) => subtask(id).spec) }];
    return { outcomes: [{ ...base('s1'), status: 'delegated', delegations }] };
  });
  await fanOut([subtask('s1')], all);
  expect(visits.filter((id) => id === 's1.1')).toHaveLength(1);
  expect(log.at(-1)).toBe('end s1 done');
  expect(log.indexOf('end s1.2 done')).toBeLessThan(log.indexOf('end s1 done'));
});
