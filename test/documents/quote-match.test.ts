import { findQuote, matchText } from '../../documents/search/quote-match.ts';

const SOURCE = [
  'Retries are off by default. “Set maxRetries to 3” – not more – and it’s unsafe to call flush() twice.',
  'The reader is non-blocking and',
  '   waits 1.5 seconds; you can\u2019t change that. Café tables seat four.',
  'Ho\u00adtels and zero\u200bwidth marks. Temperature drops to -40 degrees. ash!enabled means off',
].join('\n');

/** The source's own words, or undefined. */
const quoted = (quote: string, source = SOURCE): string | undefined => {
  const found = findQuote(matchText(source), quote);
  return found && source.slice(found.start, found.end);
};

test('a quote that is word for word is found, in the source’s own words', () => {
  expect(quoted('Retries are off by default.')).toBe('Retries are off by default.');
});

test.each([
  [
    'straight quotes and dashes',
    '"Set maxRetries to 3" - not more - and it\'s',
    '“Set maxRetries to 3” – not more – and it’s',
  ],
  ['line breaks and indents', 'non-blocking and waits 1.5 seconds', 'non-blocking and\n   waits 1.5 seconds'],
  ['white space around it', '  \n Retries  are\toff by default. ', 'Retries are off by default.'],
  ['a soft hyphen', 'Hotels and zerowidth marks.', 'Ho\u00adtels and zero\u200bwidth marks.'],
  ['invisible characters in the quote', 'Retries\u200b are\ufeff off by default', 'Retries are off by default'],
  ['a decomposed accent', 'Cafe\u0301 tables seat four', 'Café tables seat four'],
  ['a no-break space', 'Retries\u00a0are off by default', 'Retries are off by default'],
])('a quote that differs only by %s is found', (_what, quote, own) => {
  expect(quoted(quote)).toBe(own);
});

test('a composed accent finds a decomposed one, and the source’s form comes back', () => {
  expect(quoted('the Café closes at ten', 'So the Cafe\u0301 closes at ten.')).toBe('the Cafe\u0301 closes at ten');
  expect(quoted('the Cafe closes at ten', 'So the Cafe\u0301 closes at ten.')).toBeUndefined();
  const word = '한국어 문장은 여기에 있다';
  expect(quoted(word, `앞 ${word.normalize('NFD')} 뒤`)).toBe(word.normalize('NFD'));
});

test.each([
  ['another word', 'Retries are on by default.'],
  ['a word left out', 'Retries are by default.'],
  ['other case', 'retries are off by default.'],
  ['other punctuation', 'Retries are off by default, Set'],
  ['another number', 'Set maxRetries to 30'],
  ['words in another order', 'Retries by default are off.'],
  ['an ellipsis for words', 'Retries are … default.'],
  ['a space that joins two words', 'non-blockingand waits'],
  ['a missing accent', 'Cafe tables seat four'],
])('a misquote with %s is found nowhere', (_what, quote) => {
  expect(quoted(quote)).toBeUndefined();
});

test.each([
  ['"unsafe" as "safe"', 'safe to call flush()'],
  ['"can’t" as "can"', 'waits 1.5 seconds; you can'],
  ['"non-blocking" as "blocking"', 'blocking and waits 1.5 seconds'],
  ['"non-blocking" as "non"', 'The reader is non'],
  ['"1.5" as "5"', '5 seconds; you can’t change'],
  ['"1.5" as "1"', 'non-blocking and waits 1'],
  ['"-40" as "40"', '40 degrees. ash!'],
  ['"!enabled" as "enabled"', 'enabled means off'],
])('a quote that cuts a word so that it says something else (%s) is found nowhere', (_what, quote) => {
  expect(quoted(quote)).toBeUndefined();
});

test('a quote may begin and end at a dash, a bracket or another script’s signs', () => {
  expect(quoted('not more here at all', 'Three—not more here at all—is enough')).toBe('not more here at all');
  expect(quoted('enough for everybody', '(enough for everybody)')).toBe('enough for everybody');
  expect(quoted('good news for all 🎉', '🎉good news for all 🎉 today')).toBe('good news for all 🎉');
  expect(quoted('窯は週に二回だけ焚かれます', 'この窯は週に二回だけ焚かれますので')).toBe('窯は週に二回だけ焚かれます');
});

test('a later whole-word place counts where an earlier one cuts a word', () => {
  const source = 'It is unsafe to call this. Here it is safe to call this.';
  const found = findQuote(matchText(source), 'safe to call this.');
  expect(found?.start).toBe(source.lastIndexOf('safe to'));
});

test('quotes that are too short, too long or no words at all stand nowhere', () => {
  const long = `${'many words '.repeat(120)}end`;
  expect(quoted('off by defa', 'off by defa ult')).toBeUndefined();
  expect(quoted('off by defau', 'off by defau lt')).toBe('off by defau');
  expect(quoted(long, long)).toBeUndefined();
  const most = 'many words '.repeat(109).trim();
  expect(quoted(most, long)).toBe(most);
  expect(quoted('-'.repeat(40), `${'-'.repeat(60)}\ntext`)).toBeUndefined();
});

test.each([
  ['Chinese', '每周两次', '窑炉每周两次点火', '每周两', '每周两次点火'],
  ['Japanese', '週に二回です', '窯は週に二回です', '回です', '週に二回です'],
  ['Korean', '일주일에 두 번', '가마는 일주일에 두 번', '두 번', '일주일에 두 번'],
])(
  'a quote in %s is long enough by what its characters say, not by their number',
  (_script, quote, text, short, all) => {
    expect(quoted(quote, text)).toBe(quote);
    expect(quoted(all, text)).toBe(all);
    expect(quoted(short, text)).toBeUndefined();
  },
);

test('every word-aligned stretch of a mixed text is found again as itself', () => {
  const words = SOURCE.split(/(?<=\s)(?=\S)/);
  for (let from = 0; from < words.length - 6; from += 1) {
    const stretch = words
      .slice(from, from + 6)
      .join('')
      .trim();
    expect(quoted(stretch)).toBe(stretch);
  }
});
