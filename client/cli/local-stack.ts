// local-stack.ts: the stack of this home as commands use it: start it, announce an unused key.

import { clientConfig } from '../config.ts';
import { MusterError } from '../errors.ts';
import type { StackFile } from '../../store/stack-file.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { rootsOf } from './sources.ts';

/**
 * The home's stack; started in the background when none runs.
 * @throws CliError when it can't be started.
 */
export async function ensureLocalStack(
  { home, paths, latencyMs }: { home: string; paths: string[]; latencyMs?: number | undefined },
  io: Io,
): Promise<StackFile> {
  const { ensureStack, stackAnswers } = await import('../stack/index.ts');
  if (!(await stackAnswers(home))) announceKey(io);
  try {
    return await ensureStack({
      home,
      roots: rootsOf(paths),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      say: (line) => io.say(line),
    });
  } catch (error) {
    if (!(error instanceof MusterError) || error instanceof CliError) throw error;
    throw new CliError(EXIT.cannotConnect, error.message, error.hint);
  }
}

/** A key alone is announced, never billed. */
export function announceKey(io: Io): void {
  if (clientConfig().hasIdleKey)
    io.say('OPENAI_API_KEY is set, but no MUSTER_MODEL: answering offline, nothing is billed');
}
