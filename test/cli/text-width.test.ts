// text-width.test.ts: how wide a text is on a terminal, and how it is cut and wrapped, in any script.

import { columnsOf, cut, pad, wrap } from '../../client/cli/terminal/text.ts';

const FAMILY = '👩‍👩‍👧';

test.each([
  ['ascii', 5],
  ['漢字', 4],
  ['e\u0301', 1],
  ['\u1112\u1161\u11ab', 2],
  ['ｶﾞ', 2],
  [FAMILY, 2],
  ['🇫🇷', 2],
  ['1️⃣', 2],
  ['\u200b\u00ad', 0],
])('%s takes %d columns', (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
  expect(columnsOf(pad(text, 8))).toBe(8);
});

test('a text that is cut keeps whole what is drawn as one sign, and fits', () => {
  const text = `ab${FAMILY}cd${FAMILY}`;
  expect(cut(text, 8)).toBe(text);
  expect(cut(text, 5)).toBe(`ab${FAMILY}…`);
  expect(cut(text, 4)).toBe('ab…');
  expect(cut(text, 1)).toBe('…');
  expect(cut(text, 0)).toBe('');
});

test('wrapped lines fit, lose no word and break only words that are longer than a line', () => {
  const text = `one two ${'漢'.repeat(9)} ${FAMILY.repeat(4)} three\nfour`;
  const lines = wrap(text, 7);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(7);
  expect(lines.slice(0, 1)).toEqual(['one two']);
  expect(lines.at(-1)).toBe('four');
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(/\s/g, ''));
});
