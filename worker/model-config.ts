// model-config.ts: which models a worker may ask, from the environment and the config file. A key alone asks nothing:
// a model must be named, or providers must stand in the file. Keys stay here and in the models made of them. Loads no Activity.

import { KEY_ALONE, keyProblem } from '../settings/key-problem.ts';
import type { ConfigFile, ProviderSettings } from '../protocol/schemas/config.ts';

/** Who is asked, and how many at once. */
export interface Access {
  provider: string;
  apiKey: string;
  baseURL?: string;
  concurrency?: number;
  breaker?: { failures?: number | undefined; coolSeconds?: number | undefined };
}

export interface EmbeddingsConfig extends Access {
  model: string;
  dimensions?: number;
}

/** Models of one provider share its places and its breaker. */
export interface ModelConfig extends Access {
  /** What Muster calls it. */
  name: string;
  /** What its provider calls it. */
  model: string;
  offline: boolean;
  api: ProviderSettings['api'];
  prices?: { input: number; output: number };
  contextTokens?: number;
  firstByteSeconds?: number;
  maxOutputTokens?: number;
  supports?: ProviderSettings['supports'];
}

export interface ModelsConfig {
  models: ModelConfig[];
  /** Names of models by class, and by `default`. */
  orders: Record<string, readonly string[]>;
  embeddings?: EmbeddingsConfig;
}

type Env = Readonly<Record<string, string | undefined>>;

const OFFLINE = { name: 'muster-offline', model: 'muster-offline', provider: 'offline', apiKey: 'offline' };

/** Who makes vectors; undefined when nobody is to. A provider's problems are listed with its models'. */
export function embeddingsConfig(env: Env, { providers, embeddings }: ConfigFile): EmbeddingsConfig | undefined {
  const provider = providers.find(({ name }) => name === embeddings?.provider);
  if (!embeddings || !provider) return undefined;
  const { model, dimensions } = embeddings;
  return { ...accessTo(provider, env), model, ...(dimensions === undefined ? {} : { dimensions }) };
}

/**
 * The models, first choice first; why there are none, or not these, in `problems`.
 *
 * @param added names of the models that extensions have: asked after the file's own where nothing says otherwise.
 */
export function modelsConfig(
  env: Env,
  file: ConfigFile,
  offlineUrl: string | undefined,
  problems: string[],
  added: readonly string[] = [],
): ModelsConfig {
  const listed = file.providers.flatMap((provider) => modelsOf(provider, env, problems));
  const orders: Record<string, readonly string[]> = {};
  for (const [name, { models }] of Object.entries(file.classes)) if (models) orders[name] = models;
  const usual = file.models ?? [...listed.map(({ name }) => name), ...added];

  const named = env.MUSTER_MODEL;
  if (named !== undefined && named !== '') {
    if (usual.includes(named) || added.includes(named)) {
      return { models: listed, orders: { ...orders, default: [named, ...usual.filter((name) => name !== named)] } };
    }
    const own = fromEnvironment(named, env, problems);
    return { models: [own, ...listed], orders: { ...orders, default: [named, ...usual] } };
  }
  if (listed.length + added.length > 0) return { models: listed, orders: { ...orders, default: usual } };
  if (offlineUrl === undefined || offlineUrl === '') {
    problems.push(
      'there is no model: set MUSTER_MODEL, list providers in the config file, or start the offline one (muster simulate) and name it in MUSTER_OFFLINE_URL',
    );
    return { models: [], orders };
  }
  return { models: [{ ...OFFLINE, baseURL: offlineUrl, offline: true, api: 'chat' }], orders };
}

/** True when nothing names a model: then the offline one answers. */
export const needsOffline = (env: Env, file: ConfigFile, added: readonly string[] = []): boolean =>
  !env.MUSTER_MODEL && added.length + file.providers.reduce((sum, { models }) => sum + models.length, 0) === 0;

function fromEnvironment(name: string, env: Env, problems: string[]): ModelConfig {
  const apiKey = env.OPENAI_API_KEY ?? (env.OPENAI_BASE_URL ? 'none' : undefined);
  if (apiKey === undefined) problems.push('MUSTER_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is');
  else problems.push(...keyProblems('OPENAI_API_KEY', apiKey));
  return {
    name,
    model: name,
    provider: 'environment',
    apiKey: apiKey ?? '',
    offline: false,
    api: 'chat',
    ...(env.OPENAI_BASE_URL ? { baseURL: env.OPENAI_BASE_URL } : {}),
  };
}

function modelsOf(provider: ProviderSettings, env: Env, problems: string[]): ModelConfig[] {
  const { name, keyFrom, api, firstByteSeconds, maxOutputTokens, supports } = provider;
  const access = accessTo(provider, env);
  if (access.apiKey === '') problems.push(`provider ${name} takes its key from ${keyFrom}, which is not set`);
  else if (keyFrom !== undefined) problems.push(...keyProblems(keyFrom, access.apiKey));
  return provider.models.map((one) => ({
    ...access,
    name: one.name,
    model: one.model ?? one.name,
    offline: false,
    api,
    ...(one.prices ? { prices: one.prices } : {}),
    ...(one.contextTokens === undefined ? {} : { contextTokens: one.contextTokens }),
    ...(firstByteSeconds === undefined ? {} : { firstByteSeconds }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(supports ? { supports } : {}),
  }));
}

/** A server would say no more than that the key is wrong, and a header can't hold some. */
function keyProblems(name: string, key: string): string[] {
  const problem = keyProblem(name, key);
  return problem === undefined ? [] : [`${problem}. ${KEY_ALONE}`];
}

function accessTo({ name, keyFrom, baseURL, concurrency, breaker }: ProviderSettings, env: Env): Access {
  return {
    provider: name,
    apiKey: keyFrom === undefined ? 'none' : (env[keyFrom] ?? ''),
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(breaker ? { breaker } : {}),
  };
}

/** What a person may see of it: names and hosts, never a key. */
export function describeModels({ models, orders, embeddings }: ModelsConfig): string {
  const vectors = embeddings ? `; embeddings ${embeddings.model}${at(embeddings)}` : '';
  return `${describeOrder(models, orders)}${vectors}`;
}

function describeOrder(models: readonly ModelConfig[], orders: ModelsConfig['orders']): string {
  if (models[0]?.offline) return `no model configured: the offline model answers${at(models[0])}`;
  const usual = orders.default ?? models.map(({ name }) => name);
  const named = usual.map((name) => {
    const one = models.find((other) => other.name === name);
    return `${name}${one ? at(one) : ''}`;
  });
  return named.length === 1 ? `model ${named.join('')}` : `models ${named.join(', then ')}`;
}

const at = ({ baseURL }: Access): string => (baseURL === undefined ? '' : ` at ${new URL(baseURL).host}`);
