// table.ts: every command of `muster`, each loaded when it is used.

import type { Command } from '../command.ts';

export type CommandRow = { name: string; summary: string; hidden?: boolean } & (
  | { load: () => Promise<Command> }
  /** Another room's own main, or another entry of it, run as a process. */
  | { room: 'worker' | 'simulator' | 'gateway'; entry?: string }
);

export const COMMANDS: readonly CommandRow[] = [
  row('run', 'start a task, follow it, print its answer', async () => (await import('./run.ts')).command),
  row('start', 'start a task and print its id', async () => (await import('./start.ts')).command),
  row('status', 'where a task stands now', async () => (await import('./status.ts')).command),
  row('watch', 'follow a task that was started before', async () => (await import('./watch.ts')).command),
  row('result', 'print the result of a task', async () => (await import('./result.ts')).command),
  row('list', 'the tasks of this deployment', async () => (await import('./list.ts')).command),
  row('cancel', 'stop a task; what it found is kept', async () => (await import('./cancel.ts')).command),
  row(
    'init',
    'write a config, a kind with a tool and a question to begin from',
    async () => (await import('./init.ts')).command,
  ),
  { name: 'worker', summary: 'work on tasks until stopped', room: 'worker' },
  { name: 'gateway', summary: 'the HTTP API of this deployment, until stopped', room: 'gateway' },
  { name: 'key', summary: 'make, list and revoke keys of the HTTP API', room: 'gateway', entry: 'key' },
  { name: 'doctor', summary: 'ask each configured model for what a task needs', room: 'worker', entry: 'doctor' },
  { name: 'simulate', summary: 'the offline model alone', room: 'simulator' },
  row('dev', 'server, worker and model in the foreground', async () => (await import('./dev.ts')).command),
  row('up', 'start the local stack in the background', async () => (await import('./up.ts')).command),
  row('down', 'stop the local stack', async () => (await import('./down.ts')).command),
  {
    ...row('quickstart', 'what npm start does', async () => (await import('./quickstart.ts')).command),
    hidden: true,
  },
];

/** Commands that go through a gateway, where one is named. */
export const OVER_HTTP: readonly string[] = ['run', 'start', 'watch', 'status', 'result', 'list', 'cancel'];

function row(name: string, summary: string, load: () => Promise<Command>): CommandRow {
  return { name, summary, load };
}
