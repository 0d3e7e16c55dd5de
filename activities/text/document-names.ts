// document-names.ts: which documents a prompt lists when there are more than fit: those that the goal names come first.

/** Names that a prompt lists. */
const MAX_NAMED = 200;
/** Of all names that are listed: a folder of long names must not fill the prompt. */
const MAX_CHARS = 20_000;

/** At most 200 names of 20,000 characters together: first those with a folder or file that is a word of the goal, then the others in their order. */
export function documentNames(documents: readonly { name: string }[], goal: string): string[] {
  const words = new Set(goal.toLowerCase().match(/[\p{L}\p{N}@][\p{L}\p{N}._@-]*[\p{L}\p{N}]/gu) ?? []);
  const isNamed = (name: string): boolean =>
    name
      .toLowerCase()
      .split('/')
      .some((part) => words.has(part) || words.has(part.replace(/\.[^.]+$/, '')));
  const named = documents.filter(({ name }) => isNamed(name));
  const others = documents.filter(({ name }) => !isNamed(name));
  let room = MAX_CHARS;
  return [...named, ...others]
    .slice(0, MAX_NAMED)
    .map(({ name }) => name)
    .filter((name) => (room -= name.length) >= 0);
}
