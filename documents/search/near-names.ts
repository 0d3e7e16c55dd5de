// near-names.ts: what somebody may have meant who named a document that is not there.

/** Names that end like the wanted one, share its file name, or are spelt much like it; best first, a few. */
export function nearNames(wanted: string, names: readonly string[], few = 3): string[] {
  const want = wanted.toLowerCase().replace(/^(?:\.?\/)+/, '');
  const file = fileOf(want);
  return names
    .map((name) => ({ name, score: likeness(want, file, name.toLowerCase()) }))
    .filter(({ score }) => score > 0.5)
    .sort((a, b) => b.score - a.score || a.name.length - b.name.length)
    .slice(0, few)
    .map(({ name }) => name);
}

function likeness(want: string, file: string, name: string): number {
  if (name === want) return 3;
  if (name.endsWith(`/${want}`) || want.endsWith(`/${name}`)) return 2;
  return Math.max(pairsShared(want, name), fileOf(name) === file ? 0.6 + pairsShared(want, name) / 3 : 0);
}

const fileOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Share of letter pairs that two names have in common (Dice). */
function pairsShared(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > Math.max(a.length, b.length) / 2) return 0;
  const left = new Set(pairs(a));
  const right = new Set(pairs(b));
  let shared = 0;
  for (const pair of left) if (right.has(pair)) shared += 1;
  return (2 * shared) / Math.max(1, left.size + right.size);
}

const pairs = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
