// quotes.ts: does a quote stand in a text? The product's guard against false citations: white space and typography are
// forgiven, nothing else. Case, punctuation and every word must be the source's.

const SHORTEST = 12;
const LONGEST = 1_200;

/** The quote in the text's own words, and the line it begins on; undefined when it does not stand there. */
export function findQuote(text: string, quote: string): { quote: string; line: number } | undefined {
  const wanted = normalise(quote.trim()).text.trim();
  if (wanted.length < SHORTEST || wanted.length > LONGEST) return undefined;
  const source = normalise(text);
  const at = source.text.indexOf(wanted);
  if (at === -1) return undefined;
  const from = source.positions[at] ?? 0;
  const last = source.positions[at + wanted.length - 1] ?? from;
  const to = last + (text.codePointAt(last)! > 0xffff ? 2 : 1);
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < from; i = text.indexOf('\n', i + 1)) line += 1;
  return { quote: text.slice(from, to), line };
}

const SAME: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u00ab': '"',
  '\u00bb': '"',
};

/** Invisible: soft hyphen, zero-width space and joiners, byte order mark. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/;

/** The text with runs of white space as one space and typographic quotes straight; `positions[i]` is where character i came from. */
function normalise(text: string): { text: string; positions: number[] } {
  const out: string[] = [];
  const positions: number[] = [];
  let space = false;
  for (let i = 0; i < text.length;) {
    const char = String.fromCodePoint(text.codePointAt(i)!);
    const at = i;
    i += char.length;
    if (INVISIBLE.test(char)) continue;
    if (/\s/.test(char)) {
      if (!space) {
        out.push(' ');
        positions.push(at);
      }
      space = true;
      continue;
    }
    space = false;
    // A combining mark joins the letter before it, so that both ways to write é are one.
    if (/\p{M}/u.test(char) && out.length > 0) {
      const joined = (out.at(-1)! + char).normalize('NFC');
      if (joined.length === 1) {
        out[out.length - 1] = joined;
        continue;
      }
    }
    const plain = SAME[char] ?? char;
    for (const unit of plain) {
      for (let k = 0; k < unit.length; k += 1) {
        out.push(unit[k]!);
        positions.push(at);
      }
    }
  }
  return { text: out.join(''), positions };
}
