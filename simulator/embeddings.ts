// embeddings.ts: the embeddings endpoint: each text as a hashed bag of its words' stems. Texts that share words are near each
// other and nothing else is known about them: enough to test the code path of an embedding, not to judge what one finds.

import { createHash } from 'node:crypto';
import { badRequest } from './api-error.ts';
import { contentTerms } from './brain/words/words.ts';
import { canonicalJson, estimateTokens } from './canonical.ts';
import type { Asked } from './endpoint.ts';
import { quirksOf } from './misbehave.ts';

/** Numbers in a vector, unless the request names `dimensions`. */
export const DIMENSIONS = 256;
const MAX_DIMENSIONS = 4_096;
const MAX_INPUTS = 2_048;

/** Reads the body of `POST /v1/embeddings`. @throws ApiError 400 */
export function readEmbeddings(body: Record<string, unknown>): Asked {
  const { model, dimensions = DIMENSIONS, encoding_format: encoding = 'float' } = body;
  if (typeof model !== 'string' || model === '') throw badRequest('You must provide a model.', 'model');
  const texts = inputsOf(body.input);
  if (encoding !== 'float' && encoding !== 'base64') {
    throw badRequest("'encoding_format' must be float or base64.", 'encoding_format');
  }
  if (!Number.isInteger(dimensions) || (dimensions as number) < 1 || (dimensions as number) > MAX_DIMENSIONS) {
    throw badRequest(`'dimensions' must be a whole number from 1 to ${MAX_DIMENSIONS}.`, 'dimensions');
  }
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text.length), 0);
  const embed = (text: string): number[] | string => {
    const vector = vectorOf(text, dimensions as number);
    return encoding === 'float' ? [...vector] : Buffer.from(vector.buffer).toString('base64');
  };
  return {
    model,
    step: 'embeddings',
    stream: false,
    contentSha: createHash('sha256').update(canonicalJson({ texts, dimensions })).digest('hex'),
    inputTokens: tokens,
    offersTools: false,
    text: () => texts.join('\n'),
    replyOf: () => undefined,
    answer: (_reply, fault) => ({
      outputTokens: 0,
      body: () => ({
        object: 'list',
        data: texts.map((text, index) => ({ object: 'embedding', index, embedding: embed(text) })),
        model,
        ...(!quirksOf(fault).hidesUsage && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
      }),
      frames: () => [],
    }),
  };
}

/** The texts of a request. Tokens come as numbers; each counts as a word of its own. */
function inputsOf(input: unknown): string[] {
  const isTokens = (value: unknown): value is number[] =>
    Array.isArray(value) && value.length > 0 && value.every((item) => Number.isInteger(item));
  const inputs: unknown[] = Array.isArray(input) && !isTokens(input) ? input : [input];
  if (inputs.length === 0 || inputs.length > MAX_INPUTS) {
    throw badRequest(`'input' must hold 1 to ${MAX_INPUTS} texts.`, 'input');
  }
  return inputs.map((one, index) => {
    if (isTokens(one)) return one.join(' ');
    if (typeof one !== 'string' || one === '') throw badRequest(`'input[${index}]' must be a text.`, 'input');
    return one;
  });
}

/** A vector of length 1; of length 0 for a text without words that count. */
export function vectorOf(text: string, dimensions: number = DIMENSIONS): Float32Array {
  const counts = new Map<string, number>();
  for (const term of contentTerms(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const vector = new Float32Array(dimensions);
  for (const [term, count] of counts) {
    const hash = createHash('sha256').update(term).digest();
    const at = hash.readUInt32LE(0) % dimensions;
    // A sign of its own lets two stems in one place cancel out as often as add up.
    vector[at] = (vector[at] ?? 0) + ((hash[4] ?? 0) & 1 ? 1 : -1) * (1 + Math.log(count));
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
