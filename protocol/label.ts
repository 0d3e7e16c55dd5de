// label.ts: names that tasks are filtered by: tenant, class, session, deployment. They stand in queries of Temporal's
// visibility, whose language has quotes, escapes and comments: only letters that mean nothing there are taken.

const LABEL = /^[A-Za-z0-9._-]{1,64}$/;

/** Why `value` can't be a name to filter by, in words for the person who typed it; undefined when it can. */
export function labelProblem(what: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `the ${what} is no text`;
  if (LABEL.test(value)) return undefined;
  return `the ${what} is ${JSON.stringify(value.slice(0, 80))}; it may have 1 to 64 letters, digits, dots, underscores and dashes`;
}
