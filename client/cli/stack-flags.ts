// stack-flags.ts: the options of the commands that start the local stack.

import { repeatable, whole, type OptionSpec } from './command.ts';

export interface StackFlags {
  docs?: string[];
  latency?: number;
  tokenMs?: number;
}

export const STACK_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-d, --docs <path>',
    about: 'folder that the worker may read, besides this one; repeatable',
    read: repeatable,
  },
  {
    flags: '--latency <ms>',
    about: 'pause of the offline model before each answer (default: as a stack that runs has it, else 0)',
    read: whole,
  },
  {
    flags: '--token-ms <ms>',
    about:
      'pause of the offline model for each token, so that an answer is seen coming (default: as a stack that runs has it, else 0)',
    read: whole,
  },
];
