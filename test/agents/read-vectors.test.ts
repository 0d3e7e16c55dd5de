// Vectors in the forms in which servers send them; what is no vector is none.

import { readVectors } from '../../activities/models/read-vectors.ts';

const [a, b] = [
  [1, 2],
  [3, 4],
];
const base64 = Buffer.from(Float32Array.from(a).buffer).toString('base64');

test.each<[string, unknown]>([
  [
    'in the order of their numbers',
    {
      data: [
        { index: 1, embedding: b },
        { index: 0, embedding: a },
      ],
    },
  ],
  [
    'numbered from one',
    {
      data: [
        { index: 2, embedding: b },
        { index: 1, embedding: a },
      ],
    },
  ],
  [
    'with numbers that are texts',
    {
      data: [
        { index: '1', embedding: b },
        { index: '0', embedding: a },
      ],
    },
  ],
  [
    'all of one number',
    {
      data: [
        { index: 0, embedding: a },
        { index: 0, embedding: b },
      ],
    },
  ],
  ['in two encodings', { data: [{ embedding: base64 }, { embedding: b }] }],
  ['in a list alone', [a, b]],
  [
    'in a list of entries',
    [
      { index: 0, embedding: [a] },
      { index: 1, embedding: [b] },
    ],
  ],
  ['under another name', { embeddings: [a, b] }],
])('vectors that a server sends %s are read', (_how, answer) => {
  expect(readVectors(answer, 2).map((vector) => [...vector])).toEqual([a, b]);
});

test.each<[string, unknown]>([
  ['one too few', [a]],
  ['of two lengths', [a, [1]]],
  ['all zeros', [a, [0, 0]]],
  ['of nulls', [a, [null, null]]],
  ['of texts', [a, ['1', '2']]],
  ['nothing', {}],
])('an answer that is %s holds no vectors', (_what, answer) => {
  expect(() => readVectors(answer, 2)).toThrow('no 2 vectors of one length');
});
