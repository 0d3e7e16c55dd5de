// attributes.ts: one search attribute of a Workflow, as Temporal's client gives them.

/** Its first value; undefined where there is none, or none that is text. */
export function attributeOf(attributes: unknown, name: string): string | undefined {
  const value = (attributes as Record<string, unknown[] | undefined>)[name]?.[0];
  return typeof value === 'string' ? value : undefined;
}
