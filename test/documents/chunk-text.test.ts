import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkText } from '../../documents/index/chunk-text.ts';
import type { TextShape } from '../../documents/extract/extracted.ts';
import { FIXTURES } from './support.ts';

const passages = (text: string, shape: TextShape = 'markdown', pages?: number[]) =>
  chunkText({ text, shape, ...(pages ? { pages } : {}) }).map((chunk) => ({
    ...chunk,
    text: text.slice(chunk.start, chunk.end),
  }));

const paragraph = (words: number, word: string): string => `${Array(words).fill(word).join(' ')}.`;

test('every passage knows its lines and the headings it stands under', () => {
  const text = readFileSync(join(FIXTURES, 'kiln.md'), 'utf8');
  const lines = text.split('\n');
  const found = passages(text);
  for (const passage of found) expect(lines.slice(passage.line - 1, passage.endLine).join('\n')).toBe(passage.text);
  const soak = found.find((passage) => passage.text.includes('default value is 25'));
  expect(soak?.heading).toBe('Kiln handbook > Options > Soak time');
  expect(found.find((passage) => passage.text.includes('cracks'))?.heading).toBe('Kiln handbook > Options > Cooling');
});

test('no word of a text is in two passages or in none', () => {
  const text = [
    '# A',
    paragraph(300, 'alpha'),
    '## B',
    paragraph(120, 'beta'),
    '- one',
    '- two',
    '',
    '| x |',
    '~~~',
    'code',
    '~~~',
    paragraph(700, 'gamma'),
  ].join('\n\n');
  for (const shape of ['markdown', 'plain', 'code'] as const) {
    const joined = passages(text, shape)
      .map((passage) => passage.text)
      .join(' ');
    expect(joined.split(/\s+/)).toEqual(text.trim().split(/\s+/));
  }
});

test('passages have about a thousand characters and never more than 1,400', () => {
  const text = Array.from({ length: 60 }, (_, i) => paragraph(20 + ((i * 7) % 40), `word${i}`)).join('\n\n');
  const sizes = passages(text, 'plain').map((passage) => passage.text.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_400);
  expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeGreaterThan(700);
});

test('a fenced block stays whole with the words before it, and nothing in it is a heading', () => {
  const code = Array.from({ length: 70 }, (_, i) => (i % 9 ? `run step ${i} of the plan` : `# note ${i}\n`)).join('\n');
  const text = `# Guide\n\n${paragraph(150, 'before')}\n\nDo this:\n\n\`\`\`sh\n${code}\n\`\`\`\n\n${paragraph(150, 'after')}`;
  const found = passages(text);
  const fenced = found.filter((passage) => passage.text.includes('run step'));
  expect(fenced).toHaveLength(1);
  expect(fenced[0]?.text).toContain(code);
  expect(found.every((passage) => passage.heading === 'Guide')).toBe(true);
});

test('a huge fence and a huge line are cut, and each piece knows its line', () => {
  const fence = `\`\`\`\n${Array.from({ length: 800 }, (_, i) => `line number ${i} of the log`).join('\n')}\n\`\`\``;
  const pieces = passages(fence);
  expect(pieces.length).toBeGreaterThan(10);
  for (const piece of pieces)
    expect(
      fence
        .split('\n')
        .slice(piece.line - 1, piece.endLine)
        .join('\n'),
    ).toBe(piece.text);
  const endless = passages(`first\n${'abcde '.repeat(2_000)}\nlast`, 'plain');
  expect(Math.max(...endless.map((piece) => piece.text.length))).toBeLessThanOrEqual(1_400);
  expect(endless.at(-1)?.text).toContain('last');
  expect(endless.at(-1)?.endLine).toBe(3);
  expect(
    passages('x'.repeat(5_000), 'plain')
      .map((piece) => piece.text)
      .join(''),
  ).toBe('x'.repeat(5_000));
});

test('underlined and front-matter titles are headings, a table rule and a list are not', () => {
  const text = 'Title\n=====\n\nSub\n---\n\nwords here\n\na | b\n--- | ---\n1 | 2\n\n- item\n---\n';
  expect(passages(text).at(-1)?.heading).toBe('Title > Sub');
  expect(passages('---\ntitle: "Front"\n---\nbody')[0]?.heading).toBe('Front');
});

test('a new page begins a new passage', () => {
  const text = `${paragraph(60, 'one')}\n\n${paragraph(60, 'two')}\n`;
  expect(passages(text, 'plain', [1, 3]).map((passage) => passage.line)).toEqual([1, 3]);
  expect(passages(text, 'plain')).toHaveLength(1);
});

test('passages of a plain text know the version, and the question, that they stand under', () => {
  const entry = (version: string): string =>
    `${version}\n\n${Array(9)
      .fill(`* ${paragraph(30, 'changed')}`)
      .join('\n\n')}`;
  const news = `NEWS of the tool\n\n${entry('Version 4.3 (19 Jan 2020)')}\n\n${entry('Version 4.2')}\n`;
  const headings = new Set(passages(news, 'plain').map(({ heading }) => heading));
  expect([...headings]).toEqual(['NEWS of the tool > Version 4.3 (19 Jan 2020)', 'NEWS of the tool > Version 4.2']);
  const faq = `Q:  The build is big. How can\n    I make it small?\n\nA:  ${paragraph(60, 'small')}\n\nQ: Why?\nA: ${paragraph(60, 'because')}\n`;
  expect(passages(faq, 'plain').map(({ heading }) => heading)).toEqual([
    'The build is big. How can I make it small?',
    'Why?',
  ]);
});

test('a title and a question that stand alone in a plain text are headings, with what is below them', () => {
  const text = [
    'Why do some print?',
    `\t${paragraph(80, 'ink')}`,
    'Which systems are supported, (old ones, etc.)?',
    `\t${paragraph(80, 'paper')}`,
    'Crew and Boats',
    paragraph(80, 'oar'),
  ].join('\n\n');
  const headings = passages(text, 'plain').map(({ heading, text: held }) => [heading.split(' > ').at(-1), held]);
  expect(headings).toEqual([
    ['Why do some print?', expect.stringContaining('ink')],
    ['Which systems are supported, (old ones, etc.)?', expect.stringContaining('paper')],
    ['Crew and Boats', expect.stringContaining('oar')],
  ]);
});

test('news in outline form, numbered sections and questions, and chapters of DocBook head passages of a plain text', () => {
  const text = [
    'GNU bell NEWS    -*- outline -*-',
    '* Noteworthy changes in release 4.9 (2022-11-06) [stable]',
    '** Bug fixes',
    paragraph(120, 'rope'),
    '* Noteworthy changes in release 4.8 (2020-01-14) [stable]',
    '** New Features',
    paragraph(120, 'oar'),
    '* the last one of them is an item',
    paragraph(120, 'sail'),
  ].join('\n\n');
  const release = (version: string): string =>
    `GNU bell NEWS -- outline -- > Noteworthy changes in release ${version} [stable]`;
  expect(passages(text, 'plain').map(({ heading }) => heading)).toEqual([
    `${release('4.9 (2022-11-06)')} > Bug fixes`,
    `${release('4.8 (2020-01-14)')} > New Features`,
  ]);
  const manual = [
    'The Bell',
    'Version 1.1',
    'Copyright 1989, 2004 The Crew',
    'Chapter\u00a01.\u00a0Purpose and Goals',
    paragraph(120, 'mole'),
    '2.  Where It Hangs\n==================',
    paragraph(120, 'mast'),
    '2.1 Why does it not ring?',
    paragraph(120, 'wind'),
  ].join('\n\n');
  expect(passages(manual, 'plain').map(({ heading }) => heading)).toEqual([
    'The Bell > Chapter 1. Purpose and Goals',
    'The Bell > 2. Where It Hangs',
    'The Bell > 2. Where It Hangs > 2.1 Why does it not ring?',
  ]);
});

test('a comment in code of reStructuredText heads no passage', () => {
  const text = `The harbour\n===========\n\nRun it::\n\n  # which comes first\n  dock\n  # and then\n  moor\n\n${paragraph(80, 'mole')}`;
  expect(passages(text).map(({ heading }) => heading)).toEqual(passages(text).map(() => 'The harbour'));
  expect(passages('List:\n\n  # Indented\n\n  words below it')[0]?.heading).toBe('Indented');
});

test('titles of reStructuredText head passages, and none stands in its comments', () => {
  const text = [
    `..\n  The marks of titles:\n  # for parts\n  ${paragraph(80, 'mark')}`,
    `The harbour\n===========\n\n${paragraph(80, 'mole')}`,
    `Its cranes\n++++++++++\n\n${paragraph(80, 'rope')}`,
    `Its boats\n~~~~~~~~~\n\n${paragraph(80, 'oar')}`,
  ].join('\n\n');
  const found = passages(text);
  expect(found.find(({ text: held }) => held.includes('mark'))?.heading).not.toContain('for parts');
  const headings = ['mole', 'rope', 'oar'].map((word) => found.find(({ text: held }) => held.includes(word))?.heading);
  expect(headings).toEqual(['The harbour', 'The harbour > Its cranes', 'The harbour > Its boats']);
});

test('a title between two lines of marks heads passages, and the order in which marks come first makes the outline', () => {
  const text = [
    `.. _harbour:\n\n#########\n The rules\n#########\n\n${paragraph(80, 'mole')}`,
    `The boats\n*********\n\n${paragraph(80, 'rope')}`,
    `Of others\n=========\n\n${paragraph(80, 'oar')}`,
    `The night\n*********\n\n${paragraph(80, 'lamp')}`,
  ].join('\n\n');
  const headingOf = (of: string, word: string): string | undefined =>
    passages(of).find(({ text: held }) => held.includes(word))?.heading;
  expect(['mole', 'rope', 'oar', 'lamp'].map((word) => headingOf(text, word))).toEqual([
    'The rules',
    'The rules > The boats',
    'The rules > The boats > Of others',
    'The rules > The night',
  ]);
  const same = `=======\nHarbour\n=======\n\n${paragraph(80, 'mole')}\n\nIts rope\n========\n\n${paragraph(80, 'rope')}`;
  expect(headingOf(same, 'rope')).toBe('Harbour > Its rope');
  const noted = `Rope\n~~~~\n\n.. note:: ${paragraph(80, 'rope')}\n\nMole\n----\n\n${paragraph(80, 'mole')}`;
  expect(headingOf(noted, 'mole')).toBe('Rope > Mole');
  expect(chunkText({ text: same, shape: 'plain' }).at(-1)?.heading).toBe('Harbour > Its rope');
  // Markdown has two marks, whatever comes first; a line alone stands over nothing.
  const markdown = `Rope\n----\n\n${paragraph(80, 'rope')}\n\nMole\n====\n\n${paragraph(80, 'mole')}`;
  expect(headingOf(markdown, 'mole')).toBe('Mole');
  expect(headingOf(`Mole\n====\n\n------\nIt is ${paragraph(80, 'long')}`, 'long')).toBe('Mole');
});
