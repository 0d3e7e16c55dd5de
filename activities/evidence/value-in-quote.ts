// value-in-quote.ts: whether a value stands in a quote: words as they follow each other there, numbers, dates, and yes or no
// as values. Pure. Nothing is concluded: a sum, a conversion or a paraphrase stands in no quote.

/** Words and numbers of a text, in their order, without case and marks. */
export const tokensOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’][\p{L}]+)*/gu) ?? [];

/** Scripts that put no blank between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** The words of `text` follow each other in `quote`. */
export function wordsStandIn(text: string, quote: string): boolean {
  const wanted = tokensOf(text);
  if (wanted.length === 0) return false;
  if (UNSPACED.test(text)) return tokensOf(quote).join('').includes(wanted.join(''));
  return ` ${tokensOf(quote).join(' ')} `.includes(` ${wanted.join(' ')} `);
}

const SMALL = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen',
  'eighteen nineteen',
]
  .join(' ')
  .split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  billion: 1e9,
};

/** All values that the numbers of a text may be meant as: `1,500`, `1.5 million`, `30 %` (also 0.3), `twenty-five`. */
export function numbersIn(text: string): Set<number> {
  const found = new Set<number>();
  for (const [, sign = '', digits = '', unit = ''] of text.matchAll(
    /([-−]?)(\d(?:[\d.,'’\u00a0\u202f ]*\d)?)\s*(%|percent\b|thousand\b|million\b|billion\b|[km]\b)?/giu,
  )) {
    const factor = FACTORS[unit.toLowerCase()];
    for (const value of readings(digits).flatMap((one) => (sign === '' ? [one] : [one, -one]))) {
      found.add(value);
      if (factor !== undefined) found.add(value * factor);
      if (unit === '%' || /^percent$/i.test(unit)) found.add(value / 100);
    }
  }
  const words = tokensOf(text);
  words.forEach((word, i) => {
    const small = SMALL.indexOf(word);
    const tens = TENS.indexOf(word);
    if (small >= 0) found.add(small);
    if (tens < 0) return;
    const ones = SMALL.indexOf(words[i + 1] ?? '');
    found.add((tens + 2) * 10 + (ones > 0 && ones < 10 ? ones : 0));
  });
  return found;
}

/** `1.500` is 1.5 or 1500; digits apart by blanks are one number, or several. */
function readings(digits: string): number[] {
  const plain = digits.replace(/['’\u00a0\u202f]/g, '');
  const parts = plain.split(' ');
  const joined = parts.slice(1).every((part) => /^\d{3}\b/.test(part)) ? [parts.join('')] : [];
  return [...parts, ...joined].flatMap((one) =>
    [one.replaceAll(',', ''), one.replaceAll('.', '').replace(',', '.'), one.replace(/[.,](?=\d{3}(?:\D|$))/g, '')]
      .map(Number)
      .filter(Number.isFinite),
  );
}

export const numberStandsIn = (value: number, quote: string): boolean =>
  [...numbersIn(quote)].some((one) => Math.abs(one - value) <= Math.abs(value) * 1e-9);

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH = `(${MONTHS.join('|')})[a-z]*\\.?`;
const ORDINALS = [
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth',
  'sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth',
  'twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first',
]
  .join(' ')
  .split(' ');
const DAY = `(\\d{1,2}(?:st|nd|rd|th)?|${ORDINALS.join('|')})`;
const two = (value: string | number): string => String(value).padStart(2, '0');

/** The days that a text names, as `2026-11-24`; one that can be read in two ways in both. */
export function datesIn(text: string): Set<string> {
  const found = new Set<string>();
  const add = (year: string, month: string | number, day: string | number): void => {
    if (Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31)
      found.add(`${year}-${two(month)}-${two(day)}`);
  };
  const month = (name: string): number => MONTHS.indexOf(name.toLowerCase().slice(0, 3)) + 1;
  const day = (said: string): number => ORDINALS.indexOf(said.toLowerCase()) + 1 || Number.parseInt(said, 10);
  const all = (pattern: string): RegExpMatchArray[] => [...text.matchAll(new RegExp(pattern, 'gi'))];
  for (const [, y = '', m = '', d = ''] of all(String.raw`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)`)) add(y, m, d);
  for (const [, d = '', m = '', y = ''] of all(String.raw`\b${DAY}\.?[\s-]+(?:of\s+)?${MONTH},?[\s-]+(\d{4})\b`))
    add(y, month(m), day(d));
  for (const [, y = '', m = '', d = ''] of all(String.raw`\b(\d{4})-${MONTH}-(\d{1,2})(?!\d)`)) add(y, month(m), d);
  for (const [, m = '', d = '', y = ''] of all(String.raw`\b${MONTH}\s+(?:the\s+)?${DAY},?\s+(\d{4})\b`))
    add(y, month(m), day(d));
  for (const [, a = '', b = '', y = ''] of all(String.raw`\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b`)) {
    add(y, a, b);
    add(y, b, a);
  }
  return found;
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Undefined for what is no date. A time of day must stand there, too, unless it is midnight. */
export function dateStandsIn(value: string, quote: string): boolean | undefined {
  const [, day, time] = ISO.exec(value) ?? [];
  if (day === undefined) return undefined;
  return datesIn(quote).has(day) && (time === undefined || time === '00:00' || quote.includes(time));
}

const NO = new Set(
  'no not never none false off disabled without cannot neither nor nothing unsupported unavailable denied refused n'.split(
    ' ',
  ),
);

/** True or false where a quote speaks of what is asked for, by one of its words; undefined where it does not. */
export function truthIn(quote: string, about: readonly string[]): boolean | undefined {
  const words = tokensOf(quote);
  if (!about.some((one) => words.some((word) => isFormOf(word, one)))) return undefined;
  return !words.some((word) => NO.has(word) || /n['’]t$/.test(word));
}

/** Yes or no as a cell of a quoted row, which a claim about the row gives a head that says all that is asked for: "Free: Yes". */
export function cellTruthIn(quote: string, claims: readonly string[], about: readonly string[]): boolean | undefined {
  if (about.length === 0 || !/^\s*\|/.test(quote)) return undefined;
  const cells = new Set(
    quote
      .toLowerCase()
      .split('|')
      .map((cell) => cell.trim()),
  );
  for (const piece of claims.flatMap((claim) => claim.split('; '))) {
    const [cell = '', ...heads] = piece.split(': ').reverse();
    const said = cell.trim().toLowerCase();
    const head = tokensOf(heads[0] ?? '');
    const isHead = about.every((one) => head.some((word) => isFormOf(word, one)));
    if (/^(?:yes|no|true|false)$/.test(said) && cells.has(said) && isHead) return /^[yt]/.test(said);
  }
  return undefined;
}

/** The same word, or forms of it that begin alike. */
export function isFormOf(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || (short.length >= 4 && long.startsWith(short.slice(0, Math.max(4, short.length - 2))));
}
