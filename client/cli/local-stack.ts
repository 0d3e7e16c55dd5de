// local-stack.ts: the stack of this home as commands use it: start it, start it again where its settings are no longer those
// of this terminal, say what of it is not used.

import { statSync } from 'node:fs';
import type { Source } from '../../protocol/task.ts';
import { plainProblems } from '../../settings/plain-settings.ts';
import { tryFolderSync } from '../../store/make-folder.ts';
import { readStack, type StackFile, type StartedWith } from '../../store/stack-file.ts';
import { clientConfig } from '../config.ts';
import { MusterError, RequestRefusedError } from '../errors.ts';
import { SettingsRefusedError } from '../stack/settings-refused.ts';
import { CliError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';
import { oneLine } from './terminal/text.ts';
import { tellingOfInterrupts } from './interrupts.ts';
import { withClient } from './open.ts';
import { outsideRoots, rootsOf } from './sources.ts';

export interface WantedStack {
  home: string;
  paths: string[];
  /** What a task is to read: where nothing of it can be read, it is refused before any stack is touched. Default: not judged. */
  sources?: readonly Source[];
  latencyMs?: number | undefined;
  tokenMs?: number | undefined;
  /**
   * When a stack that runs is stopped first: always, when its settings differ and no task is at work, or never. Default:
   * never.
   */
  restart?: 'always' | 'when idle' | 'never';
  /** Whether to wait for the HTTP API, too. Default: no. */
  isWhole?: boolean;
  /** Whether Ctrl-C ends the command meanwhile, saying what becomes of the stack. Default: yes; no where the caller listens. */
  hearsCtrlC?: boolean;
  /** Whether the command stops what it starts. Default: no, it stays until `muster down`. */
  endsWithCommand?: boolean;
}

/**
 * The home's stack; started in the background when none runs.
 * @throws CliError when it can't be started; before anything is, where none can start with the settings of this terminal, and
 *   where there is nothing to read.
 */
export async function ensureLocalStack(
  {
    home,
    paths,
    sources = [],
    latencyMs,
    tokenMs,
    restart = 'never',
    isWhole = false,
    hearsCtrlC = true,
    endsWithCommand = false,
  }: WantedStack,
  io: Io,
): Promise<StackFile> {
  const { ensureStack, restartStack, stackAnswers } = await import('../stack/index.ts');
  const runs = await stackAnswers(home);
  // Before anything is asked or looked through for it.
  if (!runs) tryFolderSync(home);
  if (runs) tellMalformed(io);
  else tellIdleKey(io);
  const isForSettings =
    runs && restart !== 'always' && (await isOutdated({ home, paths, restart, latencyMs, tokenMs }, io));
  const starts = runs && (restart === 'always' || isForSettings);
  if (starts || !runs) await refuseBroken(home, paths, runs);
  // What lies outside its roots is refused for that.
  const mayRead = outsideRoots(paths, readStack(home)?.roots ?? []).length === 0;
  if (starts || !runs || mayRead) await refuseUnreadable(sources, { runs, isStarting: starts || !runs }, io);
  if (isForSettings) io.say('  No task is at work, so the stack is started again with the settings of this terminal.');
  let fate: Fate = 'runs';
  const start = (): Promise<StackFile> =>
    (starts ? restartStack : ensureStack)({
      home,
      roots: rootsOf(paths),
      isWhole,
      on: (what) => (fate = what),
      endsWithCommand,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(tokenMs === undefined ? {} : { tokenMs }),
      say: (line) => io.say(line),
    });
  const told = (): string => `. No task was begun; ${FATES[fate]}.`;
  try {
    return await (hearsCtrlC ? tellingOfInterrupts(io, told, start) : start());
  } catch (error) {
    if (!(error instanceof MusterError) || error instanceof CliError) throw error;
    const code = error instanceof SettingsRefusedError ? EXIT.usage : EXIT.cannotConnect;
    throw new CliError(code, error.message, error.hint);
  }
}

/** What becomes of the stack when nobody waits for it any more. */
type Fate = 'runs' | 'stops' | 'starts';
const FATES: Readonly<Record<Fate, string>> = {
  runs: 'the local stack goes on in the background (muster down stops it)',
  stops: 'the local stack is being stopped (muster up starts it again, and tasks go on)',
  starts: 'the local stack goes on starting in the background (muster down stops it)',
};

/**
 * @param runs a stack that would be stopped for them first.
 * @throws CliError (usage) where a worker would not start with the settings of this terminal.
 */
export async function refuseBroken(home: string, paths: string[], runs: boolean): Promise<void> {
  const { settingsProblems } = await import('../stack/index.ts');
  const problems = await settingsProblems(home, rootsOf(paths));
  if (problems.length === 0) return;
  throw new CliError(
    EXIT.usage,
    `the stack can't be started ${runs ? 'again ' : ''}with the settings of this terminal: ${problems.join('; ')}`,
    'Mend that, then ask again.',
    runs ? 'the stack that runs, with the settings that it was started with' : undefined,
  );
}

/** Whoever waits longer is told for what. */
const LOOKING_MS = 2_000;

/**
 * @param isStarting a stack is about to be started for them: then all that is there is counted, too.
 * @throws CliError (usage) where no document is there for the task, which would only fail.
 */
async function refuseUnreadable(
  sources: readonly Source[],
  { runs, isStarting }: { runs: boolean; isStarting: boolean },
  io: Io,
): Promise<void> {
  if (sources.length === 0) return;
  const { nothingToRead } = await import('../stack/index.ts');
  const looking = setTimeout(() => io.say('looks through the folders first, for what one task may read'), LOOKING_MS);
  const why = await nothingToRead(sources, isStarting).finally(() => clearTimeout(looking));
  if (why === undefined) return;
  throw new CliError(
    EXIT.usage,
    why,
    'Name a file, or a folder with documents, by --docs.',
    runs ? 'the stack that runs, as it was' : undefined,
  );
}

/** Says which settings of this terminal can't be used at all: a stack that runs goes on without them. */
function tellMalformed(io: Io): void {
  for (const problem of plainProblems(clientConfig().environment))
    io.say(`muster: ${problem}; the stack that runs goes on as it was started`);
}

/** Says in what the running stack's settings differ from those here; true when it should be started again for them. */
async function isOutdated(
  {
    home,
    paths,
    restart,
    latencyMs,
    tokenMs,
  }: Pick<WantedStack, 'home' | 'paths' | 'latencyMs' | 'tokenMs'> & { restart: 'when idle' | 'never' },
  io: Io,
): Promise<boolean> {
  const { differences, isStarting } = await import('../stack/index.ts');
  const stack = readStack(home);
  const started = stack?.startedWith;
  const { environment } = clientConfig();
  const differ = [
    ...(started ? [...differences(started, environment), ...otherPauses({ latencyMs, tokenMs }, started)] : []),
    ...outsideRoots(paths, stack?.roots ?? []).map(
      (path) => `${path} is no ${isFolder(path) ? 'folder' : 'file'} that the running stack may read`,
    ),
  ];
  const model = started?.shown.MUSTER_MODEL;
  const isModelUnset = model !== undefined && environment.MUSTER_MODEL === undefined;
  const mayRestart = differ.length > 0 && restart === 'when idle';
  const whyNot = async (): Promise<string | undefined> =>
    isStarting(stack) ? 'It is still being started, so it is left as it is.' : await whyBusy(io);
  const busy = mayRestart ? await whyNot() : undefined;
  const isRestarted = mayRestart && busy === undefined;
  // It may cost money, and nothing in this terminal says so.
  if (isModelUnset)
    io.say(
      `muster: the stack was started with MUSTER_MODEL ${model}, which is not set here, and ${isRestarted ? 'is started again without it' : 'goes on with it (muster up --restart takes over the settings of this terminal)'}`,
    );
  if (differ.length === 0) return false;
  for (const one of differ) io.say(`muster: ${one}`);
  if (isRestarted) return true;
  if (busy !== undefined) io.say(`  ${busy}`);
  const { settingsProblems } = await import('../stack/index.ts');
  const problems = await settingsProblems(home, rootsOf(paths));
  if (problems.length > 0) io.say(`  No stack could be started with them: ${problems.join('; ')}`);
  else io.say('  Next: muster up --restart takes over the settings of this terminal; tasks at work go on after it.');
  return false;
}

/** Of the offline model, where they are asked for here. */
const otherPauses = (
  { latencyMs, tokenMs }: Pick<WantedStack, 'latencyMs' | 'tokenMs'>,
  started: StartedWith,
): string[] =>
  (
    [
      ['--latency', latencyMs, started.latencyMs],
      ['--token-ms', tokenMs, started.tokenMs ?? 0],
    ] as const
  ).flatMap(([flag, here, there]) =>
    here === undefined || here === there ? [] : [`${flag} is ${here} here, and ${there} where the stack was started`],
  );

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true;

/**
 * Why the stack is left as it is; undefined when nothing is at work.
 * @throws RequestRefusedError where this terminal can ask nobody at all.
 */
async function whyBusy(io: Io): Promise<string | undefined> {
  try {
    const isAtWork = await withClient(io, (client) => client.anyRuns());
    return isAtWork ? 'While a task is at work the stack is left as it is.' : undefined;
  } catch (error) {
    if (error instanceof RequestRefusedError) throw error;
    const why = oneLine(error instanceof Error ? error.message : String(error));
    return `Whether a task is at work can't be told (${why}), so the stack is left as it is.`;
  }
}

/** A key alone is never billed. */
export function tellIdleKey(io: Io): void {
  if (clientConfig().hasIdleKey)
    io.say('OPENAI_API_KEY is set, but no MUSTER_MODEL: answering offline, nothing is billed');
}
