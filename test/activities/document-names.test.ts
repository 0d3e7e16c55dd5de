// Which documents a prompt lists when there are more than fit.

import { documentNames } from '../../activities/text/document-names.ts';

const many = Array.from({ length: 300 }, (_one, i) => ({ name: `package-${String(i).padStart(3, '0')}/README.md` }));

test('a prompt lists at most 200 documents, those that the goal names first', () => {
  const names = documentNames(
    [...many, { name: 'zebra/docs/Stripes.md' }, { name: 'yak/README.md' }],
    'What do ZEBRA and package-299 say, and “yak”?',
  );
  expect(names).toHaveLength(200);
  expect(names.slice(0, 4)).toEqual([
    'package-299/README.md',
    'zebra/docs/Stripes.md',
    'yak/README.md',
    'package-000/README.md',
  ]);
});

test('a prompt lists few documents in their own order', () => {
  expect(documentNames([{ name: 'a.md' }, { name: 'b.md' }], 'nothing of it')).toEqual(['a.md', 'b.md']);
});
