// definitions.test.ts: what is handed over as a value in plain JavaScript is judged where it is defined: by name, field and reason.

import { z } from 'zod';
import { defineSubAgent, defineTool, DefinitionError, outputShape, researcher } from '../../activities/index.ts';
import { kindTable } from '../../worker/kind-table.ts';

const TOOL = { name: 'days', description: 'd', input: z.object({}), sideEffects: 'none', execute: async () => 1 };
const KIND = { name: 'kind', description: 'd', tools: [], prompt: 'p/1', open: () => [] };

/** What refuses it. */
function refusal(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    expect(error).toBeInstanceOf(DefinitionError);
    return (error as DefinitionError).message;
  }
  throw new Error('it was taken');
}

/** As plain JavaScript calls it. */
const tool = (more: object) => () => defineTool({ ...TOOL, ...more } as never);
const kind = (more: object) => () => defineSubAgent({ ...KIND, ...more } as never);
const shape = (name: unknown, zod: unknown) => () => outputShape(name as string, zod as z.ZodType);

const noJson = (what: string) => `${what} cannot be represented in JSON Schema, and models send JSON alone`;

test.each([
  [
    'a date in a tool',
    tool({ input: z.object({ d: z.date() }) }),
    `a tool "days" can't be defined: input.d: ${noJson('Date')}`,
  ],
  [
    'values deep in a tool',
    tool({ input: z.object({ list: z.array(z.object({ n: z.bigint().optional(), at: z.date() })) }) }),
    `input.list.[].n: ${noJson('BigInt')} (a date: z.iso.date()); input.list.[].at: ${noJson('Date')}`,
  ],
  ['a tool that takes a text', tool({ input: z.string() }), 'input: must be an object: z.object({ … })'],
  ['a tool with a schema of no zod', tool({ input: { safeParse() {} } }), 'input: must be a schema of zod 4'],
  [
    'a tool of a kind',
    kind({ tools: [{ ...TOOL, input: z.object({ d: z.date() }) }] }),
    `a kind of sub-agent "kind" can't be defined: tools.0.input.d: ${noJson('Date')}`,
  ],
  [
    'an output that is changed when it is read',
    shape('days', z.object({ n: z.string().transform(Number) })),
    `an output shape "days" can't be defined: zod.n: ${noJson('Transforms')}`,
  ],
  ['an output that is a list', shape('days', z.array(z.string())), 'zod: must be an object: z.object({ … })'],
  ['an output of no schema', shape('days', { a: 1 }), 'zod: must be a schema of zod 4: z.object({ … })'],
  ['an output named by a number', shape(5, z.object({})), 'name: must be a text, not a number'],
])(
  '%s that no model could be shown is refused where it is defined, with its name and field',
  (_what, define, words) => {
    expect(refusal(define)).toContain(words);
  },
);

test('what a tool may say to a model is taken as before', () => {
  const read = z.object({
    n: z.string().transform(Number).optional(),
    at: z.iso.date(),
    of: z.record(z.string(), z.int()),
  });
  expect(defineTool({ ...TOOL, sideEffects: 'none', input: read }).input).toBe(read);
});

test('a worker that is given a kind by a plain value judges it as defineSubAgent does', () => {
  const odd = { ...researcher, name: 'odd', tools: [{ ...TOOL, input: z.object({ d: z.date() }) }] };
  expect(refusal(() => kindTable({ extensions: [{ kinds: [odd as never] }] }))).toContain(
    `a kind of sub-agent "odd" can't be defined: tools.0.input.d: ${noJson('Date')}`,
  );
});
