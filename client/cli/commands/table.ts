// table.ts: every command of `muster`, each loaded when it is used.

import type { Command } from '../command.ts';
import type { Steering } from './steer.ts';

export type CommandRow = { name: string; summary: string; hidden?: boolean } & (
  | { load: () => Promise<Command> }
  /** Another room's own main, or another entry of it, run as a process. */
  | { room: 'worker' | 'simulator' | 'gateway'; entry?: string }
);

/** How each kind of command is called here. */
const STEERED: Readonly<Record<Steering, readonly [name: string, summary: string]>> = {
  note: ['tell', 'tell the sub-agents of a task something, or one of them'],
  pause: ['pause', 'pause a task, or one subtask'],
  resume: ['resume', 'go on with what was paused'],
  extend: ['extend', 'give a task more time, tokens or dollars, or less'],
  swapModel: ['swap', 'go on with other models'],
  finish: ['finish', 'have the sub-agents answer with what they have'],
  stop: ['stop', 'end one sub-agent; what it found stays'],
  retry: ['retry', 'begin one subtask again'],
  add: ['add', 'add a subtask'],
  answerNow: ['answer-now', 'answer from what is there'],
};

const STEERING: readonly CommandRow[] = Object.entries(STEERED).map(([kind, [name, summary]]) =>
  row(name, summary, async () => (await import('./steer.ts')).steering(kind as Steering)),
);

export const COMMANDS: readonly CommandRow[] = [
  row('run', 'start a task, follow it, print its answer', async () => (await import('./run.ts')).command),
  row('ask', 'answer a question at once, word by word', async () => (await import('./ask.ts')).command),
  row('start', 'start a task and print its id', async () => (await import('./start.ts')).command),
  row('status', 'where a task stands now', async () => (await import('./status.ts')).command),
  row('watch', 'follow a task that was started before', async () => (await import('./watch.ts')).command),
  row('result', 'print the result of a task', async () => (await import('./result.ts')).command),
  row(
    'trace',
    'what a task did, as a tree with times, tokens and costs',
    async () => (await import('./trace.ts')).command,
  ),
  row('measure', 'what closed tasks took, by class and path', async () => (await import('./measure.ts')).command),
  row('slo', 'whether classes keep what is promised of them', async () => (await import('./slo.ts')).command),
  row('advise', 'how requests of a class should be answered', async () => (await import('./advise.ts')).command),
  row('estimate', 'what a task would take, before it is started', async () => (await import('./estimate.ts')).command),
  row('list', 'the tasks of this deployment', async () => (await import('./list.ts')).command),
  row('cancel', 'stop a task; what it found is kept', async () => (await import('./cancel.ts')).command),
  ...STEERING,
  row('approve', 'let a plan run that waits for it, or refuse it', async () => (await import('./approve.ts')).command),
  row('answer', 'reply to what a sub-agent waits for', async () => (await import('./answer.ts')).command),
  row('schedule', 'ask a question again and again', async () => (await import('./schedule.ts')).command),
  row('schedules', 'what is asked again and again', async () => (await import('./schedules.ts')).command),
  row('sessions', 'questions that were asked in a row', async () => (await import('./sessions.ts')).command),
  row('redeliver', 'send once more what was given up', async () => (await import('./redeliver.ts')).command),
  row(
    'cancel-background',
    'end what goes on behind an answer',
    async () => (await import('./cancel-background.ts')).command,
  ),
  row('forget', 'remove a closed task and what only it used', async () => (await import('./forget.ts')).command),
  row(
    'init',
    'write a config, a kind with a tool and a question to begin from',
    async () => (await import('./init.ts')).command,
  ),
  { name: 'worker', summary: 'work on tasks until stopped', room: 'worker' },
  { name: 'gateway', summary: 'the HTTP API of this deployment, until stopped', room: 'gateway' },
  { name: 'key', summary: 'make, list and revoke keys of the HTTP API', room: 'gateway', entry: 'key' },
  {
    name: 'doctor',
    summary: 'say what is wrong with this set-up, and what mends it',
    room: 'worker',
    entry: 'doctor',
  },
  { name: 'simulate', summary: 'the offline model alone', room: 'simulator' },
  row('dev', 'server, worker and model in the foreground', async () => (await import('./dev.ts')).command),
  row('logs', 'what the local stack logged, all of it or of a task', async () => (await import('./logs.ts')).command),
  row('up', 'start the local stack in the background', async () => (await import('./up.ts')).command),
  row('down', 'stop the local stack', async () => (await import('./down.ts')).command),
  {
    ...row('quickstart', 'what npm start does', async () => (await import('./quickstart.ts')).command),
    hidden: true,
  },
];

/** Commands that go through a gateway, where one is named. */
export const OVER_HTTP: readonly string[] = [
  'run',
  'start',
  'ask',
  'watch',
  'status',
  'result',
  'trace',
  'list',
  'measure',
  'slo',
  'advise',
  'estimate',
  'cancel',
  ...STEERING.map(({ name }) => name),
  'approve',
  'answer',
  'redeliver',
  'cancel-background',
  'forget',
  'schedule',
  'schedules',
  'sessions',
];

function row(name: string, summary: string, load: () => Promise<Command>): CommandRow {
  return { name, summary, load };
}
