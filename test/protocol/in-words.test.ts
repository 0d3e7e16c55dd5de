// in-words.test.ts: what a person reads of a value that does not fit.

import { z } from 'zod';
import { inWords } from '../../protocol/schemas/in-words.ts';

const shape = z.strictObject({
  name: z.string().min(2),
  turns: z.int().max(9),
  tools: z.array(z.string()).min(1),
  api: z.enum(['chat', 'responses']).optional(),
  isOn: z.boolean().optional(),
  named: z.record(z.string().regex(/^\S+$/, 'no spaces'), z.number()).optional(),
  above: z.number().positive().optional(),
  own: z.custom<string>((value) => value === undefined, 'says so itself').optional(),
});

const said = (value: unknown): string[] =>
  (shape.safeParse(value, { error: inWords }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test.each([
  [
    {},
    ['name: is missing; it is a text', 'turns: is missing; it is a number', 'tools: is missing; it is a list: [ … ]'],
  ],
  [
    { name: null, turns: '3', tools: {} },
    [
      'name: must be a text, not null',
      'turns: must be a number, not a text',
      'tools: must be a list: [ … ], not an object',
    ],
  ],
  [
    { name: 'a', turns: 10, tools: [] },
    ['name: must have at least 2 characters', 'turns: must be at most 9', 'tools: must have at least 1 entry'],
  ],
  [
    { name: 'ab', turns: 1, tools: ['a'], api: 'x', isOn: 1, own: 'x', tols: [] },
    [
      'api: must be one of "chat", "responses"',
      'isOn: must be true or false, not a number',
      'own: says so itself',
      ': there is no "tols" (did you mean "tools"?) here',
    ],
  ],
  [
    { name: 'ab', turns: 1, tools: ['a'], named: { 'a b': 1 }, above: 0 },
    ['named.a b: no spaces', 'above: must be more than 0'],
  ],
])('a value that does not fit is told in words: %j', (value, words) => {
  expect(said(value)).toEqual(words);
});

test('what may be anything and is not there is missing', () => {
  const any = z.object({ content: z.unknown() });
  expect(any.safeParse({}, { error: inWords }).error?.issues.map(({ message }) => message)).toEqual(['is missing']);
});
