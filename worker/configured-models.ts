// configured-models.ts: the configured models and embeddings as the Activities call them: each behind its provider's gate.

import {
  modelLine,
  openaiEmbeddings,
  openaiProvider,
  providerGate,
  providerPlaces,
  type EmbeddingsProvider,
  type Features,
  type ModelLine,
} from '../activities/index.ts';
import type { Access, ModelConfig, ModelsConfig } from './model-config.ts';
import type { ModelMemory } from './model-memory.ts';

/** A worker's models and embeddings, each behind its provider's gate. */
export function configuredModels(
  { models, embeddings }: ModelsConfig,
  memory?: ModelMemory,
): {
  lines: ModelLine[];
  embeddings?: EmbeddingsProvider;
} {
  const places = new Map<string, ReturnType<typeof providerPlaces>>();
  const placesOf = ({ provider, concurrency }: Access): ReturnType<typeof providerPlaces> => {
    const made = places.get(provider) ?? providerPlaces({ concurrency });
    places.set(provider, made);
    return made;
  };
  const gates = new Map<string, ReturnType<typeof providerGate>>();
  const lines = models.map((one) => {
    const gate = gates.get(one.provider) ?? providerGate({ ...one.breaker }, placesOf(one));
    gates.set(one.provider, gate);
    const { name, model, apiKey, offline, api, baseURL, prices, contextTokens, firstByteSeconds, maxOutputTokens } =
      one;
    const provider = openaiProvider({
      model: name,
      wireModel: model,
      apiKey,
      offline,
      api,
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(prices ? { prices } : {}),
      ...(contextTokens === undefined ? {} : { contextTokens }),
      ...(firstByteSeconds === undefined ? {} : { firstByteSeconds }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(one.supports ? { features: featuresOf(one.supports) } : {}),
      ...memory?.of(one),
    });
    return modelLine(provider, gate);
  });
  if (!embeddings) return { lines };
  const { provider: name, model, apiKey, baseURL, dimensions } = embeddings;
  // A breaker of its own: search can do without vectors, and their outage must not keep anybody from the models.
  const gate = providerGate({ ...embeddings.breaker }, placesOf(embeddings));
  return {
    lines,
    embeddings: openaiEmbeddings({
      name,
      model,
      apiKey,
      gate,
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(dimensions === undefined ? {} : { dimensions }),
      ...memory?.ofEmbeddings(embeddings),
    }),
  };
}

/** The settings in the words of the provider. */
function featuresOf({
  format,
  tools,
  toolChoice,
  streamUsage,
  systemAnywhere,
  outputBound,
}: NonNullable<ModelConfig['supports']>): Partial<Features> {
  return {
    ...(format === undefined ? {} : { format: format === 'none' ? 'words' : format }),
    ...(tools === undefined ? {} : { tools: tools ? 'native' : 'words' }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(streamUsage === undefined ? {} : { streamUsage }),
    ...(systemAnywhere === undefined ? {} : { system: systemAnywhere ? 'anywhere' : 'first' }),
    ...(outputBound === undefined ? {} : { outputBound }),
  };
}
