// command-line.ts: connects the command line to this process: its streams, its exit code, how it reports an error.

import { CommanderError } from 'commander';
import { clientConfig } from '../config.ts';
import { usageError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';
import { processIo, type Io } from './terminal/io.ts';
import { runProgram } from './program.ts';

const argv = process.argv.slice(2);
const io = processIo();

// `muster list | head -1`: whoever read us has seen enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

// Who follows a task or owns a stack listens for itself; all others just end.
process.on('SIGINT', () => {
  if (process.listenerCount('SIGINT') > 1) return;
  io.say('muster: interrupted.');
  process.exit(EXIT.interrupted);
});

process.exitCode = await main(argv, io);
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit();

async function main(args: string[], on: Io): Promise<number> {
  try {
    return await runProgram(args, on);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return await failed(error instanceof CommanderError ? fromCommander(error, args) : error, on, args);
  }
}

async function failed(error: unknown, on: Io, args: string[]): Promise<number> {
  const { errorText, reportError } = await import('./render/errors.ts');
  const { jsonLine } = await import('./terminal/text.ts');
  const report = reportError(error);
  const json = /(?:^|\n)--(?:json|format(?:=|\n)json)(?:\n|$)/.test(args.join('\n'));
  // The result, where there is one, was the last line already.
  const hasResult = error instanceof Error && 'result' in error && error.result !== undefined;
  if (json && !hasResult) on.out(jsonLine({ type: 'error', ...report }));
  on.sayPainted(errorText(report, on.messageColours));
  if (clientConfig().isDebug && error instanceof Error) on.say(error.stack ?? '');
  return report.exitCode;
}

/** `error: unknown option '--dcos'\n(Did you mean --docs?)` as one of our sentences. */
function fromCommander(error: CommanderError, args: string[]): Error {
  const [name] = args;
  const known = name !== undefined && /^[a-z]+$/.test(name) && error.code !== 'commander.unknownCommand';
  const help = `muster ${known ? `${name} ` : ''}--help`;
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  if (error.code !== 'commander.excessArguments') return usageError(message, help);
  const [, most = '0', given = ''] = /Expected (\d+) arguments? but got (\d+)/.exec(message) ?? [];
  const taken = most === '0' ? 'no word' : most === '1' ? 'one word' : `${most} words`;
  const goal =
    name === 'run' || name === 'start'
      ? 'A goal of several words goes in quotes, and each folder has a --docs of its own; see '
      : '';
  return usageError(
    `too many words: muster ${name} takes ${taken} beside its options, and ${given} were given`,
    goal + help,
  );
}
