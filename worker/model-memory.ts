// model-memory.ts: what was learned of each model's server, kept in the store by its address and name, for a week: then it is
// found out anew, since servers get better. Never above what the settings say; a store that fails costs nothing but the memory.

import type { Learned, OpenAIProviderOptions } from '../activities/index.ts';
import type { Store } from '../store/store.ts';
import type { ModelConfig } from './model-config.ts';

const KIND = 'model-features';
const KEPT_MS = 7 * 24 * 3_600_000;

export interface ModelMemory {
  /** What a provider of this model remembers by. */
  of(model: ModelConfig): Pick<OpenAIProviderOptions, 'recall' | 'onLearned' | 'say'>;
  /** What is remembered of it now. */
  recall(model: ModelConfig): Promise<Learned | undefined>;
  /** Waits until what was learned so far is kept. Never throws. */
  settled(): Promise<void>;
}

/** @param say told in a sentence what is learned, once each. */
export function modelMemory(store: Store, say: (line: string) => void): ModelMemory {
  const recall = async (model: ModelConfig): Promise<Learned | undefined> => {
    const note = await store.getNote(KIND, keyOf(model));
    if (!note || Date.now() - note.at > KEPT_MS) return undefined;
    const kept: unknown = JSON.parse(note.text);
    return kept !== null && typeof kept === 'object' ? kept : undefined;
  };
  // One after the other: the last one put is the one that holds.
  let putting: Promise<void> = Promise.resolve();
  return {
    recall,
    settled: () => putting,
    of: (model) => ({
      recall: () => recall(model),
      onLearned: (learned) => {
        putting = putting.then(() => store.putNote(KIND, keyOf(model), JSON.stringify(learned)).catch(() => undefined));
      },
      say,
    }),
  };
}

const keyOf = ({ baseURL = 'https://api.openai.com/v1', model, api }: ModelConfig): string =>
  `${api} ${baseURL} ${model}`;
