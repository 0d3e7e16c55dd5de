// model-config.ts: which models a worker may ask, from the environment and the config file. A key alone asks nothing:
// a model must be named, or providers must stand in the file. Keys stay here and in the providers made of them.

import { modelLine, openaiProvider, providerGate, type ModelLine } from '../activities/index.ts';
import type { ConfigFile, ProviderSettings } from '../protocol/schemas/config.ts';

export interface ModelConfig {
  /** What Muster calls it. */
  name: string;
  /** What its provider calls it. */
  model: string;
  /** Models of one provider share its places and its breaker. */
  provider: string;
  apiKey: string;
  baseURL?: string;
  offline: boolean;
  api: ProviderSettings['api'];
  prices?: { input: number; output: number };
  contextTokens?: number;
  concurrency?: number;
  breaker?: { failures?: number | undefined; coolSeconds?: number | undefined };
}

export interface ModelsConfig {
  models: ModelConfig[];
  /** Names of models by class, and by `default`. */
  orders: Record<string, readonly string[]>;
}

type Env = Readonly<Record<string, string | undefined>>;

const OFFLINE = { name: 'muster-offline', model: 'muster-offline', provider: 'offline', apiKey: 'offline' };

/** The models, first choice first; why there are none, or not these, in `problems`. */
export function modelsConfig(
  env: Env,
  file: ConfigFile,
  offlineUrl: string | undefined,
  problems: string[],
): ModelsConfig {
  const listed = file.providers.flatMap((provider) => modelsOf(provider, env, problems));
  const orders: Record<string, readonly string[]> = {};
  for (const [name, { models }] of Object.entries(file.classes)) if (models) orders[name] = models;
  const usual = file.models ?? listed.map(({ name }) => name);

  const named = env.MUSTER_MODEL;
  if (named !== undefined && named !== '') {
    if (usual.includes(named)) {
      return { models: listed, orders: { ...orders, default: [named, ...usual.filter((name) => name !== named)] } };
    }
    const own = fromEnvironment(named, env, problems);
    return { models: [own, ...listed], orders: { ...orders, default: [named, ...usual] } };
  }
  if (listed.length > 0) return { models: listed, orders: { ...orders, default: usual } };
  if (offlineUrl === undefined || offlineUrl === '') {
    problems.push(
      'there is no model: set MUSTER_MODEL, list providers in the config file, or start the offline one (muster simulate) and name it in MUSTER_OFFLINE_URL',
    );
    return { models: [], orders };
  }
  return { models: [{ ...OFFLINE, baseURL: offlineUrl, offline: true, api: 'chat' }], orders };
}

function fromEnvironment(name: string, env: Env, problems: string[]): ModelConfig {
  const apiKey = env.OPENAI_API_KEY ?? (env.OPENAI_BASE_URL ? 'none' : undefined);
  if (apiKey === undefined) problems.push('MUSTER_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL is');
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
  const { name, baseURL, keyFrom, api, concurrency, breaker } = provider;
  const apiKey = keyFrom === undefined ? 'none' : env[keyFrom];
  if (apiKey === undefined || apiKey === '')
    problems.push(`provider ${name} takes its key from ${keyFrom}, which is not set`);
  return provider.models.map((one) => ({
    name: one.name,
    model: one.model ?? one.name,
    provider: name,
    apiKey: apiKey ?? '',
    offline: false,
    api,
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(one.prices ? { prices: one.prices } : {}),
    ...(one.contextTokens === undefined ? {} : { contextTokens: one.contextTokens }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(breaker ? { breaker } : {}),
  }));
}

/** The lines to these models, each through its provider's gate. */
export function linesTo(models: readonly ModelConfig[]): ModelLine[] {
  const gates = new Map<string, ReturnType<typeof providerGate>>();
  return models.map((one) => {
    const gate = gates.get(one.provider) ?? providerGate({ concurrency: one.concurrency, ...one.breaker });
    gates.set(one.provider, gate);
    const { name, model, apiKey, offline, api, baseURL, prices, contextTokens } = one;
    const provider = openaiProvider({
      model: name,
      wireModel: model,
      apiKey,
      offline,
      api,
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(prices ? { prices } : {}),
      ...(contextTokens === undefined ? {} : { contextTokens }),
    });
    return modelLine(provider, gate);
  });
}

/** What a person may see of it: names and hosts, never a key. */
export function describeModels({ models, orders }: ModelsConfig): string {
  if (models[0]?.offline) return `no model configured: the offline engine answers${at(models[0])}`;
  const usual = orders.default ?? models.map(({ name }) => name);
  const named = usual.map((name) => {
    const one = models.find((other) => other.name === name);
    return `${name}${one ? at(one) : ''}`;
  });
  return named.length === 1 ? `model ${named.join('')}` : `models ${named.join(', then ')}`;
}

const at = ({ baseURL }: ModelConfig): string => (baseURL === undefined ? '' : ` at ${new URL(baseURL).host}`);
