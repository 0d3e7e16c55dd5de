// command-line.ts: connects the command line to this process: its streams, its exit code.

import { EXIT } from './terminal/exit-codes.ts';
import { processIo } from './terminal/io.ts';
import { runCommandLine } from './run-command-line.ts';

const io = processIo();

// `muster list | head -1`: whoever read us has seen enough. A command of another room may have ended by then, with a code of its own.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 1),
  );
}

// Who follows a task or owns a stack listens for itself; all others just end.
process.on('SIGINT', () => {
  if (process.listenerCount('SIGINT') > 1) return;
  io.freshLine();
  io.say('muster: interrupted.');
  process.exit(EXIT.interrupted);
});

process.exitCode = await runCommandLine(process.argv.slice(2), io);
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit();
