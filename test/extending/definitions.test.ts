// definitions.test.ts: what is handed over as a value in plain JavaScript is judged where it is defined: by name, field and reason.

import { z } from 'zod';
import {
  block,
  defineModelProvider,
  defineNotifier,
  defineSubAgent,
  defineTool,
  DefinitionError,
  emailNotifier,
  later,
  ntfyNotifier,
  openaiEmbeddings,
  openaiProvider,
  outputShape,
  researcher,
  webhookNotifier,
  webTools,
} from '../../activities/index.ts';
import {
  defineClass,
  defineRouter,
  DefinitionError as ClientDefinitionError,
  RequestRefusedError,
} from '../../client/index.ts';
import { taskRequest } from '../../client/task-request.ts';
import { classTable, readConfigFile } from '../../protocol/schemas/config.ts';
import { readExtension } from '../../protocol/schemas/extensions.ts';
import { fileStore } from '../../store/file-store.ts';
import { kindTable } from '../../worker/kind-table.ts';
import { notifierTable } from '../../worker/notifier-table.ts';

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

/** As plain JavaScript calls it, with whatever it has. */
const call =
  (define: unknown, ...given: unknown[]) =>
  () =>
    (define as (...all: unknown[]) => unknown)(...given);
const MODEL = { model: 'm', offline: true, generate: () => 1, classify: () => 1 };
const MAIL = { host: 'mail.example.com', from: 'me@example.com', allow: ['@example.com'] };
const SERVER = { model: 'm', apiKey: 'x' };

test.each([
  ['a tool', tool({ exec: 1 }), 'there is no "exec" (did you mean "execute"?) here'],
  ['a kind', kind({ promt: 'x' }), 'there is no "promt" (did you mean "prompt"?) here'],
  [
    'a tool of a kind',
    kind({ tools: [{ ...TOOL, inputs: 1 }] }),
    'tools.0: there is no "inputs" (did you mean "input"?) here',
  ],
  ['a model', call(defineModelProvider, { ...MODEL, price: {} }), 'there is no "price" (did you mean "prices"?) here'],
  [
    'a router',
    call(defineRouter, { name: 'r', judge: () => 1, timeout: 1 }),
    'no "timeout" (did you mean "timeoutMs"?)',
  ],
  [
    'a notifier',
    call(defineNotifier, { name: 'n', deliver: () => 1, timeout: 1 }),
    'no "timeout" (did you mean "timeoutSeconds"?)',
  ],
  ['a class', call(defineClass, 'c', { deadline: 1 }), 'there is no "deadline" (did you mean "deadlineSeconds"?) here'],
  [
    'a server',
    call(openaiProvider, { ...SERVER, baseUrl: 'x' }),
    'there is no "baseUrl" (did you mean "baseURL"?) here',
  ],
  ['options of the web', call(webTools, { allow: [], allowPrivat: [] }), '(did you mean "allowPrivate"?)'],
  ['options of the web', call(webTools, { allow: [], limits: { byte: 1 } }), 'limits: there is no "byte" (did you'],
  ['options of mail', call(emailNotifier, { ...MAIL, hots: 'x' }), 'there is no "hots" (did you mean "host"?) here'],
  ['options of ntfy', call(ntfyNotifier, { alow: [] }), 'there is no "alow" (did you mean "allow"?) here'],
  ['options of webhooks', call(webhookNotifier, { key: {} }), 'there is no "key" (did you mean "keys"?) here'],
  ['a worker’s notifiers', call(notifierTable, { emial: MAIL }, []), 'there is no "emial" (did you mean "email"?)'],
  [
    'a server of vectors',
    call(openaiEmbeddings, { ...SERVER, nam: 'x' }),
    'there is no "nam" (did you mean "name"?) here',
  ],
])('a field that %s does not have is refused, with the name that was probably meant', (_what, define, words) => {
  expect(refusal(define)).toContain(words);
});

test('the name of a built-in class is refused in code, and in the config file it changes that class', () => {
  expect(refusal(call(defineClass, 'quick', { deadlineSeconds: 5 }))).toContain(
    'name: "quick" is a built-in class; give yours another name, with extends: "quick" for its values',
  );
  const read = readConfigFile({ classes: { quick: { deadlineSeconds: 5 } } });
  if ('problems' in read) throw new Error(read.problems.join('; '));
  expect(classTable(read.config).get('quick')).toMatchObject({ name: 'quick', deadlineSeconds: 5, maxSubtasks: 3 });
});

test.each<[string, object, string]>([
  [
    'alone',
    { tols: [] },
    './m.mjs exports none of kinds, tools, classes, models, notifiers, routers; export at least one of these lists; it exports "tols" (did you mean "tools"?)',
  ],
  [
    'beside one that is right',
    { kinds: [], notifers: [] },
    './m.mjs exports a list "notifers", of which nothing is used (did you mean "notifiers"?)',
  ],
  [
    'in what it exports as default',
    { default: { tols: [], kinds: [] } },
    './m.mjs exports a list "tols", of which nothing is used (did you mean "tools"?)',
  ],
])('a module with a mistyped list %s is refused with the one that was probably meant', async (_what, module, words) => {
  expect(await readExtension('./m.mjs', () => Promise.resolve(module))).toEqual({ problems: [words] });
});

test('a module may export what it likes beside its lists', async () => {
  const own = { kinds: [], helpers: [], tool: {}, router: () => 1, VERSION: '1' };
  expect(await readExtension('./m.mjs', () => Promise.resolve(own))).toMatchObject({ module: { kinds: [] } });
});

test.each([
  ['hosts of the web that are a text', call(webTools, { allow: 'example.org' }), 'allow: must be a list: [ … ]'],
  ['a mail server without whom to write to', call(emailNotifier, { host: 'h', from: 'a@b.c' }), 'allow: is missing'],
  ['a port that is a text', call(emailNotifier, { ...MAIL, port: '25' }), 'port: must be a number, not a text'],
  ['a token without its server', call(ntfyNotifier, { token: { token: 'tk' } }), 'token.server: '],
  [
    'a webhook key that can not sign',
    call(webhookNotifier, { keys: { main: { secrets: ['hunter2-never-seen!'] } } }),
    'keys.main.secrets.0: is no webhook secret',
  ],
  ['a store in no folder', call(fileStore), 'folder: is missing; it is a text'],
  ['a store in an empty name', call(fileStore, ''), 'folder: must have at least 1 character'],
])(
  '%s is refused by what makes a tool, a notifier or a store of it, and no secret is shown',
  (_what, define, words) => {
    const said = refusal(define);
    expect(said).toContain(words);
    expect(said).not.toContain('hunter2');
  },
);

test.each([
  ['a tool listed twice', kind({ tools: [TOOL, TOOL] }), 'tools: "days" is listed twice'],
  [
    'delegation without bounds',
    kind({ delegates: { depth: 99, max: 99_999 } }),
    'delegates.depth: must be at most 8; delegates.max: must be at most 500',
  ],
  ['a wait that is a text', call(later, 'x'), 'timeoutSeconds: must be a number, not a text'],
  ['a wait of less than nothing', call(later, -1), 'timeoutSeconds: must be more than 0'],
  [
    'a deadline of 30,000 years',
    call(defineClass, 'c', { deadlineSeconds: 1e12 }),
    'deadlineSeconds: must be at most 31536000',
  ],
  ['a class with two words for a name', call(defineClass, 'x y', {}), `name: "x y" can't name a class: lower-case`],
  ['a class without a name', call(defineClass), 'name: is missing; it is a text'],
  ['a class that is a text', call(defineClass, 'c', 'quick'), 'must be an object: { … }, not a text'],
  ['models that a class in code can not order', call(defineClass, 'c', { models: ['m'] }), 'there is no "models" here'],
  ['no router', call(defineRouter), "a router can't be defined: is missing; it is an object"],
  [
    'a router that judges nothing',
    call(defineRouter, { name: 'r', judge: 1 }),
    `a router "r" can't be defined: judge: must be a function`,
  ],
  ['no server', call(openaiProvider), "a model can't be defined: is missing; it is an object"],
  [
    'a server at no address',
    call(openaiProvider, { ...SERVER, baseURL: 'nope' }),
    'baseURL: must be an address that begins with http',
  ],
  [
    'vectors from no address',
    call(openaiEmbeddings, { ...SERVER, name: 'v', baseURL: 'ftp://x' }),
    'baseURL: must be an address',
  ],
  ['no block', call(block), "a block can't be defined: tag: is missing; it is a text; text: is missing; it is a text"],
  ['a block of a list', call(block, 'documents', ['a.md']), 'text: must be a text, not a list'],
])('%s is refused in words, by the same error as all', (_what, define, words) => {
  expect(refusal(define)).toContain(words);
});

test('the error of a refused definition is one class, for whoever imports it from the client or the activities', () => {
  expect(ClientDefinitionError).toBe(DefinitionError);
});

test.each([
  [{ sources: [] }, 'goal: is missing; it is a text'],
  [{ goal: 'a' }, 'sources: is missing; it is a list: [ … ]'],
  [{ goal: 5, sources: 'docs' }, 'goal: must be a text, not a number; sources: must be a list: [ … ], not a text'],
  [{ gaol: 'a', goal: 'a', sources: [] }, 'there is no "gaol" (did you mean "goal"?) here'],
  [{ goal: 'a', sources: [], approve: 'yes' }, 'approve: must be true or false, not a text'],
  [undefined, 'is missing; it is an object: { … }'],
])('what is asked for in plain JavaScript, %j, is refused by its fields: %s', async (input, problem) => {
  const refused = taskRequest(input as never, undefined);
  await expect(refused).rejects.toBeInstanceOf(RequestRefusedError);
  await expect(refused).rejects.toThrow(problem);
});
