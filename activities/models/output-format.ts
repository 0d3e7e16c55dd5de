// output-format.ts: how an answer's shape is asked for, from best to least, and the words for servers that know no other.

/** The ways, from best to least. */
export const FORMATS = ['json_schema', 'json_object', 'prompt'] as const;
export type OutputFormat = (typeof FORMATS)[number];

/** The schema in words, for a server that does not take it as such. */
export const schemaInWords = (schema: Record<string, unknown>): string =>
  `Answer with one JSON object that fits this schema and nothing else:\n${JSON.stringify(schema)}`;
