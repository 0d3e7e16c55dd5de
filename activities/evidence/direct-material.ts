// direct-material.ts: what a question is answered from at once: passages that are indexed already, and the messages that ask. Reads
// and indexes nothing; no model is asked.

import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import { openCorpus, type Corpus } from '../../documents/open-corpus.ts';
import { indexedCorpus } from '../../documents/prepare-corpus.ts';
import { CorpusError } from '../../documents/sources/corpus-error.ts';
import { limitsWith, type CorpusLimits } from '../../documents/sources/source-limits.ts';
import type { WebOptions } from '../../documents/web/web-options.ts';
import { askedOf, type SessionView } from '../../protocol/session.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import type { Store } from '../../store/store.ts';
import type { EarlierTurn } from '../text/earlier-turn.ts';
import type { ChatMessage } from '../models/provider.ts';
import {
  DIRECT_SYSTEM,
  DIRECT_SYSTEM_WITHOUT,
  directMessage,
  type ShownPassage,
} from '../text/prompts/direct-prompt.ts';
import { earlierOf } from './earlier.ts';

/** Passages that the model is shown, and characters of each: more would be read for longer than the path has. */
const PASSAGES = 8;
const PASSAGE_CHARS = 2_000;

/** Of a deployment. */
export interface MaterialFrom {
  store: Store;
  roots: readonly string[];
  web?: WebOptions;
  corpus?: CorpusLimits;
  embeddings?: EmbeddingsProvider;
}

export interface DirectMaterial {
  /** Absent where no documents were named. */
  from?: { corpus: Corpus; corpusRef: string };
  passages: ShownPassage[];
  messages: ChatMessage[];
}

/** What there is; or, in words, why the question can't be answered from it at once. @throws what the documents throw */
export async function directMaterial(
  request: Pick<TaskRequest, 'goal' | 'sources' | 'route'> & { class?: Pick<TaskRequest['class'], 'uncited'> },
  { store, roots, web, corpus: most, embeddings }: MaterialFrom,
  signal: AbortSignal,
  session?: SessionView,
): Promise<DirectMaterial | { notEnough: string }> {
  const { sources } = request;
  const goal = askedOf(request.goal, session);
  const earlier = await earlierOf(store, session);
  if (sources.length === 0 || isSmallTalk(request))
    return { passages: [], messages: messagesOf(DIRECT_SYSTEM_WITHOUT, goal, [], earlier) };
  const options = { store, roots: [...roots], limits: limitsWith(most), signal, ...(web ? { web } : {}) };
  // A worker on another host may have what is not here; where nobody has it, the step that prepares it says so.
  const indexed = await indexedCorpus(sources, options).catch((error: unknown) => {
    if (error instanceof CorpusError) return { problem: error.message };
    throw error;
  });
  if (!indexed) return { notEnough: 'the documents have to be read and indexed first' };
  if ('problem' in indexed) return { notEnough: indexed.problem };
  const { corpusRef } = indexed;
  const corpus = await openCorpus(store, corpusRef, { embeddings });
  const found = await corpus.search(goal, { limit: PASSAGES, signal });
  if (found.length === 0) return { notEnough: 'nothing in the documents fits its words' };
  const passages = found.map(({ source, heading, text }, at) => ({
    passage: at + 1,
    source,
    heading,
    text: text.slice(0, PASSAGE_CHARS),
  }));
  return { from: { corpus, corpusRef }, passages, messages: messagesOf(DIRECT_SYSTEM, goal, passages, earlier) };
}

/** What says hello or thanks is in no document; where its class wants documents it is looked for all the same. */
const isSmallTalk = ({ route, class: row }: Parameters<typeof directMaterial>[0]): boolean =>
  route?.numbers.steps === 0 && row?.uncited !== false;

const messagesOf = (
  system: string,
  goal: string,
  passages: readonly ShownPassage[],
  earlier: readonly EarlierTurn[],
): ChatMessage[] => [
  { role: 'system', content: system },
  { role: 'user', content: directMessage(goal, passages, earlier) },
];
