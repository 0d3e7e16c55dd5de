// stem.ts: light stemming, so that "caching", "caches" and "cached" meet. Endings only; it never makes a word longer,
// and it leaves alone what is short, has digits, or is not English.

const VOWEL = /[aeiouy]/;

export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  return dropFinalE(dropSuffix(dropInflection(dropPlural(word))));
}

function dropPlural(word: string): string {
  if (!word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word;
  if (/(?:x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function dropInflection(word: string): string {
  const ending = /(?:ing|ed|ly)$/.exec(word)?.[0];
  if (!ending) return word;
  const rest = word.slice(0, -ending.length);
  if (rest.length < 3 || !VOWEL.test(rest)) return word;
  // "running", "stopped"; but "calling", "passing".
  return /([^aeioulsz])\1$/.test(rest) ? rest.slice(0, -1) : rest;
}

function dropSuffix(word: string): string {
  for (const [ending, least] of [
    ['ation', 4],
    ['ator', 4],
    ['ate', 4],
    ['at', 5],
    ['ment', 4],
    ['ness', 4],
    ['able', 4],
    ['ion', 4],
    ['ive', 5],
  ] as const) {
    if (word.endsWith(ending) && word.length - ending.length >= least) return word.slice(0, -ending.length);
  }
  return word;
}

function dropFinalE(word: string): string {
  const bare = word.length > 4 && word.endsWith('e') ? word.slice(0, -1) : word;
  return bare.length > 3 && bare.endsWith('y') ? `${bare.slice(0, -1)}i` : bare;
}
