// run-command-line.ts: one command line from its words to its exit code, its errors among it. Knows streams only as `Io`, and
// never ends the process.

import { CommanderError } from 'commander';
import { clientConfig } from '../config.ts';
import { usageError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';
import { runProgram } from './program.ts';

/** Runs the command line, and tells on `io` what went wrong. Returns the exit code; never throws. */
export async function runCommandLine(args: string[], io: Io): Promise<number> {
  try {
    return await runProgram(args, io);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return await failed(error instanceof CommanderError ? fromCommander(error, args) : error, io, args);
  }
}

async function failed(error: unknown, io: Io, args: string[]): Promise<number> {
  const { errorText, reportError } = await import('./render/errors.ts');
  const { jsonLine } = await import('./terminal/text.ts');
  const told = reportError(error);
  const report = told.exitCode === EXIT.usage ? { next: helpOf(args), ...told } : told;
  const json = /(?:^|\n)--(?:json|format(?:=|\n)json)(?:\n|$)/.test(args.join('\n'));
  // The result, where there is one, was the last line already.
  const hasResult = error instanceof Error && 'result' in error && error.result !== undefined;
  if (json && !hasResult) io.out(jsonLine({ type: 'error', ...report }));
  io.sayPainted(errorText(report, io.messageColours));
  if (clientConfig().isDebug && error instanceof Error) io.say(error.stack ?? '');
  return report.exitCode;
}

/** What shows how the command is typed. */
function helpOf([name = '']: string[]): string {
  return /^[a-z][a-z-]*$/.test(name) ? `muster ${name} --help` : 'muster --help';
}

/** `error: unknown option '--dcos'\n(Did you mean --docs?)` as one of our sentences. */
function fromCommander(error: CommanderError, args: string[]): Error {
  const [name] = args;
  const help = error.code === 'commander.unknownCommand' ? helpOf([]) : helpOf(args);
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  if (error.code !== 'commander.excessArguments') return usageError(message, help);
  const [, most = '0', given = ''] = /Expected (\d+) arguments? but got (\d+)/.exec(message) ?? [];
  const taken = most === '0' ? 'no word' : most === '1' ? 'one word' : `${most} words`;
  const goal =
    name === 'run' || name === 'start'
      ? 'A goal of several words goes in quotes, and each folder has a --docs of its own; see '
      : '';
  return usageError(
    `too many words: muster ${name} takes ${taken} beside its options, and ${given} ${given === '1' ? 'was' : 'were'} given`,
    goal + help,
  );
}
