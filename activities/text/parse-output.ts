// parse-output.ts: what a model returned, as a value of the shape it was asked for, or the exact reasons why not. Of several
// values that fit the last counts: what stands before is a draft.

import { z } from 'zod';
import { aName, checkDefinition, objectSchema } from '../../protocol/schemas/definition.ts';
import { finalText } from './final-text.ts';
import { isObject, jsonSlices, parsed, repaired } from './json-values.ts';

/** What a step asks for: the name and JSON Schema that the model sees, and the zod schema that judges. */
export interface OutputShape<T> {
  name: string;
  zod: z.ZodType<T>;
  schema: Record<string, unknown>;
}

/** How a model may be told what an output is called. */
export const anOutputName = aName(/^[a-zA-Z0-9_-]{1,64}$/, 'an output: letters, digits, _ and - only, at most 64');

const givenShape = z.object({ name: anOutputName, zod: objectSchema('output') });

/**
 * The shape of an output, for a kind of sub-agent.
 *
 * @param name what the model is told that the output is called.
 * @param zod an object of what JSON has.
 * @throws DefinitionError with all that is wrong, naming the fields.
 */
export function outputShape<T>(name: string, zod: z.ZodType<T>): OutputShape<T> {
  checkDefinition('an output shape', { name, zod }, givenShape);
  const { $schema: _dialect, ...schema } = z.toJSONSchema(zod) as Record<string, unknown>;
  return { name, zod, schema };
}

/**
 * The output in a reply: JSON as it is, in a fence, among words, quoted, wrapped, repaired.
 *
 * @param reasoning what the server gave as reasoning where it gave no text: the output when it ends with it.
 */
export function parseOutput<T>(
  text: string,
  shape: OutputShape<T>,
  reasoning?: string,
): { value: T } | { problems: string[] } {
  const whole = finalText(text);
  if (whole !== '') return judged(whole, shape);
  if (text.trim() !== '')
    return {
      problems: ['behind its thinking the output is empty; a JSON object was asked for, outside of any thinking'],
    };
  const last = reasoning === undefined ? undefined : endOfReasoning(reasoning);
  const inReasoning = last === undefined ? undefined : judged(last, shape);
  if (inReasoning && 'value' in inReasoning) return inReasoning;
  return reasoning === undefined
    ? { problems: ['the output is empty; a JSON object was asked for'] }
    : { problems: ['only reasoning came and the output itself is empty; give the JSON object as the output'] };
}

/** Whether an output is an object with the fields that a schema demands: what it has of the form that was asked for. */
export function hasFormOf({ required }: Record<string, unknown>, text: string): boolean {
  const names: unknown[] = Array.isArray(required) ? required : [];
  return jsonSlices(finalText(text)).slices.some((slice) => {
    const value = parsed(slice) ?? repaired(slice);
    return isObject(value) && names.every((name) => typeof name === 'string' && name in value);
  });
}

/** The object that a reasoning ends with: servers that take an output for reasoning have it there. */
function endOfReasoning(reasoning: string): string | undefined {
  const last = jsonSlices(reasoning).slices.at(-1);
  if (last === undefined) return undefined;
  const rest = reasoning.slice(reasoning.lastIndexOf(last) + last.length);
  return /^(\s|`|<[^>]{1,40}>)*$/.test(rest) ? last : undefined;
}

function judged<T>(whole: string, shape: OutputShape<T>): { value: T } | { problems: string[] } {
  const { slices, isOpen } = jsonSlices(whole);
  let first: z.core.$ZodIssue[] | undefined;
  const tries = [
    () => parsed(whole),
    // Behind an object without an end stands no output, and what stands before it is a draft.
    ...(isOpen ? [] : slices.reverse().map((slice) => () => parsed(slice) ?? repaired(slice))),
    () => repaired(whole),
  ];
  for (const attempt of tries) {
    const value = attempt();
    if (value === undefined || typeof value === 'string') continue;
    for (const one of unwrapped(value)) {
      const result = shape.zod.safeParse(one);
      if (result.success) return { value: result.data };
      first ??= result.error.issues;
    }
  }
  if (first) return { problems: first.map(({ path, message }) => `${path.join('.') || 'the output'}: ${message}`) };
  if (whole.startsWith('{') || isOpen)
    return { problems: ['the output is no complete JSON object; give all of it, and nothing else'] };
  return { problems: ['the output is not JSON; one JSON object was asked for and nothing else'] };
}

/** The value itself, then what it may be a wrapping of: a list of one, or an object with it as one of its properties. */
function unwrapped(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.length === 1 ? [value, ...unwrapped(value[0])] : [value];
  if (!isObject(value)) return [value];
  const inner = Object.values(value).flatMap((one) => {
    const inside = typeof one === 'string' ? parsed(one) : one;
    return isObject(inside) ? [inside] : [];
  });
  return inner.length === 1 ? [value, ...inner] : [value];
}
