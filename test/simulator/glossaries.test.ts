// glossaries.test.ts: what a thing is where a glossary says it: a term and below it what it means, in each of the ways it is written.

import { cleanMarkdown } from '../../simulator/brain/text/clean.ts';
import { stem } from '../../simulator/brain/words/words.ts';
import { only, research } from './support.ts';

const OTHER = only(
  'a.md',
  'Your hooch is a sign that the dough of the boat is old, and a hooch is a bad sign.\n',
  'Signs',
);
const MEANS = 'A liquid layer on top of it.';

test.each([
  [
    'as Pandoc writes them',
    `Dough\n\n:   What is baked. It is heavy.\n\nHooch\n\n:   ${MEANS} Bakers pour\n    the dark part off.\n\nRope\n\n:   A line.\n`,
  ],
  [
    'with nothing between them',
    `**Dough**\n: What is baked.\n**Hooch**\n: ${MEANS} Bakers pour the dark part off.\n**Rope**\n: A line.\n`,
  ],
  [
    'in bold',
    `**Dough**\n\nWhat is baked.\n\n**Hooch**\n\n${MEANS} Bakers pour the dark part off.\n\n**Rope**\n\nA line.\n`,
  ],
])('what a thing is is told by a glossary: term and meaning %s', (_how, text) => {
  const { findings, context, missing } = research([OTHER, only('b.md', text, 'Glossary')], 'What is hooch?');
  expect(missing).toEqual([]);
  expect(findings[0]?.claim).toMatch(/^(?:\w+, )*Hooch: A liquid layer on top of it\./);
  const said = `${findings[0]?.claim ?? ''} ${context?.claim ?? ''}`;
  expect(said).toContain('dark');
  expect(said).not.toMatch(/baked|A line/);
});

test('a note of the document does not look like one of the answer, and an index in code stays', () => {
  expect(cleanMarkdown('It rings at noon. [4] As all know [12], `bell[4]` and bell[4] are one.')).toBe(
    'It rings at noon. (4) As all know (12), `bell[4]` and bell[4] are one.',
  );
});

test('what is asked in British spelling is found in American, and the other way round', () => {
  expect(['mould', 'colours', 'organised', 'centre'].map(stem)).toEqual(
    ['mold', 'colors', 'organized', 'center'].map(stem),
  );
  const { findings } = research(
    [only('a.md', 'To remove mold from the gray hull, use vinegar.\n', 'Hull')],
    'How do I remove mould from a grey hull?',
  );
  expect(findings[0]?.claim).toContain('vinegar');
});
