// near-terms.ts: what may be meant by a term that no passage has: terms that begin with it, or are spelt nearly so.

const LEAST = 5;
const MOST = 8;

/** @param all the terms that there are, some more than once; each is looked at */
export function nearTerms(term: string, all: Iterable<string>): string[] {
  if (term.length < LEAST || /\d/.test(term)) return [];
  const wrong = term.length < 8 ? 1 : 2;
  const near = new Map<string, number>();
  for (const other of all) {
    if (other.startsWith(term)) near.set(other, 0);
    else if (Math.abs(other.length - term.length) <= wrong) {
      const far = distance(term, other, wrong);
      if (far <= wrong) near.set(other, far);
    }
  }
  return [...near]
    .sort(([a, farA], [b, farB]) => farA - farB || a.length - b.length)
    .slice(0, MOST)
    .map(([one]) => one);
}

/** Letters to change, add or drop; more than `most` is `most + 1`. */
function distance(a: string, b: string, most: number): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + same));
    }
    if (Math.min(...row) > most) return most + 1;
    before = row;
  }
  return before[b.length] ?? 0;
}
