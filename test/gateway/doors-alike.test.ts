// Library, its HTTP client, routes and command line can do the same: whatever one of them can do with tasks and schedules, the others
// can. A method or a field without its row fails the type check; a row without its door, or a door without its row, this test.

import { START_OPTIONS } from '../../client/cli/start-flags.ts';
import { command as schedule } from '../../client/cli/commands/schedule.ts';
import { COMMANDS, OVER_HTTP } from '../../client/cli/commands/table.ts';
import { HttpClient, type HttpTaskInput } from '../../client/http/index.ts';
import { MusterClient, TaskHandle } from '../../client/index.ts';
import { ScheduleHandle, type ScheduleInput } from '../../client/schedules.ts';
import type { TaskInput } from '../../client/task-input.ts';
import { openApiDocument } from '../../gateway/routes/openapi.ts';
import { newSchedule, newTask } from '../../gateway/wire/request-schemas.ts';
import { COMMAND_KINDS } from '../../protocol/task-commands.ts';
import { commandPath } from '../../protocol/wire.ts';
import { SAMPLES } from '../rig/command-samples.ts';

/** Routes, as `method /path`, and commands of the command line. */
type Doors = { routes: string[]; typed: string[]; over?: string };
type Methods<T> = { [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: Doors | 'library alone' };

const at = (method: string, path = ''): string => `${method} /tasks/{id}${path}`;
const TASK: Methods<TaskHandle> = {
  status: { routes: [at('get')], typed: ['status'] },
  isOpen: { routes: [at('get')], typed: ['status'] },
  events: { routes: [at('get', '/events')], typed: ['watch', 'run'] },
  result: { routes: [at('get', '/result'), at('get')], typed: ['result'] },
  answerSoFar: { routes: [at('post', '/answer-so-far')], typed: ['result'] },
  plan: { routes: [at('get', '/plan')], typed: ['approve'] },
  reply: { routes: [at('post', '/answer')], typed: ['answer'] },
  command: {
    routes: COMMAND_KINDS.map((kind) => at('post', `/${commandPath(kind)}`)),
    typed: COMMAND_KINDS.map((kind) => SAMPLES[kind].typed[0] ?? ''),
  },
  redeliver: { routes: [at('post', '/redeliver')], typed: ['redeliver'] },
  cancelBackground: { routes: [at('post', '/cancel-background')], typed: ['cancel-background'] },
  cancel: { routes: [at('post', '/cancel')], typed: ['cancel'] },
  // Its events have them, too.
  findings: 'library alone',
  trace: { routes: [at('get', '/trace')], typed: ['trace'] },
  // The gateway's streams and `muster ask` are made of these.
  answerText: 'library alone',
  demote: 'library alone',
  // Older name of `reply`.
  answer: 'library alone',
};
const CLIENT: Methods<MusterClient> = {
  start: { routes: ['post /tasks'], typed: ['start', 'run', 'ask'] },
  // Over HTTP `path: auto` asks for it, and the task says what came of it.
  route: 'library alone',
  get: { routes: [at('get')], typed: ['status'] },
  list: { routes: ['get /tasks'], typed: ['list'] },
  listPage: { routes: ['get /tasks'], typed: ['list'] },
  forget: { routes: [at('delete')], typed: ['forget'] },
  schedule: { routes: ['post /schedules'], typed: ['schedule'] },
  schedules: { routes: ['get /schedules'], typed: ['schedules'] },
  scheduled: { routes: ['get /schedules/{id}'], typed: ['schedule'] },
  sessions: { routes: ['get /sessions'], typed: ['sessions'] },
  session: { routes: ['get /sessions/{id}'], typed: ['sessions'] },
  forgetSession: { routes: ['delete /sessions/{id}'], typed: ['forget'] },
  workerSeen: { routes: ['get /readyz'], typed: ['start'] },
  measure: { routes: ['get /measurements'], typed: ['measure'] },
  slo: { routes: ['get /slo'], typed: ['slo'] },
  advise: { routes: ['get /advice'], typed: ['advise'] },
  estimate: { routes: ['post /estimates'], typed: ['estimate'] },
  ping: 'library alone',
  queued: 'library alone',
  anyRuns: 'library alone',
  close: 'library alone',
};
const SCHEDULE: Methods<ScheduleHandle> = {
  describe: { routes: ['get /schedules/{id}'], typed: ['schedules'] },
  pause: { routes: ['post /schedules/{id}/pause'], typed: ['schedule'] },
  resume: { routes: ['post /schedules/{id}/resume'], typed: ['schedule'] },
  now: { routes: ['post /schedules/{id}/now'], typed: ['schedule'] },
  remove: { routes: ['delete /schedules/{id}'], typed: ['schedule'] },
  // The first half of `now`.
  trigger: 'library alone',
};
/** What is about none of them. */
const OTHER_ROUTES = /\/(?:sources\/\{sha\}|tickets)$|^\S+ \/(?:uploads|healthz)/;

test('library, its HTTP client, routes and command line can do the same with tasks and schedules, and none more', () => {
  const http = new HttpClient({ url: 'http://127.0.0.1:1' });
  const [routed, typed] = [new Set<string>(), new Set<string>()];
  const far: [object, Record<string, Doors | 'library alone'>, object][] = [
    [TaskHandle, TASK, http.task('t')],
    [MusterClient, CLIENT, http],
    [ScheduleHandle, SCHEDULE, http.scheduled('s')],
  ];
  for (const [, table, client] of far) {
    for (const [name, doors] of Object.entries(table)) {
      if (doors === 'library alone') continue;
      expect([name, typeof (client as Record<string, unknown>)[name]]).toEqual([name, 'function']);
      for (const route of doors.routes) routed.add(route);
      for (const command of doors.typed) typed.add(command);
    }
  }
  const { paths } = openApiDocument('/') as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect([...routed].sort()).toEqual(routes.filter((route) => !OTHER_ROUTES.test(route)).sort());
  expect([...typed].sort()).toEqual([...OVER_HTTP].sort());
  for (const name of OVER_HTTP) expect(COMMANDS.map((row) => row.name)).toContain(name);
  const words = schedule.arguments ?? '';
  for (const word of ['list', 'pause', 'resume', 'now', 'remove']) expect(words).toMatch(new RegExp(`[<|]${word}[|>]`));
});

/** Of each field of a request what it is called over HTTP, and which flags of the command line fill it; `[]`: words do. */
const FIELDS: Record<keyof TaskInput & keyof HttpTaskInput, [wire: string, ...flags: string[]]> = {
  goal: ['goal'],
  sources: ['sources', '--docs', '--include', '--exclude'],
  class: ['class', '--class'],
  // For the command line a class of one's own has the others.
  limits: ['limits', '--budget'],
  outputSchema: ['output_schema', '--schema'],
  // `muster ask` says it by its name.
  path: ['path'],
  sessionId: ['session_id', '--session'],
  join: ['join', '--join'],
  hedge: ['hedge', '--hedge'],
  approve: ['approve', '--approve'],
  askPerson: ['ask_person', '--ask'],
  board: ['board', '--board'],
  rounds: ['rounds', '--rounds'],
  notify: ['notify', '--notify', '--webhook', '--webhook-events', '--webhook-key'],
  background: ['background', '--background'],
};
const TIMES: Record<Exclude<keyof ScheduleInput, keyof TaskInput>, [wire: string, ...flags: string[]]> = {
  cron: ['cron'],
  timezone: ['timezone', '--timezone'],
  overlap: ['overlap', '--overlap'],
  name: ['name', '--name'],
};
/** A tenant is the key's; `webhook` is short for `notify`. */
const WIRE_ALONE = ['webhook'];
const CLI_ALONE = ['--tenant', '--key', '--latency', '--no-up', '--json'];

test('a task, and a schedule, is asked for with the same fields by library, HTTP and command line', () => {
  const wire = (rows: object) => Object.values(rows as typeof FIELDS).map(([name]) => name);
  const flags = (rows: object) => Object.values(rows as typeof FIELDS).flatMap(([, ...names]) => names);
  const long = (options: readonly { flags: string }[]) => options.map((one) => /--[a-z-]+/.exec(one.flags)?.[0] ?? '');
  const sorted = (all: string[]) => [...new Set(all)].sort();
  expect(sorted([...wire(FIELDS), ...WIRE_ALONE])).toEqual(sorted(Object.keys(newTask.shape)));
  expect(sorted([...wire(FIELDS), ...WIRE_ALONE, ...wire(TIMES)])).toEqual(sorted(Object.keys(newSchedule.shape)));
  expect(sorted([...flags(FIELDS), ...CLI_ALONE])).toEqual(sorted([...long(START_OPTIONS), '--json']));
  expect(sorted([...flags(FIELDS), ...flags(TIMES), ...CLI_ALONE])).toEqual(
    sorted([...long(schedule.options ?? []), '--key']),
  );
});
