// output-schema.ts: the JSON Schema that a request may have for its answer: whether it can be asked for, and as a zod type
// that judges what comes back.

import { z } from 'zod';

const MAX_BYTES = 32 * 1024;

/** Why this schema can't be asked for, in words for the person who wrote it; undefined when it can. */
export function outputSchemaProblem(schema: unknown): string | undefined {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    return 'outputSchema must be a JSON Schema, an object';
  if ((schema as { type?: unknown }).type !== 'object')
    return 'outputSchema must describe an object ("type": "object")';
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length;
  if (bytes > MAX_BYTES) return `outputSchema has ${bytes} bytes, at most ${MAX_BYTES} are allowed`;
  try {
    outputSchemaType(schema as Record<string, unknown>);
    return undefined;
  } catch (error) {
    return `outputSchema can't be checked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @throws Error when something in the schema can't be checked. */
export function outputSchemaType(schema: Record<string, unknown>): z.ZodType {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}
