// local-stack.ts: the stack of this home as commands use it: start it, start it again where its settings are no longer those
// of this terminal, say what of it is not used.

import { mistypedVariables } from '../../protocol/mistyped-variables.ts';
import { readStack, type StackFile } from '../../store/stack-file.ts';
import { clientConfig } from '../config.ts';
import { MusterError } from '../errors.ts';
import { CliError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';
import { withClient } from './open.ts';
import { outsideRoots, rootsOf } from './sources.ts';

export interface WantedStack {
  home: string;
  paths: string[];
  latencyMs?: number | undefined;
  tokenMs?: number | undefined;
  /**
   * When a stack that runs is stopped first: always, when its settings differ and no task is at work, or never. Default:
   * never.
   */
  restart?: 'always' | 'when idle' | 'never';
  /** Whether to wait for the HTTP API, too. Default: no. */
  isWhole?: boolean;
}

/**
 * The home's stack; started in the background when none runs.
 * @throws CliError when it can't be started.
 */
export async function ensureLocalStack(
  { home, paths, latencyMs, tokenMs, restart = 'never', isWhole = false }: WantedStack,
  io: Io,
): Promise<StackFile> {
  const { ensureStack, restartStack, stackAnswers } = await import('../stack/index.ts');
  const runs = await stackAnswers(home);
  if (!runs) tellUnused(io);
  const starts = runs && (restart === 'always' || (await isOutdated(home, paths, restart, io)));
  try {
    return await (starts ? restartStack : ensureStack)({
      home,
      roots: rootsOf(paths),
      isWhole,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(tokenMs === undefined ? {} : { tokenMs }),
      say: (line) => io.say(line),
    });
  } catch (error) {
    if (!(error instanceof MusterError) || error instanceof CliError) throw error;
    throw new CliError(EXIT.cannotConnect, error.message, error.hint);
  }
}

/** Says in what the running stack's settings differ from those here; true when it should be started again for them. */
async function isOutdated(
  home: string,
  paths: readonly string[],
  restart: 'when idle' | 'never',
  io: Io,
): Promise<boolean> {
  const { differences } = await import('../stack/index.ts');
  const stack = readStack(home);
  const started = stack?.startedWith;
  const { environment } = clientConfig();
  const differ = [
    ...(started ? differences(started, environment) : []),
    ...outsideRoots(paths, stack?.roots ?? []).map((path) => `${path} is no folder that the running stack may read`),
  ];
  const model = started?.shown.MUSTER_MODEL;
  // It may cost money, and nothing in this terminal says so.
  if (model !== undefined && environment.MUSTER_MODEL === undefined)
    io.say(
      `muster: the stack was started with MUSTER_MODEL ${model}, which is not set here, and goes on with it (muster up --restart takes over the settings of this terminal)`,
    );
  if (differ.length === 0) return false;
  for (const one of differ) io.say(`muster: ${one}`);
  const restarts = restart === 'when idle' && !(await isAtWork(io));
  io.say(
    restarts
      ? '  No task is at work, so the stack is started again with the settings of this terminal.'
      : '  Next: muster up --restart takes over the settings of this terminal; tasks at work go on after it.',
  );
  return restarts;
}

/** True also where it can't be told. */
async function isAtWork(io: Io): Promise<boolean> {
  try {
    return await withClient(io, (client) => client.anyRuns());
  } catch {
    return true;
  }
}

/** Variables that do nothing: a key alone is never billed. */
export function tellUnused(io: Io): void {
  const { hasIdleKey, environment } = clientConfig();
  for (const line of mistypedVariables(environment)) io.say(line);
  if (hasIdleKey) io.say('OPENAI_API_KEY is set, but no MUSTER_MODEL: answering offline, nothing is billed');
}
