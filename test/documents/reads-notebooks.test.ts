// Notebooks: the words, the code and what it printed, and none of what carries these.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { pageText } from '../../documents/web/page-text.ts';

const PICTURE = 'iVBORw0KGgo'.repeat(400);
const code = (source: string | string[], ...outputs: object[]): object => ({
  cell_type: 'code',
  execution_count: 1,
  metadata: {},
  source,
  outputs,
});
const shows = (data: object): object => ({ output_type: 'display_data', metadata: {}, data });
const notebook = (...cells: object[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { language: 'python', name: 'python3' } },
      cells,
    }),
  );
const read = async (bytes: Uint8Array): Promise<{ text: string; lost?: string }> => {
  const extracted = await extractText('a.ipynb', bytes);
  return 'problem' in extracted ? { text: `problem: ${extracted.problem}` } : extracted;
};

test('a notebook is its words, its code and what that printed, without pictures and colours', async () => {
  const bytes = notebook(
    { cell_type: 'markdown', source: ['# Weights\n', '\n', `The press. ![p](data:image/png;base64,${PICTURE})`] },
    code(['mass = 42\n', 'print(mass)'], { output_type: 'stream', name: 'stdout', text: ['\r10%\r100%\n', '42 kg\n'] }),
    code('plot()', shows({ 'image/png': PICTURE, 'text/plain': '<Figure size 640x480 with 1 Axes>' })),
    code(
      'table',
      shows({ 'text/html': '<table><tr><td>steel</td><td>7.8</td></tr></table>', 'text/plain': '<Table>' }),
    ),
    code('slider', shows({ 'application/vnd.jupyter.widget-view+json': {}, 'text/plain': 'IntSlider(value=0)' })),
    code('1/0', {
      output_type: 'error',
      ename: 'ZeroDivisionError',
      evalue: '\u001b[31mby zero\u001b[0m',
      traceback: [],
    }),
  );
  const { text, lost } = await read(bytes);
  expect(text).toBe(
    [
      '# Weights\n\nThe press. ![p](data:image/png;base64,…)',
      '```python\nmass = 42\nprint(mass)\n```',
      'Output:\n\n```\n100%\n42 kg\n```',
      '```python\nplot()\n```',
      '```python\ntable\n```',
      'Output:\n\n```\nsteel | 7.8\n```',
      '```python\nslider\n```',
      '```python\n1/0\n```',
      'Output:\n\n```\nZeroDivisionError: by zero\n```\n',
    ].join('\n\n'),
  );
  expect(lost).toBeUndefined();
});

test('a cell that prints without end is read to a bound, and that is told', async () => {
  const { text, lost } = await read(
    notebook(code('run()', { output_type: 'stream', text: 'step\n'.repeat(9_000) }), {
      cell_type: 'raw',
      source: 'End.',
    }),
  );
  expect(text.length).toBeLessThan(3_000);
  expect(text).toMatch(/End\.\n$/);
  expect(lost).toBe('what a cell printed beyond 2000 characters');
});

test('a notebook of an older version is read', async () => {
  const cells = [
    { cell_type: 'heading', level: 2, source: 'Speed' },
    {
      cell_type: 'code',
      language: 'julia',
      input: 'v = 3',
      outputs: [{ output_type: 'pyout', text: '3', png: PICTURE }],
    },
  ];
  const { text } = await read(Buffer.from(JSON.stringify({ nbformat: 3, metadata: {}, worksheets: [{ cells }] })));
  expect(text).toBe('## Speed\n\n```julia\nv = 3\n```\n\nOutput:\n\n```\n3\n```\n');
});

test.each(['{"cells": "none"}', '{"cells": [\n<<<<<<< HEAD\n{"source": "The press."}'])(
  'what is named as a notebook and is none keeps its words: %j',
  async (content) => {
    const { text } = await read(Buffer.from(content));
    expect(text).toBe(content);
  },
);

test('a page kept as Markdown, and JSON, hold no pictures as text', async () => {
  const link = `![p](data:image/svg+xml;charset=utf-8;base64,${PICTURE})`;
  for (const name of ['a.md', 'a.json', 'a.txt']) {
    const extracted = await extractText(name, Buffer.from(`before ${link} after`));
    expect(extracted).toMatchObject({ text: 'before ![p](data:image/svg+xml;charset=utf-8;base64,…) after' });
  }
});

test('a notebook on the web is read as one in a folder', async () => {
  const bytes = notebook({ cell_type: 'markdown', source: 'Hello.' }, code('x = 1'));
  const page = await pageText({ url: 'https://example.org/a.ipynb?raw=1', kind: 'text', charset: undefined, bytes });
  const file = await read(bytes);
  expect(page).toMatchObject({ text: file.text.trimEnd(), shape: 'markdown' });
});
