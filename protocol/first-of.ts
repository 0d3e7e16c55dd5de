// first-of.ts: a list for people that may be longer than they read: its first items, and how many more there are.

/** The first `most` of them in one line, with `and N more` where there are any. */
export function firstOf(items: readonly string[], most: number, separator = '; '): string {
  const more = items.length - most;
  return items.slice(0, most).join(separator) + (more > 0 ? ` and ${more} more` : '');
}
