// An address that nobody was shown goes no further, wherever it stands in a text; one that was shown, and every text without
// one, stays as it is.

import fc from 'fast-check';
import { withoutForeignAddresses } from '../../activities/text/foreign-addresses.ts';

const label = fc.stringMatching(/^[a-z]{3,10}$/);
const host = fc
  .tuple(label, label, fc.constantFrom('com', 'org', 'io', 'example', 'рф', 'xn--p1ai'))
  .map((parts) => parts.join('.'));
const path = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9_=-]{1,12}$/), { maxLength: 3 })
  .map((parts) => parts.map((one) => `/${one}`).join(''));
const address = fc.oneof(
  fc
    .tuple(fc.constantFrom('https://', 'http://', 'ftp://', '//', 'HTTPS://'), host, path)
    .map((parts) => parts.join('')),
  fc.tuple(host, path).map(([one, rest]) => `www.${one}${rest}`),
  fc.tuple(label, host).map(([name, one]) => `${name}@${one}`),
  fc.tuple(host, path).map(([one, rest]) => `${one}${rest === '' ? '/x' : rest}`),
  host.map((one) => `mailto:someone@${one}`),
);
const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { maxLength: 8 }).map((all) => all.join(' '));
const around = fc.constantFrom(
  ['', ''],
  ['(', ')'],
  ['<', '>'],
  ['"', '"'],
  ['**', '**'],
  ['see ', '.'],
  ['[a](', ')'],
);

test('a foreign address is left out of any text, and what is left out of it once has nothing left to leave out', () => {
  fc.assert(
    fc.property(words, address, words, around, (before, foreign, after, [open, close]) => {
      const text = `${before} ${open}${foreign}${close} ${after}`;
      const told: string[] = [];
      const cleaned = withoutForeignAddresses(text, ['nothing of the kind'], (one) => told.push(one));
      expect(cleaned).not.toContain(foreign);
      expect(told.length).toBeGreaterThan(0);
      expect(withoutForeignAddresses(cleaned, ['nothing of the kind'])).toBe(cleaned);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test('an address that was shown stays, with or without its scheme', () => {
  fc.assert(
    fc.property(words, host, path, words, (before, one, rest, after) => {
      const shown = `https://${one}${rest}`;
      for (const written of [shown, `http://${one}${rest}`, `see https://${one}${rest}.`]) {
        const text = `${before} ${written} ${after}`;
        expect(withoutForeignAddresses(text, [`a page at ${shown} says so`])).toBe(text);
      }
    }),
    { numRuns: 1_000, seed: 1 },
  );
});

test('a text of words alone is the same text', () => {
  fc.assert(fc.property(words, (text) => expect(withoutForeignAddresses(text, [])).toBe(text)));
});
