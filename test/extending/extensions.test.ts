// extensions.test.ts: what stands under "extensions" in the config file, through the real command line, worker and server.

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineModelProvider, defineSubAgent, defineTool, DefinitionError } from '../../activities/index.ts';
import { emptyFolder, muster, type Running } from '../cli/support.ts';
import { killed, serverAddress, until } from '../rig/deployment.ts';
import { LONG } from '../rig/long.ts';

const ECHO = resolve(__dirname, '../../examples/echo');
/** For what differs from a neighbour by what is refused alone: each costs a worker process. */
const longTest = LONG ? test : test.skip;
const NOWHERE = { TEMPORAL_ADDRESS: '127.0.0.1:1', MUSTER_DEPLOYMENT: 'deadbeef' };

/** A config file that names these modules, beside it. */
function configWith(modules: Record<string, string>, rest: object = {}): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
  const path = join(folder, 'muster.json');
  const extensions = Object.keys(modules).map((name) => `./${name}`);
  writeFileSync(path, JSON.stringify({ extensions, ...rest }));
  return path;
}

const worker = (config: string): Running =>
  muster(['worker'], { env: { MUSTER_OFFLINE_URL: 'http://127.0.0.1:1', ...NOWHERE, MUSTER_CONFIG: config } });

const kind = (name: string): string =>
  `{ name: '${name}', description: 'd', tools: [], prompt: 'p/1', open: () => [] }`;
const ZOD = pathToFileURL(require.resolve('zod')).href;
const TOOL = `{ name: 'search_documents', description: 'd', sideEffects: 'none', input: z.object({}), execute() {} }`;
const MODEL = `{ model: 'm', offline: true, generate() {}, classify() {} }`;

/** What the worker says it can't start for, a line each; it ended with exit 2. */
async function refusals(config: string): Promise<string[]> {
  const { code, out, talk } = await worker(config).ended;
  expect(out).toBe('');
  expect(code).toBe(2);
  const [first, ...lines] = talk.trimEnd().split('\n');
  expect(first).toBe("muster worker: the worker can't start:");
  return lines.map((line) => line.replace(/^ {2}- /, ''));
}

test('muster worker says what it loaded from its config file, and a task of an added class runs with the added kind, tool and model', async () => {
  const cwd = emptyFolder();
  const env = {
    MUSTER_CONFIG: join(ECHO, 'muster.json'),
    TEMPORAL_ADDRESS: serverAddress(),
    MUSTER_HOME: join(cwd, '.muster'),
  };
  const at = { cwd, env };
  const { child, sofar } = muster(['worker'], at);
  try {
    await until('the worker is ready', () => sofar.out.includes('\nready '));
    expect(sofar.out).toMatch(/^loaded \.\/echo\.mjs: kind echo; class brisk; model parrot\n/);
    const args = ['run', 'hello, mountains', '--class', 'brisk', '--docs', join(ECHO, 'README.md'), '--json'];
    const { code, out, talk } = await muster(args, at).ended;
    expect(talk).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/"kind":"echo"[^]*HELLO, MOUNTAINS!/);
    // Its model asks nobody, and is not the built-in one.
    expect(out).toContain('"offline":true');
    expect(out).not.toContain('offline model');
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ type: 'task.accepted', class: 'brisk' });
  } finally {
    await killed(child, 'SIGTERM');
  }
});

test('a worker whose extensions can’t be used ends with exit 2 and names file, export and what is wrong, all at once', async () => {
  const config = configWith(
    {
      'syntax.mjs': 'export const kinds = [;\n',
      'throws.mjs': 'throw new Error("no luck");',
      'compile.tsx': '',
      'singular.mjs': 'export const kind = 1;',
      'no-list.mjs': 'export const kinds = {};',
      'no-kind.mjs': 'export const kinds = [{ name: "x", description: "d", tools: [], prompt: "x/1" }];',
      'name.mjs': `export const kinds = [${kind('No!')}];`,
      'no-tool.mjs': 'export const tools = ["x"];',
      'no-model.mjs': 'export const models = [{ model: "m", offline: true, generate() {} }];',
      'wide.mjs': 'export const classes = [{ name: "wide", maxSubtasks: 501 }];',
      'join.mjs': 'export const classes = [{ name: "odd", join: { kind: "never" } }];',
    },
    {},
  );
  expect(await refusals(config)).toEqual(
    [
      /^extensions: \.\/syntax\.mjs can't be loaded: SyntaxError: .* \(node --check \.\/syntax\.mjs shows where\)$/,
      /^extensions: \.\/throws\.mjs can't be loaded: Error: no luck$/,
      /^extensions: \.\/compile\.tsx can't be loaded: Node does not run such a file; compile it/,
      /^extensions: \.\/singular\.mjs exports none of kinds, tools, classes, models, notifiers, routers;/,
      /^extensions: \.\/no-list\.mjs exports kinds, which must be a list/,
      /^extensions: \.\/no-kind\.mjs: kinds\[0\] "x": open: must be a function$/,
      /^extensions: \.\/name\.mjs: kinds\[0\] "No!": name: "No!" can't name a kind of sub-agent/,
      /^extensions: \.\/no-tool\.mjs: tools\[0\]: .*must be an object: /,
      /^extensions: \.\/no-model\.mjs: models\[0\] "m": classify: must be a function$/,
      /^extensions: \.\/wide\.mjs: classes\[0\] "wide": maxSubtasks: .*500/,
      /^extensions: \.\/join\.mjs: classes\[0\] "odd": there is no join policy "never"/,
    ].map((sentence) => expect.stringMatching(sentence) as string),
  );
});

test.each([
  ['a tool', defineTool, {}, ['name', 'description', 'input', 'sideEffects', 'execute']],
  [
    'a tool',
    defineTool,
    { name: 'x', description: 'd', input: {}, sideEffects: 'some', execute: 1 },
    ['input', 'sideEffects', 'execute'],
  ],
  [
    'a kind of sub-agent',
    defineSubAgent,
    { name: 'x', tools: [{ name: 'y' }] },
    ['description', 'tools.0.input', 'prompt', 'open'],
  ],
  [
    'a model',
    defineModelProvider,
    { model: ' ', offline: 'no' },
    ['a model provider must name its model', 'offline', 'generate', 'classify'],
  ],
  ['nothing', defineTool, undefined, ['is missing; it is an object']],
])(
  'what is no %s is refused where it is defined, in plain JavaScript, too, with all that is wrong',
  (_what, define, value, words) => {
    let problems: readonly string[] = [];
    try {
      (define as (value: unknown) => unknown)(value);
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError);
      ({ problems } = error as DefinitionError);
    }
    for (const word of words) expect(problems.join('\n')).toContain(word);
  },
);

longTest(
  'a worker whose config file names a module that is not there, or one twice, ends with exit 2 and says so',
  async () => {
    const gone = await refusals(configWith({}, { extensions: ['./gone.mjs'] }));
    expect(gone).toEqual([expect.stringMatching(/^extensions: \.\/gone\.mjs can't be loaded: Error: Cannot find/)]);
    const twice = await refusals(configWith({ 'a.mjs': '' }, { extensions: ['./a.mjs', './a.mjs'] }));
    expect(twice).toEqual([expect.stringMatching(/muster\.json: extensions: one module is named twice$/)]);
  },
);

test('a kind or tool whose name is taken is refused with both owners', async () => {
  const config = configWith({
    'a.mjs': `export const kinds = [${kind('echo')}, ${kind('verifier')}];`,
    'b.mjs': `import { z } from '${ZOD}'; export const kinds = [${kind('echo')}]; export const tools = [${TOOL}];`,
  });
  expect(await refusals(config)).toEqual([
    'extensions: two kinds of sub-agents are named "verifier": one built in, one from ./a.mjs',
    'extensions: two kinds of sub-agents are named "echo": one from ./a.mjs, one from ./b.mjs',
    'extensions: two tools of the kind "researcher" are named "search_documents": one built in, one from ./b.mjs',
  ]);
});

longTest(
  'a class or model whose name is taken is refused with both owners, and a model that nobody has is refused',
  async () => {
    const config = configWith(
      { 'a.mjs': `export const classes = [{ name: 'quick' }, { name: 'own' }]; export const models = [${MODEL}];` },
      { classes: { own: {} }, providers: [{ name: 'p', models: [{ name: 'm' }] }] },
    );
    const { code, talk } = await worker(config).ended;
    expect(code).toBe(2);
    expect(talk).toContain('two classes are named "quick": one built in, one from ./a.mjs');
    expect(talk).toContain('two models are named "m": one of the provider "p", one from ./a.mjs');
    const other = await worker(configWith({ 'a.mjs': `export const models = [${MODEL}];` }, { models: ['m', 'other'] }))
      .ended;
    expect(other.talk).toContain('models: no provider has a model named "other"');
    expect(other.talk).not.toContain('"m"');
    const own = await worker(
      configWith({ 'a.mjs': `export const classes = [{ name: 'own' }];` }, { classes: { own: {} } }),
    ).ended;
    expect(own.talk).toContain('"own": one under "classes" in the config file, one from ./a.mjs');
  },
);

test('a default export, CommonJS and plain definitions without any import are taken, too', async () => {
  const config = configWith({
    'a.mjs': `export default { kinds: [${kind('echo')}] };`,
    'b.cjs': `module.exports.classes = [{ name: 'brisk', extends: 'quick' }];`,
  });
  const { out } = await worker(config).ended;
  expect(out).toBe('loaded ./a.mjs: kind echo\nloaded ./b.cjs: class brisk\n');
});

test('a client loads extensions only for a class that neither Muster nor the config file has', async () => {
  const config = configWith(
    { 'a.mjs': 'process.stdout.write("LOADED\\n"); export const classes = [{ name: "mine" }];' },
    { classes: { own: {} } },
  );
  // Nothing is there, which is looked at after the class.
  const start = (name: string) =>
    muster(['start', 'why?', '--class', name, '--docs', '/not/there'], { env: { MUSTER_CONFIG: config } }).ended;
  const nothing = expect.stringContaining('there is nothing at /not/there') as string;
  for (const name of ['quick', 'own']) expect(await start(name)).toMatchObject({ code: 2, out: '', talk: nothing });
  expect(await start('mine')).toMatchObject({ code: 2, out: 'LOADED\n', talk: nothing });
  expect((await start('other')).talk).toContain(
    'there is no class "other"; there are quick, standard, thorough, own, mine',
  );
});

test('a client whose class may be in a module that can’t be loaded is told which, with exit 2', async () => {
  const env = { MUSTER_CONFIG: configWith({ 'a.mjs': 'throw new Error("no luck");' }) };
  const { code, talk } = await muster(['start', 'why?', '--class', 'mine'], { env }).ended;
  expect(talk).toMatch(/^muster: extensions: \.\/a\.mjs can't be loaded: Error: no luck\./);
  expect(code).toBe(2);
});

test('muster dev whose worker would refuse its extensions starts nothing and says why', async () => {
  const config = configWith({ 'a.mjs': 'export const kinds = [{ name: "x" }];' });
  const { code, talk } = await muster(['dev'], { env: { MUSTER_CONFIG: config, TEMPORAL_ADDRESS: serverAddress() } })
    .ended;
  expect(code).toBe(2);
  expect(talk).toMatch(
    /^muster: the stack can't be started with the settings of this terminal: extensions: [^\n]*\.\/a\.mjs: kinds\[0\] "x": open: must be a function[^]*Next: /,
  );
});
