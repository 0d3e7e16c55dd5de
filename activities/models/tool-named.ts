// tool-named.ts: which of the offered tools a model means by what stands where a name should: in pieces, repeated, within
// another dialect's markup. A name that means none, or several, stays as it is.

/**
 * @param said what came as the name, part by part.
 * @param offered the tools' names.
 */
export function toolNamed(said: readonly string[], offered: readonly string[]): string {
  const parts = said.filter((part) => part !== '');
  const joined = parts.join('');
  const isRepeated = parts.every((part) => part === parts[0]);
  const whole = isRepeated ? (parts[0] ?? '') : joined;
  const grown = parts.every((part, at) => part.startsWith(parts[at - 1] ?? '')) ? (parts.at(-1) ?? '') : whole;
  for (const one of [joined, whole, grown]) if (offered.includes(one)) return one;
  for (const one of [whole, grown]) {
    const meant = namedIn(one, offered);
    if (meant !== undefined) return meant;
  }
  return whole.trim();
}

/** The one offered name that stands in the text as a word of its own. */
function namedIn(text: string, offered: readonly string[]): string | undefined {
  const words = new Set(text.split(/[^\w-]+/));
  const exact = offered.filter((name) => words.has(name));
  if (exact.length > 0) return exact.length === 1 ? exact[0] : undefined;
  const lower = new Set([...words].map((word) => word.toLowerCase()));
  const alike = offered.filter((name) => lower.has(name.toLowerCase()) || isRepetition(text, name));
  return alike.length === 1 ? alike[0] : undefined;
}

const isRepetition = (text: string, name: string): boolean =>
  text.length > name.length && text === name.repeat(text.length / name.length);
