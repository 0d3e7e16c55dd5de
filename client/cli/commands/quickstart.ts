// quickstart.ts: what `npm start` does: answers a question, says where to look, and on a terminal stays up until Ctrl-C.
// Stops the stack when it was this command that started it.

import { join, relative, resolve } from 'node:path';
import { sha256 } from '../../../protocol/schemas/hash.ts';
import { describeStore, storePlace } from '../../../store/open-store.ts';
import { isAddress } from '../../../store/postgres-url.ts';
import { readStack } from '../../../store/stack-file.ts';
import { clientConfig, type ClientConfig } from '../../config.ts';
import { BUNDLED_QUESTION, bundledSources } from '../bundled-question.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { follow, type FollowFlags } from '../follow.ts';
import type { Io } from '../terminal/io.ts';
import { withClient } from '../open.ts';
import { checkOutput, OUTPUT_OPTIONS, wantsJson } from '../result-output.ts';
import { START_OPTIONS, type StartFlags } from '../start-flags.ts';
import { ensureStackReads, readRequest, startTask } from '../start-task.ts';

/** Slow enough to be watched, and to kill the worker in the middle. */
const LATENCY_MS = 600;

export const command: Command<StartFlags & FollowFlags> = {
  arguments: '[goal]',
  options: [...START_OPTIONS, ...OUTPUT_OPTIONS],
  examples: ['npm start', 'npm start -- "Which retry policies do these clients have?" --docs ./docs'],
  async run(words, flags, io) {
    checkOutput(flags);
    const config = clientConfig();
    // npm changes into the package's folder; paths are meant from where it was called.
    const docs = (flags.docs || undefined)?.map((path) => resolve(config.calledFrom, path));
    const latency = flags.latency ?? LATENCY_MS;
    const input = await readRequest(words.length > 0 ? words : [BUNDLED_QUESTION], { ...flags, docs: docs ?? [] }, io);
    if (!docs) input.sources = bundledSources();

    const { home } = config;
    const { stackAnswers, stopStack } = await import('../../stack/index.ts');
    const ours = !config.isRemote && flags.up !== false && !(await stackAnswers(home));
    const stop = async (): Promise<void> => {
      if (ours) await stopStack(home, (line) => io.say(line));
    };
    let leaving = false;
    const interrupted = (): void => {
      if (leaving) return;
      leaving = true;
      io.freshLine();
      io.say('muster: interrupted. No task was begun.');
      void stop().finally(() => process.exit(EXIT.interrupted));
    };
    process.on('SIGINT', interrupted);
    try {
      await ensureStackReads(input, { ...flags, latency }, io, { hearsCtrlC: false, endsWithCommand: true });
      return await withClient(io, async (client) => {
        const handle = await startTask(client, input, flags);
        process.off('SIGINT', interrupted);
        const code = await follow(handle, io, flags);
        if (code !== EXIT.done) {
          if (ours) io.say('the task is kept: muster up goes on with it');
          return code;
        }
        const stays = !ours || (io.screen !== undefined && !config.isAutomatic);
        if (!wantsJson(flags)) sayWhereToLook(io, config, handle.taskId, stays);
        if (ours && stays) {
          io.say('Ctrl-C stops the server, the worker and the model.');
          await untilStopped();
          io.freshLine();
        }
        return code;
      });
    } finally {
      process.off('SIGINT', interrupted);
      await stop();
    }
  },
};

/** @param stays false where the stack ends with this command: then nothing that needs it is named. */
function sayWhereToLook(io: Io, { home, environment }: ClientConfig, taskId: string, stays: boolean): void {
  const stack = stays ? readStack(home) : undefined;
  const place = storePlace(home, environment);
  const result = join(place, 'tasks', sha256(taskId), 'result.json');
  io.say('');
  if (stack) io.say(`  Web UI    ${stack.temporal.uiUrl}/namespaces/default/workflows/${taskId}`);
  if (stack?.gateway) io.say(`  HTTP      ${stack.gateway.url}/tasks/${taskId}`);
  io.say(`  result    npx muster result ${taskId}`);
  io.say(`  kept in   ${isAddress(place) ? describeStore(place) : relative(process.cwd(), result)}`);
  io.say('  more      npx muster list   npx muster --help');
  if (!stays) io.say('  Web UI    npx muster up starts it again, with this task in it');
  io.say('  ask       npm start -- "your question" --docs path/to/your/documents');
}

function untilStopped(): Promise<void> {
  return new Promise((done) => {
    // A waiting promise alone does not keep a process up.
    const up = setInterval(() => undefined, 60_000);
    const stop = (): void => (clearInterval(up), done());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}
