// output-format.ts: how an answer's shape is asked for, from best to least, the words for servers that know no other, and
// how long an answer may be.

import type { ModelRequest } from './provider.ts';

/** The ways, from best to least. */
export const FORMATS = ['json_schema', 'json_object', 'prompt'] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** No answer that is asked for is as long as this: a model that goes on is asked again. */
const MAX_ANSWER_CHARS = 1_000_000;

/** @throws SyntaxError when an answer does not end. */
export function refuseEndless(text: string | number): void {
  if ((typeof text === 'number' ? text : text.length) > MAX_ANSWER_CHARS)
    throw new SyntaxError(`the answer did not end within ${MAX_ANSWER_CHARS} characters`);
}

/** No reply asks for as many tool calls as this. */
export const MAX_CALLS = 128;

/** The schema in words, as messages behind the others, for a server that does not take it as such. */
export const schemaInWords = (
  { format: asked }: ModelRequest,
  format: OutputFormat,
): { role: 'system'; content: string }[] =>
  asked && format !== 'json_schema'
    ? [
        {
          role: 'system',
          content: `Answer with one JSON object that fits this schema and nothing else:\n${JSON.stringify(asked.schema)}`,
        },
      ]
    : [];
