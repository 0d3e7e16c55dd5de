// recall.ts: how many of the passages that a question needs are among the first five that an answer cites, beside
// those that one plain search finds.

import { openaiEmbeddings } from '../../activities/models/embeddings.ts';
import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import { startSimulator } from '../../simulator/server.ts';
import { pairedBootstrap } from './bootstrap.ts';
import { engine, type Engine, type EngineAnswer, type EngineOptions } from './engine.ts';
import { openLibrary, type Library, type LibraryPassage } from './library.ts';
import { plainSearch } from './plain-search.ts';
import { readQuestions, type Question } from './questions.ts';

export interface RecallOptions {
  /** Default: all. */
  split?: 'tune' | 'held-out' | 'all';
  /** Ids of questions; default: all of the split. */
  only?: readonly string[];
  /** How they are asked. Default: as the product does, with no further round. */
  engine?: EngineOptions;
  /** Fused into the search: the simulator's vectors, which are bags of stems (words, not meaning), or those of a server. */
  fused?: 'stems' | RealEmbeddings;
  onAnswer?: (scored: Scored, answer: EngineAnswer) => void;
}

/** A server with a real model. */
export interface RealEmbeddings {
  baseURL: string;
  model: string;
}

export interface Scored {
  question: Question;
  gold: LibraryPassage[];
  cited: LibraryPassage[];
  searched: LibraryPassage[];
  /** Shares of the gold passages, 0 to 1. */
  engine: number;
  plain: number;
  /** The engine's, of all that its answer cites. */
  all: number;
  /** Tokens. */
  spent: number;
  /** Subtasks of a further round. */
  again: number;
}

export interface RecallScore {
  n: number;
  /** Percent of the gold passages, mean over the questions. */
  engine: number;
  plain: number;
  /** Points. */
  difference: number;
  lower95: number;
}

export interface RecallResult {
  tune?: RecallScore;
  heldOut?: RecallScore;
  renamed: boolean;
  /** Whose vectors were fused in. */
  fused: string | false;
  passages: number;
  seconds: number;
}

const CITED = 5;

/** Asks all questions. */
export async function measureRecall(options: RecallOptions = {}): Promise<RecallResult> {
  const { split = 'all', only, engine: how = {}, fused, onAnswer } = options;
  const began = Date.now();
  const library = await openLibrary();
  const simulator = await startSimulator({ keepBodies: false });
  try {
    const corpus = fused ? await library.embedded(vectorsOf(fused, simulator.url)) : library.corpus;
    const model = engine({ store: library.store, corpus }, simulator.url, how);
    const asked = readQuestions().filter(
      (question) => (split === 'all' || question.split === split) && (!only || only.includes(question.id)),
    );
    const scored = await scoreQuestions(library, model, asked, onAnswer);
    const of = (name: Question['split']): RecallScore | undefined =>
      score(scored.filter(({ question }) => question.split === name));
    const tune = of('tune');
    const heldOut = of('held-out');
    return {
      ...(tune ? { tune } : {}),
      ...(heldOut ? { heldOut } : {}),
      renamed: how.isRenamed ?? false,
      fused: typeof fused === 'object' ? fused.model : (fused ?? false),
      passages: library.passages.length,
      seconds: Math.round((Date.now() - began) / 100) / 10,
    };
  } finally {
    await simulator.close();
    await library.close();
  }
}

/** Asks these questions, one after the other. */
export async function scoreQuestions(
  library: Library,
  model: Engine,
  asked: readonly Question[],
  onAnswer?: RecallOptions['onAnswer'],
): Promise<Scored[]> {
  const search = plainSearch(library.passages);
  const scored: Scored[] = [];
  for (const question of asked) {
    const answered = await model.answer(question.question);
    const gold = [...new Set(question.gold.map(({ file, line }) => goldPassage(library, question.id, file, line)))];
    const cited = [...new Set(answered.answer.citations.flatMap((citation) => library.passageOf(citation) ?? []))];
    const searched = search(question.question).flatMap((id) => library.passages[id] ?? []);
    const one = {
      question,
      gold,
      cited,
      searched,
      engine: share(gold, cited.slice(0, CITED)),
      plain: share(gold, searched),
      all: share(gold, cited),
      spent: answered.spent,
      again: answered.again,
    };
    scored.push(one);
    onAnswer?.(one, answered);
  }
  return scored;
}

/** What the environment says of a server with real embeddings. */
export function realEmbeddings(): RealEmbeddings | undefined {
  const { BENCH_EMBEDDINGS_URL: baseURL, BENCH_EMBEDDINGS_MODEL: model } = process.env;
  return baseURL ? { baseURL, model: model || 'all-MiniLM-L6-v2' } : undefined;
}

const vectorsOf = (fused: 'stems' | RealEmbeddings, simulator: string): EmbeddingsProvider =>
  openaiEmbeddings(
    fused === 'stems'
      ? { name: 'simulator', model: 'muster-offline', apiKey: 'none', baseURL: simulator }
      : { name: 'real', apiKey: 'none', ...fused },
  );

function goldPassage(library: Library, id: string, file: string, line: number): LibraryPassage {
  const passage = library.passageAt(file, line);
  if (!passage) throw new Error(`question ${id}: no passage holds ${file}:${line}`);
  return passage;
}

const share = (gold: readonly LibraryPassage[], found: readonly LibraryPassage[]): number =>
  gold.filter((passage) => found.includes(passage)).length / gold.length;

function score(scored: readonly Scored[]): RecallScore | undefined {
  if (scored.length === 0) return undefined;
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const { mean: difference, lower } = pairedBootstrap(scored.map((one) => one.engine - one.plain));
  return {
    n: scored.length,
    engine: percent(mean(scored.map((one) => one.engine))),
    plain: percent(mean(scored.map((one) => one.plain))),
    difference: percent(difference),
    lower95: percent(lower),
  };
}

/** One decimal. */
export const percent = (value: number): number => Math.round(value * 1_000) / 10;
