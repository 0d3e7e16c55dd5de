// dev.ts: `muster dev`: server, worker and model in the foreground; Ctrl-C stops what it started.

import { clientConfig } from '../../config.ts';
import { MusterError } from '../../errors.ts';
import { SettingsRefusedError } from '../../stack/settings-refused.ts';
import type { Command } from '../command.ts';
import { refuseBroken, tellIdleKey } from '../local-stack.ts';
import { checkExists, rootsOf } from '../sources.ts';
import { STACK_OPTIONS, type StackFlags } from '../stack-flags.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-codes.ts';

export const command: Command<StackFlags> = {
  options: STACK_OPTIONS,
  examples: ['muster dev', 'MUSTER_MODEL=gpt-5-mini OPENAI_API_KEY=… muster dev --docs ~/papers'],
  async run(_words, { docs = [], latency, tokenMs }, io) {
    checkExists(docs);
    tellIdleKey(io);
    const { home } = clientConfig();
    await refuseBroken(home, docs, false);
    const { runStack } = await import('../../stack/index.ts');
    // npm hands on the Ctrl-C that the terminal already gave: the second must not end the stopping.
    process.on('SIGINT', () => io.freshLine());
    try {
      return await runStack({
        home,
        roots: rootsOf(docs),
        ...(latency === undefined ? {} : { latencyMs: latency }),
        ...(tokenMs === undefined ? {} : { tokenMs }),
        say: (line) => io.say(line),
      });
    } catch (error) {
      // What a part said before it ended are lines of its own, said as where a stack is started in the background.
      if (!(error instanceof MusterError) || !error.message.includes('\n')) throw error;
      for (const line of error.message.split('\n')) io.say(line);
      throw new CliError(
        error instanceof SettingsRefusedError ? EXIT.usage : EXIT.failed,
        'the local stack did not start',
        `Mend what the lines above name. ${error.hint ?? ''}`.trim(),
      );
    }
  },
};
