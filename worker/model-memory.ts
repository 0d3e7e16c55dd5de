// model-memory.ts: what was learned of each model's server and of that of the embeddings, kept in the store by its address and name, for a week: then it is
// found out anew, since servers get better. Never above what the settings say; a store that fails costs nothing but the memory.

import type { Learned, LearnedEmbeddings } from '../activities/index.ts';
import type { Store } from '../store/store.ts';
import type { EmbeddingsConfig, ModelConfig } from './model-config.ts';

const KIND = 'model-features';
const KEPT_MS = 7 * 24 * 3_600_000;

/** Whose server it is: the same words, the same server. */
type Asked = Pick<ModelConfig, 'baseURL' | 'model'> & { api: ModelConfig['api'] | 'embeddings' };

/** What a provider remembers by. */
interface Remembers<T> {
  recall: () => Promise<T | undefined>;
  onLearned: (learned: T) => void;
  say: (line: string) => void;
}

export interface ModelMemory {
  of(model: Asked): Remembers<Learned>;
  ofEmbeddings(embeddings: EmbeddingsConfig): Remembers<LearnedEmbeddings>;
  /** Waits until what was learned so far is kept. Never throws. */
  settled(): Promise<void>;
}

/** @param say told in a sentence what is learned, once each. */
export function modelMemory(store: Store, say: (line: string) => void): ModelMemory {
  // One after the other: the last one put is the one that holds.
  let putting: Promise<void> = Promise.resolve();
  // What is read may be of another version: who recalls it takes what fits.
  const of = <T extends object>(asked: Asked): Remembers<T> => ({
    async recall() {
      const note = await store.getNote(KIND, keyOf(asked));
      if (!note || Date.now() - note.at > KEPT_MS) return undefined;
      const kept: unknown = JSON.parse(note.text);
      return kept !== null && typeof kept === 'object' ? (kept as T) : undefined;
    },
    onLearned(learned) {
      putting = putting.then(() => store.putNote(KIND, keyOf(asked), JSON.stringify(learned)).catch(() => undefined));
    },
    say,
  });
  return { of, ofEmbeddings: (one) => of({ ...one, api: 'embeddings' }), settled: () => putting };
}

const keyOf = ({ baseURL = 'https://api.openai.com/v1', model, api }: Asked): string => `${api} ${baseURL} ${model}`;
