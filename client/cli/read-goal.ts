// read-goal.ts: the goal from the command line, or from standard input when it is `-`.

import { MAX_GOAL_BYTES } from '../../protocol/limits.ts';
import { usageError } from './terminal/cli-error.ts';
import type { Io } from './terminal/io.ts';

/** More than this is not read: the goal is refused anyway. */
const MAX_READ_BYTES = 32 * MAX_GOAL_BYTES;

/** @throws CliError (usage) when there is no goal. Whether it is a good goal is judged by the protocol. */
export async function readGoal(words: readonly string[], io: Io): Promise<string> {
  const [goal] = words;
  if (goal === undefined) throw usageError('there is no goal', 'muster run "what you want to know" --docs <path>');
  if (goal !== '-') return goal;
  if (process.stdin.isTTY) io.say('reads the goal from the keyboard; Ctrl-D ends it');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_READ_BYTES)
      throw usageError(
        `the goal on standard input has more than ${MAX_READ_BYTES} bytes, at most ${MAX_GOAL_BYTES} are allowed`,
        'Put long material into a file and name it with --docs.',
      );
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}
