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

/** JSON as it is, in a code fence, among words, or repaired. */
function parseJson(text: string): { value: unknown } | { problem: string } {
  const whole = text.trim();
  if (whole === '') return { problem: 'the answer is empty; a JSON object was asked for' };
  const fenced = /```(?:json)?[ \t]*\n([\s\S]*?)\n?[ \t]*```/.exec(whole)?.[1]?.trim();
  const candidates = [whole, ...(fenced ? [fenced] : []), ...amongWords(whole)];
  for (const candidate of candidates) {
    const value = parsed(candidate);
    if (value !== undefined) return { value };
  }
  for (const candidate of candidates) {
    // Repair closes what is open: of an answer that broke off it would make a whole one that says less or something else.
    if (!candidate.startsWith('{') || !candidate.endsWith('}')) continue;
    const value = repaired(candidate);
    if (value !== undefined) return { value };
  }
  if (whole.startsWith('{'))
    return { problem: 'the answer is no complete JSON object; give all of it, and nothing else' };
  return { problem: 'the answer is not JSON; one JSON object was asked for and nothing else' };
}

/** Objects that words stand around: from a brace at the beginning of a line to the last brace. */
function amongWords(text: string): string[] {
  const end = text.lastIndexOf('}');
  return [...text.matchAll(/^[ \t]*\{/gm)]
    .slice(0, MAX_BEGINNINGS)
    .map(({ index }) => text.slice(index, end + 1).trim())
    .filter((one) => one !== '' && one !== text);
}

const MAX_BEGINNINGS = 3;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function repaired(text: string): unknown {
  try {
    return parsed(jsonrepair(text));
  } catch {
    return undefined;
  }
}
