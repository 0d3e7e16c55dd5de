// named-values.test.ts: what a document's own names stand for is put in, and no document grows by them without bound.

import { extractText } from '../../documents/extract/files/extract-text.ts';

const textOf = async (name: string, lines: readonly string[]): Promise<string> => {
  const extracted = await extractText(name, Buffer.from(lines.join('\n')));
  return 'problem' in extracted ? extracted.problem : extracted.text;
};

test.each([
  ['AsciiDoc', 'bomb.adoc', (n: number) => `:a${n}: ${`{a${n - 1}}`.repeat(10)}`, ':a0: boom', '{a9}'],
  [
    'Org',
    'bomb.org',
    (n: number) => `#+macro: a${n} ${'$1'.repeat(150)}`,
    '#+macro: a0 boom',
    `{{{a9(${'x'.repeat(290)})}}}`,
  ],
])(
  'names of %s that stand for each other make no document many times as long',
  async (_what, file, define, first, use) => {
    const names = Array.from({ length: 9 }, (_, n) => define(n + 1));
    const document = [first, ...names, '', ...Array<string>(2_000).fill(use)];
    const { length } = document.join('\n');
    expect((await textOf(file, document)).length).toBeLessThan(3 * length + 20_000);
  },
);

test('a name is put in as often as a document of its length may hold it', async () => {
  const text = await textOf('bell.adoc', [':rope: 3 m of rope', '', ...Array<string>(200).fill('You need {rope}.')]);
  expect(text.match(/You need 3 m of rope\./g)).toHaveLength(200);
});
