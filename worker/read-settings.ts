// read-settings.ts: a worker's settings as the process finds them: environment, config file, extensions, the local stack. For the
// mains of this room; the rules are config.ts.

import { readConfigFile } from '../protocol/schemas/config.ts';
import { findHome } from '../store/home.ts';
import { addressOf, readStack, type StackFile } from '../store/stack-file.ts';
import { readConfigValue } from '../settings/config-file.ts';
import { isListening } from '../settings/listening.ts';
import { workerConfig, type ConfigInput, type WorkerConfig } from './config.ts';
import type { Extension } from './extension.ts';
import { needsOffline } from './model-config.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Settings {
  config: WorkerConfig;
  home: string;
  /** Where the local stack's Temporal server is, when there is one. */
  stackAddress: string | undefined;
}

/**
 * The settings, or every problem of them.
 *
 * @param options.say told what each extension adds. Default: nothing is said.
 * @param options.startOffline starts the offline model where nothing names another and none runs; returns its address.
 *   Default: that is a problem.
 */
export async function readSettings(
  env: Env,
  { say = () => undefined, startOffline }: { say?: (line: string) => void; startOffline?: () => Promise<string> } = {},
): Promise<Settings | { problems: string[] }> {
  const home = findHome(env);
  const stack = readStack(home);
  const read = configFile(env);
  if ('problems' in read) return read;
  const { extensions, problems } = await readExtensions(read.file, say);
  if (problems.length > 0) return { problems };
  const input = { env: withStackRoots(env, stack), home, ...(read.file ? { file: read.file } : {}), extensions };
  const running = stack?.model && (await isListening(new URL(stack.model.url).host)) ? stack.model.url : undefined;
  const offlineUrl = env.MUSTER_OFFLINE_URL ?? running ?? (await offline(input, startOffline));
  const made = workerConfig({ ...input, ...(offlineUrl === undefined ? {} : { offlineUrl }) });
  if ('problems' in made) return made;
  return { config: made.config, home, stackAddress: addressOf(stack) };
}

/** A worker beside the stack's own reads what that one may: it takes the same tasks. */
function withStackRoots(env: Env, stack: StackFile | undefined): Env {
  const roots = [env.MUSTER_ROOTS, ...(stack?.startedWith?.roots ?? [])].filter((root) => root !== undefined);
  return { ...env, MUSTER_ROOTS: roots.join('\n') };
}

/** The address of an offline model that is started for this worker, where it needs one and can't fail for another reason. */
async function offline(
  input: Pick<ConfigInput, 'env' | 'file' | 'extensions' | 'home'>,
  start: (() => Promise<string>) | undefined,
): Promise<string | undefined> {
  const { env, file, extensions = [] } = input;
  const added = extensions.flatMap(({ models = [] }) => models.map(({ model }) => model));
  const read = readConfigFile(file?.value ?? {}, added);
  // None is started for settings that nobody can use; its absence is none of their problems either.
  const none = 'http://127.0.0.1';
  if ('problems' in read) return none;
  if (!start || !needsOffline(env, read.config, added)) return undefined;
  return 'problems' in workerConfig({ ...input, offlineUrl: none }) ? none : await start();
}

function configFile(env: Env): { file?: { path: string; value: unknown } } | { problems: string[] } {
  const path = env.MUSTER_CONFIG;
  if (!path) return {};
  const read = readConfigValue(path);
  return 'problem' in read ? { problems: [read.problem] } : { file: { path, value: read.value } };
}

/** Loads the file’s extensions. A file that is no config is judged by workerConfig. */
async function readExtensions(
  file: { path: string; value: unknown } | undefined,
  say: (line: string) => void,
): Promise<{ extensions: Extension[]; problems: string[] }> {
  const read = file && readConfigFile(file.value);
  if (!file || !read || 'problems' in read || read.config.extensions.length === 0)
    return { extensions: [], problems: [] };
  const { describeExtension, loadExtensions } = await import('./load-extensions.ts');
  const loaded = await loadExtensions(read.config.extensions, file.path);
  if (loaded.problems.length > 0) return { ...loaded, problems: loaded.problems.map((one) => `extensions: ${one}`) };
  for (const one of loaded.extensions) say(`loaded ${one.from}: ${describeExtension(one)}`);
  return loaded;
}
