// repeats.ts: when a text that is being written says the same again and again, as small models do that find no end. Pure.

/** Looked at after so many more characters; a look costs about LONGEST steps. */
const EVERY = 1_000;
/** So much of a text's end is looked at. */
const LONGEST = 20_000;
/** Less than this is said twice on purpose: a table, a list of equal entries. */
const LEAST = 1_500;
const LEAST_TIMES = 50;
/** Nobody writes so many blanks in a row. */
const BLANKS = /\s{600}$/;

/** One text, or one call's arguments, that grows. */
export class Repetition {
  readonly #asked: () => string;
  #next = 600;

  /** @param asked gives what the model was sent, as JSON: saying that again is no fault of its own. */
  constructor(asked: () => string) {
    this.#asked = asked;
  }

  /** Whether the end of the text is the same again and again. **Contract:** `text` only grows. */
  isIn(text: string): boolean {
    if (text.length < this.#next) return false;
    this.#next = text.length + EVERY;
    if (BLANKS.test(text)) return true;
    const period = periodOfEnd(text.slice(-LONGEST));
    return period !== undefined && !this.#asked().includes(repeatedEnd(text, period));
  }
}

/** The text from where it began to repeat itself, so that one who was sent so much and says more is found. */
function repeatedEnd(text: string, period: number): string {
  let from = text.length - period;
  while (from > 0 && text[from - 1] === text[from - 1 + period]) from -= 1;
  return text.slice(from);
}

/** By the borders of the reversed text: one of length n with a border of length b has the period n − b. */
function periodOfEnd(text: string): number | undefined {
  const n = text.length;
  const borders = new Uint32Array(n);
  const at = (i: number): number => text.charCodeAt(n - 1 - i);
  for (let i = 1, border = 0; i < n; i += 1) {
    while (border > 0 && at(i) !== at(border)) border = borders[border - 1] ?? 0;
    if (at(i) === at(border)) border += 1;
    borders[i] = border;
    const period = i + 1 - border;
    if (i + 1 >= Math.max(LEAST, period * LEAST_TIMES)) return period;
  }
  return undefined;
}
