// forget.ts: `muster forget`: has a worker remove a closed task, with what only it used; what stays is said.

import { forgottenWords, type ForgetReceipt, type SessionReceipt } from '../../../protocol/forget.ts';
import { clientConfig } from '../../config.ts';
import { CommandRefusedError, TaskExpiredError } from '../../errors.ts';
import { filled, taskId as checkedId, type Command } from '../command.ts';
import { withGateway } from '../gateway-client.ts';
import { withClient, withTask } from '../open.ts';
import { CliError, usageError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { counted, jsonLine } from '../terminal/text.ts';

interface ForgetFlags {
  session?: string;
  json?: boolean;
}

export const command: Command<ForgetFlags> = {
  arguments: '[id]',
  options: [
    { flags: '--session <name>', about: 'a session with all its tasks, instead of one task', read: filled },
    { flags: '--json', about: 'what was removed, and what stays, as one line of JSON' },
  ],
  examples: [
    'muster forget compare-retry-policies-9f2c41d07ab3',
    'muster forget 9f2c41d07ab3 --json | jq .left',
    'muster forget --session pump',
  ],
  async run([id], flags, io) {
    if (id !== undefined && flags.session !== undefined)
      throw usageError('a task and a session are named', 'Give one of them.');
    try {
      if (flags.session !== undefined) {
        const receipt = await forgetSession(flags.session, io);
        if (flags.json) io.out(jsonLine(receipt));
        else for (const line of sessionLines(receipt)) io.say(line);
        return EXIT.done;
      }
      // A task at work, or a closed one that only the store knows, is found by a part of its id, too.
      const taskId = await withTask(checkedId(id), io, async (task) => task.taskId);
      const receipt = await forget(taskId, io);
      if (flags.json) io.out(jsonLine(receipt));
      else for (const line of linesOf(receipt)) io.say(line);
      return EXIT.done;
    } catch (error) {
      if (error instanceof TaskExpiredError && error.why === 'forgotten') {
        if (flags.json) io.out(jsonLine({ taskId: error.taskId, done: true, already: true }));
        else io.say(error.message);
        return EXIT.done;
      }
      if (isAtWork(error)) throw new CliError(EXIT.stillRunning, error.message, 'muster cancel ends it, and keeps it.');
      throw error;
    }
  },
};

async function forget(taskId: string, io: Io): Promise<ForgetReceipt> {
  const { gateway } = clientConfig();
  if (gateway) return await withGateway(gateway, io, undefined, (client) => client.forget(taskId));
  return await withClient(io, (client) => client.forget(taskId));
}

async function forgetSession(name: string, io: Io): Promise<SessionReceipt> {
  const { gateway } = clientConfig();
  if (gateway) return await withGateway(gateway, io, undefined, (client) => client.forgetSession(name));
  return await withClient(io, (client) => client.forgetSession(name));
}

const sessionLines = ({ session, done, tasks }: SessionReceipt): string[] => [
  done
    ? `session ${session} is forgotten, with ${counted(tasks.length, 'task')}`
    : `recorded: session ${session} is forgotten as soon as a worker comes to it`,
  ...tasks.flatMap((task) => linesOf(task).map((line) => `  ${line}`)),
];

/** The library's words for it, and a gateway's. */
const isAtWork = (error: unknown): error is Error =>
  error instanceof CommandRefusedError || (error as { code?: unknown }).code === 'task_open';

function linesOf(receipt: ForgetReceipt): string[] {
  const { taskId, done, already, left } = receipt;
  if (already) return [`task ${taskId} was forgotten before; nothing was left to be removed`];
  if (!done)
    return [
      `recorded: task ${taskId} is forgotten as soon as a worker comes to it`,
      '  Next: muster worker   (or: muster up)',
    ];
  const words = forgottenWords(receipt);
  return [
    `task ${taskId} is forgotten: ${words === undefined ? 'nothing of it was kept' : `${words} removed`}`,
    ...left.map((one) => `  ${one}`),
  ];
}
