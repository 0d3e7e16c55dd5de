// keeping.ts: mutants of what is said of a task that is no more, and of what forgetting one removes and leaves.

import type { Mutant } from './mutant.ts';

const FILES = 'test/store/file-store.test.ts';
const GONE = 'test/gateway/gone-tasks.test.ts';
const SCHEDULES = 'test/gateway/schedules.test.ts';

const rows: Mutant[] = [
  {
    row: 'an expired task and one without a head leave a tombstone, for a year, and a task that never was leaves one by name',
    file: 'store/file-expiry.ts',
    find: 'await leaveTombstone(store, task, now);',
    put: '',
    test: FILES,
    needs: 'nothing',
  },
  {
    row: 'a task that expired says so by library, HTTP and CLI, though Temporal has it still; another tenant is told of none',
    file: 'client/gone-task.ts',
    find: 'tenant !== undefined && tombstone.tenant !== tenant',
    put: 'tenant !== undefined',
    test: GONE,
    needs: 'server',
  },
  {
    row: 'forgets a closed task with its logs and what only it used, lists that, and leaves what others use',
    file: 'store/forget.ts',
    find: ' || held.some((blob) => wanted.has(blob))',
    put: '',
    test: FILES,
    needs: 'nothing',
  },
  {
    row: 'a forgotten task leaves nothing in the store but what others use, and says what went and what stays',
    file: 'activities/forget-task.ts',
    find: 'for (const ref of await histories.refs(one)) refs.add(ref);',
    put: '',
    test: GONE,
    needs: 'server',
  },
  {
    row: 'what a task at work may use stays while it works, whatever it has said, and goes with a sweep after it',
    file: 'store/forget.ts',
    find: 'if (task.closedAt === undefined) for',
    put: 'if (task.closedAt === 0) for',
    test: FILES,
    needs: 'nothing',
  },
  {
    row: 'what is used between the look at it and its removal stays',
    file: 'store/file-forget.ts',
    find: 'usedAt + 0.001))',
    put: 'Infinity))',
    test: FILES,
    needs: 'nothing',
  },
  {
    row: 'with no worker it is recorded that a task is to be forgotten, and a task at work is refused',
    file: 'client/forget-task.ts',
    find: "if (found?.status.name === 'RUNNING')",
    put: "if (found?.status.name === 'PAUSED')",
    test: GONE,
    needs: 'server',
  },
  {
    row: 'a schedule that can’t be one is refused with a sentence before the server hears of it',
    file: 'client/schedules.ts',
    find: 'timezoneProblem(timezone) ??',
    put: '',
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'each run of a schedule is a task that names it, in status and list, at the hour of its time zone',
    file: 'client/schedules.ts',
    find: 'spec: { cronExpressions: [cron.trim()], timezone },',
    put: 'spec: { cronExpressions: [cron.trim()] },',
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'a tenant makes, sees, pauses, runs and removes its own schedules over HTTP, and no other’s',
    file: 'gateway/routes/schedules.ts',
    find: 'return client.scheduled(name, { tenant: c.var.caller.tenant });',
    put: `return client.scheduled(name, { tenant: 'acme' });`,
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'a tenant’s own schedules alone are asked of the server, and shown with whose they are',
    file: 'client/schedules.ts',
    find: '`${tenant}/`',
    put: "''",
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'a run that is asked for over HTTP counts as its tenant’s, and is refused where that may have no more',
    file: 'gateway/routes/schedules.ts',
    find: 'await services.starts.runSchedule(named(c, services))',
    put: 'await named(c, services).now()',
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'a run whose time comes while another is at work is left out, waits for it, or runs beside it, as its schedule says',
    file: 'client/schedules.ts',
    find: 'buffer: ScheduleOverlapPolicy.BUFFER_ONE,',
    put: 'buffer: ScheduleOverlapPolicy.ALLOW_ALL,',
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'muster schedule makes, lists, pauses, runs and removes one, and refuses a wrong time with exit code 2',
    file: 'client/cli/commands/schedule.ts',
    find: '(one) => one.pause(),',
    put: 'async () => undefined,',
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'a time like "%s" is refused with what is wrong in it',
    title: 'a time like "0 8 30 FEB *" is refused with what is wrong in it',
    file: 'protocol/schedules.ts',
    find: 'return Math.min(...days) > longest',
    put: 'return Math.min(...days) > 31',
    test: SCHEDULES,
    needs: 'server',
  },
  {
    row: 'with many tasks of one tenant queued, another tenant’s task begins and ends with a few of them ahead',
    file: 'client/task-request.ts',
    find: ', fairnessKey: request.tenant }',
    put: ' }',
    test: 'test/soak/quiet-tenant.test.ts',
    needs: 'server',
  },
  {
    row: 'what a worker still writes of a task that is forgotten, or of what went on behind its answer, goes as well',
    file: 'activities/record-task.ts',
    find: '  await removeForgotten(store, taskId, askedAt);\n',
    put: '',
    test: 'test/activities/record-task.test.ts',
    needs: 'nothing',
  },
];

export default rows;
