// down.ts: `muster down`: stops the local stack; tasks are kept and go on when it is up again.

import { clientConfig } from '../../config.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';

export const command: Command<object> = {
  examples: ['muster down', 'muster down && muster up --docs ~/papers'],
  async run(_words, _flags, io) {
    const { stopStack } = await import('../../stack/index.ts');
    const { home } = clientConfig();
    if (await stopStack(home, (line) => io.say(line)))
      io.say('down; tasks and answers are kept, muster up goes on with them');
    else io.say(`no stack runs for ${home}`);
    return EXIT.done;
  },
};
