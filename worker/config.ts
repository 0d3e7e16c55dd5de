// config.ts: a worker's settings, as one pure function of the environment and the config file. Lists all problems
// at once; unknown values are errors; `describeConfig` prints no secret.

import { dirname, resolve } from 'node:path';
import type { CorpusLimits, McpAllow, WebOptions } from '../activities/index.ts';
import { ceilingOf, type RequestClass } from '../protocol/classes.ts';
import type { McpServerConfig } from '../protocol/schemas/tools.ts';
import { classTable, configFile, readConfigFile, type ConfigFile } from '../protocol/schemas/config.ts';
import { namesUsedTwice } from '../protocol/schemas/extensions.ts';
import type { Extension } from './extension.ts';
import { unknownKinds } from './mcp-kinds.ts';
import type { NotifyOptions } from './notifier-table.ts';
import { notifyConfig } from './notify-config.ts';
import { describeModels, embeddingsConfig, modelsConfig, type ModelsConfig } from './model-config.ts';
import { logProblems } from '../settings/log-settings.ts';
import { slotsProblems } from '../settings/plain-settings.ts';
import { withoutEmptyVariables, type Environment } from '../settings/variables.ts';
import { ownRoots } from '../store/home.ts';
import { describeStore, storePlace } from '../store/open-store.ts';
import { postgresUrlProblem } from '../store/postgres-url.ts';

export interface WorkerConfig {
  models: ModelsConfig;
  /** What may be read of the web; absent: nothing. */
  web?: WebOptions;
  /** How much one task may read; absent: what is built in. */
  corpus?: CorpusLimits;
  mcp: readonly McpServerConfig[];
  mcpTools: Readonly<Record<string, McpAllow>>;
  extensions: readonly Extension[];
  /** How receivers are told of tasks: holds secrets. */
  notify: NotifyOptions;
  roots: string[];
  /** All that a request may name here. */
  classes: readonly RequestClass[];
  ceiling: RequestClass;
  namespace: string;
  address?: string;
  /** The store's folder, or the address of its PostgreSQL database: may hold a password. */
  store: string;
  /** Sub-agents and other Activities at work at once in this process. */
  slots: number;
  /** Where this worker's metrics can be read; absent: nowhere. */
  metrics?: { port: number; host?: string | undefined };
  minWarmWorkers: number;
}

export interface ConfigInput {
  /** An empty variable is an unset one. */
  env: Environment;
  /** Parsed contents of the file that MUSTER_CONFIG names, and its path. */
  file?: { path: string; value: unknown };
  /** The home: its folder is the first allowed root. */
  home: string;
  /** What the file's extensions are, loaded. Default: none. */
  extensions?: readonly Extension[];
  /** URL of the local offline model, when one runs. */
  offlineUrl?: string;
}

const SLOTS = 100;
const NO_FILE = configFile.parse({});

export function workerConfig({
  env: environment,
  file,
  home,
  extensions = [],
  offlineUrl,
}: ConfigInput): { config: WorkerConfig } | { problems: string[] } {
  const env = withoutEmptyVariables(environment);
  const problems: string[] = [];
  const added = extensions.flatMap(({ models = [] }) => models.map(({ model }) => model));
  const read = readConfigFile(file?.value ?? {}, added);
  if ('problems' in read) problems.push(...read.problems.map((problem) => `${file?.path}: ${problem}`));
  const settings = 'config' in read ? read.config : NO_FILE;
  const embeddings = embeddingsConfig(env, settings);
  const models = {
    ...modelsConfig(env, settings, env.MUSTER_OFFLINE_URL ?? offlineUrl, problems, added),
    ...(embeddings ? { embeddings } : {}),
  };
  for (const name of ['OPENAI_BASE_URL', 'MUSTER_OFFLINE_URL'] as const) {
    const value = env[name];
    if (value && !/^https?:\/\/\S+$/.test(value))
      problems.push(`${name} is "${value}", which is not an http or https address`);
  }
  const storeUrl = env.MUSTER_STORE_URL;
  // The address itself is not shown: it may hold a password.
  const storeProblem = storeUrl === undefined ? undefined : postgresUrlProblem(storeUrl);
  if (storeProblem !== undefined) problems.push(`MUSTER_STORE_URL can't be used: ${storeProblem}`);
  problems.push(...slotsProblems(env), ...logProblems(env));
  const notify = notifyConfig(env, settings, problems);
  problems.push(...usedTwice(settings, models, extensions));
  const kinds = extensions.flatMap((one) => [...(one.kinds ?? []), ...(one.subAgents ?? [])].map(({ name }) => name));
  problems.push(...unknownKinds(settings.mcpTools, kinds));

  if (problems.length > 0) return { problems };
  const from = file ? dirname(resolve(file.path)) : home;
  const roots = [
    ...ownRoots(home),
    ...settings.roots.map((root) => resolve(from, root)),
    ...splitRoots(env.MUSTER_ROOTS),
  ];
  const classes = [...classTable(settings).values(), ...extensions.flatMap((one) => one.classes ?? [])];
  return {
    config: {
      models,
      ...(settings.web ? { web: settings.web } : {}),
      ...(settings.corpus ? { corpus: settings.corpus } : {}),
      mcp: settings.mcp,
      mcpTools: settings.mcpTools,
      roots: [...new Set(roots)],
      extensions,
      notify,
      classes,
      ceiling: ceilingOf(classes),
      namespace: env.TEMPORAL_NAMESPACE ?? 'default',
      store: storePlace(home, env),
      slots: Number(env.MUSTER_SLOTS ?? SLOTS),
      ...(settings.metrics?.worker === undefined
        ? {}
        : { metrics: { port: settings.metrics.worker, host: settings.metrics.host } }),
      minWarmWorkers: settings.minWarmWorkers,
      ...(env.TEMPORAL_ADDRESS ? { address: env.TEMPORAL_ADDRESS } : {}),
    },
  };
}

/** What a person may see of it. */
export function describeConfig({ models, roots, namespace, slots, store }: WorkerConfig): string {
  return `${describeModels(models)}; namespace ${namespace}; store ${describeStore(store)}; ${slots} slots; reads ${roots.length > 0 ? roots.join(', ') : 'no folder'}`;
}

/** Names of classes and models that an extension has and somebody else, too. */
function usedTwice(settings: ConfigFile, { models }: ModelsConfig, extensions: readonly Extension[]): string[] {
  const owned = (of: (one: Extension) => readonly string[]) =>
    extensions.flatMap((one) => of(one).map((name) => ({ name, from: `from ${one.from}` })));
  const classes = [...classTable(settings).keys()].map((name) => ({
    name,
    from: Object.hasOwn(settings.classes, name) ? 'under "classes" in the config file' : 'built in',
  }));
  return [
    ...namesUsedTwice('classes', [...classes, ...owned((one) => (one.classes ?? []).map(({ name }) => name))]),
    ...namesUsedTwice('models', [
      ...models.map(({ name, provider }) => ({ name, from: `of the provider "${provider}"` })),
      ...owned((one) => (one.models ?? []).map(({ model }) => model)),
    ]),
  ];
}

function splitRoots(value: string | undefined): string[] {
  return (value ?? '').split('\n').filter((root) => root !== '');
}
