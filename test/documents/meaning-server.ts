// meaning-server.ts: a server that speaks the embeddings wire format and knows a few synonyms, as a real model would: texts
// that mean the same lie near each other, whatever their words.

import { createHash } from 'node:crypto';
import { openaiEmbeddings } from '../../activities/models/embeddings.ts';
import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import { until } from '../rig/until.ts';
import { serve } from '../tools/support.ts';

const SYNONYMS = [
  ['car', 'automobile', 'vehicle'],
  ['doctor', 'physician', 'surgeon'],
  ['money', 'cash', 'funds'],
];
const DIMENSIONS = 64;

export interface MeaningServer {
  url: string;
  /** The texts of each request, in the order they came. */
  asked: string[][];
  /** Those of the requests that were answered. */
  answered: string[][];
  /** The encoding that each request asked for. */
  encodings: string[];
  /** What else to do with a request, by its number from 1: a status to answer with, or wait. Default: answer at once. */
  meet: (request: number) => Promise<number | undefined> | number | undefined;
  /** True: answers 400 to `encoding_format: base64`, as some servers do. */
  refusesBase64: boolean;
  provider(options?: { apiKey?: string; model?: string; dimensions?: number }): EmbeddingsProvider;
  close(): Promise<void>;
}

export async function meaningServer(): Promise<MeaningServer> {
  const server = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        input: string[];
        model: string;
        dimensions?: number;
        encoding_format: string;
      };
      void answer(body, (status, value) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(value));
      });
    });
  });
  const it: MeaningServer = {
    url: `${server.origin}/v1`,
    asked: [],
    answered: [],
    encodings: [],
    meet: () => undefined,
    refusesBase64: false,
    provider: ({ apiKey = 'none', model = 'meaning', dimensions } = {}) =>
      openaiEmbeddings({
        name: 'meaning-server',
        model,
        apiKey,
        baseURL: it.url,
        ...(dimensions === undefined ? {} : { dimensions }),
      }),
    close: () => server.close(),
  };
  return it;

  async function answer(
    { input, model, dimensions, encoding_format: encoding }: Parameters<typeof embeddingsOf>[0],
    send: (status: number, value: unknown) => void,
  ): Promise<void> {
    it.asked.push(input);
    it.encodings.push(encoding);
    const status = await it.meet(it.asked.length);
    if (status !== undefined) return send(status, { error: { message: `the request meets ${status}` } });
    if (it.refusesBase64 && encoding === 'base64')
      return send(400, { error: { message: 'encoding_format base64 is not supported' } });
    it.answered.push(input);
    send(200, embeddingsOf({ input, model, encoding_format: encoding, ...(dimensions ? { dimensions } : {}) }));
  }
}

/** A promise that a test keeps open for as long as it wants. */
export function held(): { wait: Promise<undefined>; release: () => void } {
  let release = (): void => undefined;
  const wait = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
  return { wait, release };
}

/** Waits for a condition, which an event of the server brings about. */
export async function soon(is: () => boolean): Promise<void> {
  await until('it comes about', is);
}

function embeddingsOf(body: { input: string[]; model: string; dimensions?: number; encoding_format: string }): unknown {
  const { input, model, dimensions = DIMENSIONS, encoding_format: encoding } = body;
  const data = input.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = encoding === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const tokens = input.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  // Out of order, which the format allows: `index` counts.
  return { object: 'list', data: data.reverse(), model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[a-z]{3,}/g) ?? []) {
    const concept = SYNONYMS.findIndex((words) => words.includes(word.replace(/s$/, '')));
    const meaning = concept === -1 ? word : `concept ${concept}`;
    const at = createHash('sha256').update(meaning).digest().readUInt32LE(0) % dimensions;
    // What it knows weighs more than what it only read.
    vector[at] = (vector[at] ?? 0) + (concept === -1 ? 0.1 : 3);
  }
  return vector;
}
