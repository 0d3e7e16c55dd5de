#!/usr/bin/env node
// main.ts: `node dist/simulator/main.js`. Ties the command to this process's streams and signals.

import { runSimulator } from './cli.ts';

process.exitCode = await runSimulator(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  ended: ({ withParent }) =>
    new Promise((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
      if (withParent) {
        process.stdin.once('end', () => resolve());
        process.stdin.once('error', () => resolve());
        process.stdin.resume();
      }
    }),
});
// Standard input would keep the process up.
process.stdin.destroy();
