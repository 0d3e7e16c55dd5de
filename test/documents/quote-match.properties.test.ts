// The guard against false citations, on texts and quotes that nobody thought of.

import fc from 'fast-check';
import { findQuote, matchText, MIN_QUOTE } from '../../documents/search/quote-match.ts';

const word = fc.stringMatching(/^[a-zäöüß0-9]{1,9}$/);
const gap = fc.constantFrom(' ', '\n', '  ', '\u00a0', '\t', ', ', '. ', ' – ', '\u200b ');
const text = fc
  .array(fc.tuple(word, gap), { minLength: 12, maxLength: 60 })
  .map((parts) => parts.map(([one, between]) => one + between));

/** How copying may change a text without changing its words. */
const copied = (quote: string, how: number): string =>
  [
    quote,
    quote.replace(/\s+/g, ' '),
    quote.replace(/ /g, '\n   '),
    quote.replace(/–/g, '-'),
    quote.normalize('NFD'),
    quote.replace(/([a-z])( )/g, '$1\u200b$2'),
    `  ${quote}\n`,
  ][how % 7] ?? quote;

test('words that stand in a text are found there however they were copied, and the text’s own words come back', () => {
  fc.assert(
    fc.property(text, fc.nat(50), fc.integer({ min: 6, max: 12 }), fc.nat(6), (parts, from, many, how) => {
      const source = parts.join('');
      const start = from % (parts.length - 6);
      const quote = parts
        .slice(start, start + many)
        .join('')
        .trim()
        .replace(/[,.–\s\u200b]+$/u, '');
      fc.pre(matchText(quote).plain.trim().length >= MIN_QUOTE);
      const found = findQuote(matchText(source), copied(quote, how));
      expect(found).toBeDefined();
      const own = source.slice(found?.start, found?.end);
      // The same, but for white space and signs that nobody sees.
      expect(matchText(own).plain.trim()).toBe(matchText(quote).plain.trim());
    }),
    { numRuns: 1_000, seed: 1 },
  );
});

test('a quote with one letter, digit or word changed is found only where the text has exactly that', () => {
  fc.assert(
    fc.property(text, fc.nat(50), fc.nat(200), fc.constantFrom('x', 'Q', '7', 'not '), (parts, from, at, change) => {
      const source = parts.join('');
      const start = from % (parts.length - 6);
      const quote = parts
        .slice(start, start + 8)
        .join('')
        .trim();
      const place = at % quote.length;
      const bent = quote.slice(0, place) + change + quote.slice(place + 1);
      const found = findQuote(matchText(source), bent);
      if (!found) return;
      const own = source.slice(found.start, found.end);
      expect(matchText(own).plain.trim()).toBe(matchText(bent).plain.trim());
    }),
    { numRuns: 1_000, seed: 1 },
  );
});
