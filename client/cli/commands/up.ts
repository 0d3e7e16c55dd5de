// up.ts: `muster up`: the local stack in the background.

import { clientConfig } from '../../config.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { ensureLocalStack } from '../local-stack.ts';
import { jsonLine } from '../terminal/text.ts';
import { checkExists, checkRoots } from '../sources.ts';
import { STACK_OPTIONS, type StackFlags } from '../stack-flags.ts';

export const command: Command<StackFlags & { json?: boolean; restart?: boolean }> = {
  options: [
    ...STACK_OPTIONS,
    { flags: '--restart', about: 'stop a stack that runs first, and start it with the settings of this terminal' },
    { flags: '--json', about: 'addresses, process ids and roots as one line of JSON' },
  ],
  examples: ['muster up', 'muster up --docs ~/papers --latency 600', 'MUSTER_MODEL=gpt-5-mini muster up --restart'],
  async run(_words, { docs = [], latency, tokenMs, json, restart }, io) {
    checkExists(docs);
    let isSaid = false;
    const say: typeof io.say = (line, paint) => {
      isSaid ||= line.startsWith('ready: ');
      io.say(line, paint);
    };
    const stack = await ensureLocalStack(
      {
        home: clientConfig().home,
        paths: docs,
        latencyMs: latency,
        tokenMs,
        // Who names a folder wants it read; other settings that differ are only said.
        restart: restart ? 'always' : docs.length > 0 ? 'when idle' : 'never',
        isWhole: true,
      },
      { ...io, say },
    );
    checkRoots(docs, stack.roots);
    if (json) io.out(jsonLine(stack));
    // A stack that was started just now has said where it is.
    else if (isSaid) io.say('up: muster down stops it');
    else
      io.say(
        `up: Temporal ${stack.temporal.address}, Web UI ${stack.temporal.uiUrl}${stack.gateway ? `, HTTP ${stack.gateway.url}` : ''}; muster down stops it`,
      );
    return EXIT.done;
  },
};
