// parse-output.ts: what a model returned, as a value of the shape it was asked for, or the exact reasons why not.

import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';

/** What a step asks for: the name and JSON Schema that the model sees, and the zod schema that judges. */
export interface OutputShape<T> {
  name: string;
  zod: z.ZodType<T>;
  schema: Record<string, unknown>;
}

export function outputShape<T>(name: string, zod: z.ZodType<T>): OutputShape<T> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(zod) as Record<string, unknown>;
  return { name, zod, schema };
}

export function parseOutput<T>(text: string, shape: OutputShape<T>): { value: T } | { problems: string[] } {
  const json = parseJson(text);
  if ('problem' in json) return { problems: [json.problem] };
  const judged = shape.zod.safeParse(json.value);
  if (judged.success) return { value: judged.data };
  return { problems: judged.error.issues.map((issue) => `${issue.path.join('.') || 'the answer'}: ${issue.message}`) };
}

/** JSON as it is, in a code fence, or repaired. */
function parseJson(text: string): { value: unknown } | { problem: string } {
  const bare = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text.trim();
  if (bare === '') return { problem: 'the answer is empty; a JSON object was asked for' };
  try {
    return { value: JSON.parse(bare) };
  } catch {
    try {
      const value: unknown = JSON.parse(jsonrepair(bare));
      if (value !== null && typeof value === 'object') return { value };
    } catch {
      // Beyond repair: said below.
    }
    return { problem: 'the answer is not JSON; one JSON object was asked for and nothing else' };
  }
}
