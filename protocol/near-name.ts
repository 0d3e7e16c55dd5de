// near-name.ts: which of some names a mistyped one was meant to be. Pure.

/** The nearest of the known names; undefined when none is so near that it was probably meant. */
export function nearName(typed: string, known: readonly string[]): string | undefined {
  const most = Math.min(3, Math.floor(typed.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editsBetween(bare(typed), bare(name), most);
    if (distance <= most && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? known.find((name) => isPart(bare(name), bare(typed))) ?? theOneWithWord(typed, known);
}

/** ` (did you mean "models"?)`, to go behind what names the typed one; empty where nothing is near. */
export function meant(typed: string, known: readonly string[]): string {
  const near = nearName(typed, known);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}

/** `usd` for `costUsd`, where no other name has that word. */
function theOneWithWord(typed: string, known: readonly string[]): string | undefined {
  const having = known.filter((name) => wordsOf(name).includes(bare(typed)));
  return having.length === 1 ? having[0] : undefined;
}

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** `deadline` for `deadlineSeconds`, `mcpServers` for `mcp`. */
const isPart = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a));

/** `base_url` and `baseURL` are the same to who types them. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Letters to put in, take out, change or swap with their neighbour; `most + 1` when more. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const [above = [], before] = [rows[i - 1], rows[i - 2]];
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before?.[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? most + 1;
}
