// read-settings.ts: a worker's settings as the process finds them: environment, config file, extensions, the local stack. For the
// mains of this room; the rules are config.ts.

import { readFile } from 'node:fs/promises';
import { readConfigFile } from '../protocol/schemas/config.ts';
import { findHome } from '../store/home.ts';
import { readStack } from '../store/stack-file.ts';
import { workerConfig, type WorkerConfig } from './config.ts';
import type { Extension } from './extension.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Settings {
  config: WorkerConfig;
  home: string;
  /** Where the local stack's Temporal server is, when there is one. */
  stackAddress: string | undefined;
}

/** The settings, or every problem of them. What each extension adds is told to `say`. */
export async function readSettings(
  env: Env,
  say: (line: string) => void = () => undefined,
): Promise<Settings | { problems: string[] }> {
  const home = findHome(env);
  const stack = readStack(home);
  const read = await configFile(env);
  if ('problems' in read) return read;
  const { extensions, problems } = await readExtensions(read.file, say);
  if (problems.length > 0) return { problems };
  const made = workerConfig({
    env,
    home,
    ...(read.file ? { file: read.file } : {}),
    extensions,
    ...(stack?.model ? { offlineUrl: stack.model.url } : {}),
  });
  if ('problems' in made) return made;
  return { config: made.config, home, stackAddress: stack?.temporal.address };
}

async function configFile(env: Env): Promise<{ file?: { path: string; value: unknown } } | { problems: string[] }> {
  const path = env.MUSTER_CONFIG;
  if (!path) return {};
  try {
    return { file: { path, value: JSON.parse(await readFile(path, 'utf8')) } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problems: [`MUSTER_CONFIG names ${path}, which can't be read as JSON: ${why}`] };
  }
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
