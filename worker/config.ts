// config.ts: what a worker is told, as one pure function of the environment and the config file. Lists all problems
// at once; unknown values are errors; `describeConfig` prints no secret.

import { dirname, resolve } from 'node:path';
import { classTable, readConfigFile } from '../protocol/schemas/config.ts';
import type { RequestClass } from '../protocol/classes.ts';
import { describeStore, storePlace } from '../store/open-store.ts';
import { postgresUrlProblem } from '../store/postgres-url.ts';

export interface WorkerConfig {
  model: { name: string; apiKey: string; baseURL?: string; offline: boolean };
  roots: string[];
  ceiling: RequestClass;
  namespace: string;
  address?: string;
  /** The store's folder, or the address of its PostgreSQL database: may hold a password. */
  store: string;
  /** Sub-agents and other Activities at work at once in this process. */
  slots: number;
}

export interface ConfigInput {
  env: Readonly<Record<string, string | undefined>>;
  /** Parsed contents of the file that MUSTER_CONFIG names, and its path. */
  file?: { path: string; value: unknown };
  /** The home: its folder is the first allowed root. */
  home: string;
  /** URL of the local offline model, when one runs. */
  offlineUrl?: string;
}

/** The offline model's name and the key that it does not look at. */
const OFFLINE = { name: 'muster-offline', apiKey: 'offline' };

export function workerConfig({
  env,
  file,
  home,
  offlineUrl,
}: ConfigInput): { config: WorkerConfig } | { problems: string[] } {
  const problems: string[] = [];
  const read = readConfigFile(file?.value ?? {});
  if ('problems' in read) problems.push(...read.problems.map((problem) => `${file?.path}: ${problem}`));
  const settings = 'config' in read ? read.config : { roots: [], classes: {} };

  const named = env.MUSTER_MODEL;
  const url = env.MUSTER_OFFLINE_URL ?? offlineUrl;
  let model: WorkerConfig['model'] = { ...OFFLINE, offline: true };
  if (named) {
    const apiKey = env.OPENAI_API_KEY ?? (env.OPENAI_BASE_URL ? 'none' : undefined);
    if (apiKey === undefined) problems.push('MUSTER_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is');
    model = { name: named, apiKey: apiKey ?? '', offline: false };
    if (env.OPENAI_BASE_URL) model.baseURL = env.OPENAI_BASE_URL;
  } else if (url) {
    model.baseURL = url;
  } else {
    problems.push(
      'there is no model: set MUSTER_MODEL, or start the offline one (muster simulate) and name it in MUSTER_OFFLINE_URL',
    );
  }
  for (const name of ['OPENAI_BASE_URL', 'MUSTER_OFFLINE_URL'] as const) {
    const value = env[name];
    if (value && !/^https?:\/\/\S+$/.test(value))
      problems.push(`${name} is "${value}", which is not an http or https address`);
  }
  const storeUrl = env.MUSTER_STORE_URL || undefined;
  // The address itself is not shown: it may hold a password.
  const storeProblem = storeUrl === undefined ? undefined : postgresUrlProblem(storeUrl);
  if (storeProblem !== undefined) problems.push(`MUSTER_STORE_URL can't be used: ${storeProblem}`);
  const slots = env.MUSTER_SLOTS === undefined ? 100 : Number(env.MUSTER_SLOTS);
  if (!Number.isInteger(slots) || slots < 1)
    problems.push(`MUSTER_SLOTS is "${env.MUSTER_SLOTS}", it must be a whole number from 1`);

  if (problems.length > 0) return { problems };
  const from = file ? dirname(resolve(file.path)) : home;
  const roots = [dirname(home), ...settings.roots.map((root) => resolve(from, root)), ...splitRoots(env.MUSTER_ROOTS)];
  return {
    config: {
      model,
      roots: [...new Set(roots)],
      ceiling: ceilingOf([...classTable(settings).values()]),
      namespace: env.TEMPORAL_NAMESPACE ?? 'default',
      store: storePlace(home, env),
      slots,
      ...(env.TEMPORAL_ADDRESS ? { address: env.TEMPORAL_ADDRESS } : {}),
    },
  };
}

/** What a person may see of it. */
export function describeConfig({ model, roots, namespace, slots, store }: WorkerConfig): string {
  const what = model.offline ? 'no model configured: the offline engine answers' : `model ${model.name}`;
  return `${what}${model.baseURL ? ` at ${new URL(model.baseURL).host}` : ''}; namespace ${namespace}; store ${describeStore(store)}; ${slots} slots; reads ${roots.join(', ')}`;
}

function splitRoots(value: string | undefined): string[] {
  return (value ?? '').split('\n').filter((root) => root !== '');
}

/** The most that any class this worker knows asks for. */
function ceilingOf(classes: RequestClass[]): RequestClass {
  const most = (pick: (one: RequestClass) => number): number => Math.max(...classes.map(pick));
  const [first] = classes;
  if (!first) throw new Error('there are no classes');
  return {
    ...first,
    name: 'ceiling',
    deadlineSeconds: most((one) => one.deadlineSeconds),
    maxSubtasks: most((one) => one.maxSubtasks),
    subtask: {
      turns: most((one) => one.subtask.turns),
      tokens: most((one) => one.subtask.tokens),
      seconds: most((one) => one.subtask.seconds),
      callIdleSeconds: most((one) => one.subtask.callIdleSeconds),
    },
  };
}
