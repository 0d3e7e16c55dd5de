// approve.ts: `muster approve`: shows the plan that waits, lets it run as it is or edited, or refuses it. An approval names the
// plan's hash, so that nobody approves another one than they saw.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { CommandBody } from '../../../protocol/task-commands.ts';
import { taskCommandProblem } from '../../../protocol/task-commands.ts';
import type { TaskPlan } from '../../../protocol/plan.ts';
import type { AnyTask } from '../../kept-task.ts';
import { filled, taskId, unreadable, type Command } from '../command.ts';
import { withTask } from '../open.ts';
import { planEditOf, readPlanFile } from '../plan-file.ts';
import { planLines } from '../render/plan.ts';
import { say } from '../tell.ts';
import { usageError } from '../terminal/cli-error.ts';
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { jsonText } from '../terminal/text.ts';

/** Digits of a hash that no other plan of a task will have. */
const HASH_SHOWN = 12;

interface Flags {
  hash?: string;
  plan?: string;
  refuse?: boolean;
  json?: boolean;
}

export const command: Command<Flags> = {
  arguments: '<id>',
  options: [
    { flags: '--hash <hash>', about: 'let the plan of this hash run, as it was shown', read: filled },
    { flags: '--plan <file>', about: 'let it run as edited: the file that --json gave, changed', read: filled },
    { flags: '--refuse', about: 'refuse it; the task ends' },
    { flags: '--json', about: 'the plan as JSON that can be edited; with the others what became of it' },
  ],
  examples: [
    'muster approve 9f2c41d07ab3   shows the plan, and asks',
    'muster approve 9f2c41d07ab3 --json > plan.json && vi plan.json && muster approve 9f2c41d07ab3 --plan plan.json',
    'muster approve 9f2c41d07ab3 --refuse',
  ],
  async run([id], flags, io) {
    if (flags.plan !== undefined && (flags.refuse ?? flags.hash !== undefined))
      throw usageError('--plan goes without --refuse and --hash: the file names the plan', 'muster approve --help');
    return await withTask(taskId(id), io, async (task) => {
      if (flags.hash !== undefined) return await decide(task, flags.hash, flags, io);
      const plan = await task.plan();
      if (!plan) throw usageError('this task has no plan yet', `muster status ${task.taskId} shows where it stands.`);
      if (flags.plan !== undefined) return await approveEdited(task, plan, flags.plan, flags, io);
      if (flags.refuse) return await decide(task, plan.hash, flags, io);
      return await showAndAsk(task, plan, flags, io);
    });
  },
};

async function decide(task: AnyTask, hash: string, flags: Flags, io: Io, more: object = {}): Promise<ExitCode> {
  const body: CommandBody = { kind: 'approve', plan: hash, approved: !flags.refuse, ...more };
  const problem = taskCommandProblem(body);
  if (problem) throw usageError(problem);
  return say(task.taskId, await task.command(body), io, flags);
}

/** @throws CliError (usage) when the file can't be read, or is no edit of this plan. */
async function approveEdited(task: AnyTask, plan: TaskPlan, file: string, flags: Flags, io: Io): Promise<ExitCode> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`--plan: ${file} can't be read: ${unreadable(error)}`);
  }
  const edited = readPlanFile(text);
  const edit = typeof edited === 'string' ? edited : planEditOf(plan, edited);
  if (typeof edit === 'string')
    throw usageError(`--plan: ${file} can't be used: ${edit}`, `muster approve ${task.taskId} --json gives the plan.`);
  return await decide(task, plan.hash, flags, io, edit ? { edit } : {});
}

async function showAndAsk(task: AnyTask, plan: TaskPlan, { json }: Flags, io: Io): Promise<ExitCode> {
  if (json) {
    io.out(jsonText(plan));
    return EXIT.done;
  }
  io.out(
    planLines(plan, io.outColumns)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const { taskId: id } = task;
  if (!plan.until) io.say(`nothing of it waits for approval; muster status ${id} shows where the task stands`);
  else if (!process.stdin.isTTY || !io.outIsTerminal) {
    io.say(`muster approve ${id} --hash ${plan.hash.slice(0, HASH_SHOWN)}   lets it run`);
    io.say(
      `muster approve ${id} --json > plan.json   gives it to edit, --plan plan.json lets it run so, --refuse refuses it`,
    );
  } else if (await isYes('Let it run? [y/N] ')) return await decide(task, plan.hash, {}, io);
  else io.say(`nothing was changed; it waits on. muster approve ${id} --refuse refuses it`);
  return EXIT.done;
}

async function isYes(question: string): Promise<boolean> {
  const asks = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asks.question(question)).trim());
  } catch (error) {
    // Ctrl-C or Ctrl-D at the question: no.
    if ((error as NodeJS.ErrnoException).code === 'ABORT_ERR') return false;
    throw error;
  } finally {
    asks.close();
  }
}
