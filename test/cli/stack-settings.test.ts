// stack-settings.test.ts: a terminal whose settings are other than those of the stack that runs there: it is said, and the
// stack is started again where that disturbs nobody. A real stack with a server of its own.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { differences, startedWith } from '../../client/stack/started-with.ts';
import { readExtension } from '../../protocol/schemas/extensions.ts';
import { plainProblems } from '../../settings/plain-settings.ts';
import { readStack } from '../../store/stack-file.ts';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { until } from '../rig/until.ts';
import { emptyFolder, muster, type Ended } from './support.ts';

const KEY = 'sk-never-to-be-seen-4f1d0c7e';

test.each<[string, Record<string, string>, Record<string, string>, RegExp[]]>([
  ['the same', { MUSTER_MODEL: 'a', OPENAI_API_KEY: KEY }, { MUSTER_MODEL: 'a', OPENAI_API_KEY: KEY }, []],
  ['nothing of what the stack has', { MUSTER_MODEL: 'a', OPENAI_API_KEY: KEY }, {}, []],
  ['a key that nothing uses', {}, { OPENAI_API_KEY: KEY }, []],
  ['a model', {}, { MUSTER_MODEL: 'b' }, [/^MUSTER_MODEL is b here, and was not set where the stack was started$/]],
  ['another model', { MUSTER_MODEL: 'a' }, { MUSTER_MODEL: 'b' }, [/^MUSTER_MODEL is b here, and a where/]],
  [
    'a key',
    { MUSTER_MODEL: 'a' },
    { MUSTER_MODEL: 'a', OPENAI_API_KEY: KEY },
    [/^OPENAI_API_KEY is set here, and was not where the stack was started$/],
  ],
  [
    'another key',
    { MUSTER_MODEL: 'a', OPENAI_API_KEY: 'other' },
    { MUSTER_MODEL: 'a', OPENAI_API_KEY: KEY },
    [/^OPENAI_API_KEY is another here/],
  ],
])(
  'a terminal with %s set differs from its stack in just that, and no key is kept or shown',
  (_what, before, now, expected) => {
    const started = startedWith(before, { roots: [], latencyMs: 0 });
    const told = differences(started, now);
    expect(told).toHaveLength(expected.length);
    expected.forEach((sentence, i) => expect(told[i]).toMatch(sentence));
    expect(JSON.stringify([started, told])).not.toContain(KEY);
  },
);

test('a config file, a module or a named key that was changed since the stack was started is a difference', () => {
  const folder = emptyFolder();
  const config = join(folder, 'muster.json');
  const settings = { extensions: ['./mine.mjs'], providers: [{ name: 'p', keyFrom: 'P_KEY', models: [] }] };
  writeFileSync(config, JSON.stringify(settings));
  writeFileSync(join(folder, 'mine.mjs'), 'export const tools = [];');
  const env = { MUSTER_CONFIG: config, P_KEY: 'one' };
  const started = startedWith(env, { roots: [], latencyMs: 0 });
  expect(differences(started, env)).toEqual([]);
  writeFileSync(join(folder, 'mine.mjs'), 'export const kinds = [];');
  expect(differences(started, env)).toEqual([expect.stringMatching(/mine\.mjs was changed since/) as string]);
  expect(differences(started, { ...env, P_KEY: 'two' })).toContainEqual(
    expect.stringMatching(/^P_KEY is another here/),
  );
});

test('npm start says that what it starts ends with it', async () => {
  const cwd = emptyFolder();
  cpSync(resolve(__dirname, '../fixtures/docs'), join(cwd, 'docs'), { recursive: true });
  mkdirSync(join(cwd, '.muster'));
  const { code, talk } = await muster(['quickstart', 'How often does lighthouse poll?', '--docs', 'docs'], { cwd })
    .ended;
  expect(code).toBe(0);
  expect(talk).toContain('starts a local Temporal server, worker and model until this command ends');
  expect(talk).not.toContain('muster down');
});

describe('a stack that runs', () => {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'muster-stack-')));
  let model: Simulator;
  const cli = (args: string[], env: Record<string, string> = {}): Promise<Ended> => muster(args, { cwd, env }).ended;
  const stack = (): { supervisor: number; roots: string[]; startedWith: unknown } =>
    JSON.parse(readFileSync(join(cwd, '.muster/stack.json'), 'utf8')) as {
      supervisor: number;
      roots: string[];
      startedWith: unknown;
    };

  beforeAll(async () => {
    cpSync(resolve(__dirname, '../fixtures/docs'), join(cwd, 'docs'), { recursive: true });
    mkdirSync(join(cwd, '.muster'));
    model = await startSimulator({});
  });
  afterAll(async () => {
    await cli(['down']);
    await model.close();
  });

  test('is started again by run for another model while no task is at work, keeps its roots, and is left alone while one is', async () => {
    const outside = emptyFolder();
    expect((await cli(['up', '--docs', outside, '--latency', '1', '--token-ms', '2'])).code).toBe(0);
    const first = stack();
    expect(first.startedWith).toMatchObject({ latencyMs: 1, tokenMs: 2 });
    const slower = await cli(['up', '--latency', '3000', '--token-ms', '2']);
    expect(slower.talk).toMatch(
      /^muster: --latency is 3000 here, and 1 where the stack was started\n +Next: muster up --restart/,
    );
    // What no worker would start with is not what to go on with.
    const keyless = await cli(['up'], { MUSTER_MODEL: 'm' });
    expect(keyless.talk).toMatch(
      /MUSTER_MODEL is m here[^]*No stack could be started with them: MUSTER_MODEL is set, but/,
    );
    expect(keyless.talk).not.toContain('--restart');
    const own = { MUSTER_MODEL: 'muster-offline', OPENAI_BASE_URL: model.url };
    const { code, talk } = await cli(['run', 'How often does lighthouse poll?', '--docs', 'docs'], own);
    expect(code).toBe(0);
    expect(talk).toMatch(
      /MUSTER_MODEL is muster-offline here, and was not set where the stack was started\n[^]*No task is at work, so the stack is started again/,
    );
    expect(talk).not.toMatch(/nothing runs here yet/);
    expect(talk).toMatch(/ · muster-offline · /);
    const second = stack();
    expect(second.supervisor).not.toBe(first.supervisor);
    expect(second.roots).toContain(outside);
    expect(second.startedWith).toMatchObject({ latencyMs: 1, tokenMs: 2 });

    const bare = await cli(['run', 'How often does lighthouse poll?', '--docs', 'docs']);
    expect(bare.talk).toMatch(/started with MUSTER_MODEL muster-offline, which is not set here, and goes on with it/);
    expect(stack().supervisor).toBe(second.supervisor);

    // What it is started again for takes the model from it, too, and that is said.
    const quay = emptyFolder();
    writeFileSync(join(quay, 'quay.md'), '# Quay\n\nThe quay is 40 m long.\n');
    const without = await cli(['run', 'How long is the quay?', '--docs', quay]);
    expect(without).toMatchObject({ code: 0, out: expect.stringContaining('40 m') as string });
    expect(without.talk).toMatch(
      /started with MUSTER_MODEL muster-offline, which is not set here, and is started again without it\n/,
    );
    expect(without.talk).not.toContain('goes on with it');

    // Named by a person on this machine, as where a stack is started.
    const elsewhere = emptyFolder();
    writeFileSync(join(elsewhere, 'mole.md'), '# Mole\n\nThe mole is 300 m long.\n');
    const read = await cli(['run', 'How long is the mole?', '--docs', elsewhere], own);
    expect(read).toMatchObject({ code: 0, out: expect.stringContaining('300 m') as string });
    expect(read.talk).toMatch(/is no folder that the running stack may read\n[^]*No task is at work/);
    const file = join(emptyFolder(), 'mole.md');
    writeFileSync(file, '# Mole\n\nThe mole is 300 m long.\n');
    const alone = await cli(['run', 'How long is the mole?', '--docs', file], own);
    expect(alone.talk).toMatch(/mole\.md is no file that the running stack may read\n[^]*No task is at work/);
    const third = stack();
    expect(third.roots).toEqual(expect.arrayContaining([outside, elsewhere]));

    // Its calls stand open, so that the task is at work.
    model.inject({ kind: 'delay', ms: 120_000, times: 1 });
    const open = (await cli(['start', 'How often does lighthouse poll?', '--docs', 'docs'], own)).out.trim();
    const other = await cli(['start', 'Something else', '--docs', 'docs'], { ...own, MUSTER_MODEL: 'another' });
    expect(other.talk).toMatch(
      /MUSTER_MODEL is another here, and muster-offline where[^]*Next: muster up --restart takes over/,
    );
    const refused = await cli(['start', 'Something else', '--docs', emptyFolder()], own);
    expect(refused).toMatchObject({ code: 4, out: '' });
    expect(stack().supervisor).toBe(third.supervisor);
    for (const id of [open, other.out.trim()]) await cli(['cancel', id, '--wait']);

    const up = await cli(['up', '--restart'], { ...own, MUSTER_MODEL: 'another' });
    expect(up.code).toBe(0);
    expect(stack().supervisor).not.toBe(third.supervisor);
  });

  test('is started again by up for a folder that it may not read while no task is at work, and is left alone while one is', async () => {
    const own = { MUSTER_MODEL: 'muster-offline', OPENAI_BASE_URL: model.url };
    expect((await cli(['up', '--restart'], own)).code).toBe(0);
    const first = stack().supervisor;
    const [one, other] = [emptyFolder(), emptyFolder()];
    const up = await cli(['up', '--docs', one], own);
    expect(up).toMatchObject({ code: 0, talk: expect.stringContaining('No task is at work, so the stack') as string });
    const second = stack();
    expect(second.supervisor).not.toBe(first);
    expect(second.roots).toContain(one);
    // It may read that one by now.
    expect((await cli(['up', '--docs', one], own)).talk).not.toContain('started again');

    model.inject({ kind: 'delay', ms: 120_000, times: 1 });
    const open = (await cli(['start', 'How often does lighthouse poll?', '--docs', 'docs'], own)).out.trim();
    const refused = await cli(['up', '--docs', other], own);
    expect(refused.code).toBe(4);
    expect(refused.talk).toMatch(
      /While a task is at work the stack is left as it is\.[^]*Next: muster up --restart --docs /,
    );
    expect(stack().supervisor).toBe(second.supervisor);
    await cli(['cancel', open, '--wait']);
  });

  test('a folder in which nothing can be read, and a budget that no task can do with, are refused beside a stack that would take them', async () => {
    expect((await cli(['up'])).code).toBe(0);
    mkdirSync(join(cwd, 'none'));
    // A list of Temporal's shows a task that has ended as running for a moment.
    await until('no task is at work', async () => (await cli(['list', '--state', 'running', '--json'])).out === '');
    const before = (await cli(['list', '--json'])).out;
    const none = await cli(['run', 'How often does lighthouse poll?', '--docs', 'none']);
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.talk).toMatch(/^muster: there is nothing to read in \S+, so nothing was started: [^]*Next: .*--docs/m);
    for (const command of ['run', 'start']) {
      const poor = await cli([command, 'How often does lighthouse poll?', '--docs', 'docs', '--budget', '5']);
      expect(poor).toMatchObject({ code: 2, out: '' });
      expect(poor.talk).toMatch(
        /^muster: --budget: the limit tokens is 5, which is too little [^]*Next: Name more, as 20k/,
      );
    }
    expect((await cli(['list', '--json'])).out).toBe(before);
  });

  test('a store of this terminal that can’t be asked is no task at work, and an address that no store can have is refused', async () => {
    expect((await cli(['up'])).code).toBe(0);
    const { supervisor } = stack();
    const run = ['run', 'How often does lighthouse poll?', '--docs', 'docs'];
    const away = await cli(run, { MUSTER_STORE_URL: 'postgres://me:hidden@127.0.0.1:1/none' });
    expect(away).toMatchObject({ code: 5, out: '' });
    expect(away.talk).toMatch(
      /Whether a task is at work can't be told \([^\n]*nothing listens there\), so the stack is left as it is\.\n {2}Next: muster up/,
    );
    const odd = ['mysql://me:hidden@db/muster', 'hidden'].map((MUSTER_STORE_URL) => ({ MUSTER_STORE_URL }));
    for (const [env, command] of odd.flatMap((one) =>
      [run, ['list'], ['status', 'some-task']].map((to) => [one, to] as const),
    )) {
      const malformed = await cli(command, env);
      expect(malformed).toMatchObject({ code: 2, out: '' });
      expect(malformed.talk).toMatch(
        /^muster: the store's address can't be used: [^\n]*\n {2}Next: Mend MUSTER_STORE_URL, or unset it/m,
      );
      expect(malformed.talk).not.toMatch(/at work|hidden/);
    }
    expect(stack().supervisor).toBe(supervisor);
  });
});

test.each(['up', 'run', 'dev'])(
  'settings that no worker would start with are named by muster %s before anything is started, with exit 2',
  async (command) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'a.md'), '# Notes\n\nThe pump is oiled every 40 days.\n');
    const args = command === 'run' ? ['run', 'How often is the pump oiled?'] : [command];
    const odd = {
      MUSTER_LOG: 'xml',
      MUSTER_SLOTS: 'many',
      MUSTER_STORE_URL: 'mysql://db/muster',
      MUSTER_MODEL: 'gpt-5-mini',
    };
    for (const [name, value] of Object.entries(odd)) {
      const { code, out, talk } = await muster(args, { cwd, env: { [name]: value } }).ended;
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(talk).toMatch(
        new RegExp(
          `^muster: the stack can't be started with the settings of this terminal: ${name} .*\\n {2}Next: .*\\n$`,
        ),
      );
    }
    expect(existsSync(join(cwd, '.muster'))).toBe(false);
  },
);

test('a stack that runs is stopped for no settings that a worker would refuse: they are named, with exit 2', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'a.md'), '# Notes\n\nThe pump is oiled every 40 days.\n');
  const cli = (args: string[], config?: string): Promise<Ended> =>
    muster(args, { cwd, env: config === undefined ? {} : { MUSTER_CONFIG: config } }).ended;
  /** A config file whose modules do this. */
  const configThat = (...does: string[]): string => {
    const folder = emptyFolder();
    const extensions = does.map((text, at) => (writeFileSync(join(folder, `${at}.mjs`), text), `./${at}.mjs`));
    writeFileSync(join(folder, 'muster.json'), JSON.stringify({ extensions }));
    return join(folder, 'muster.json');
  };
  expect((await cli(['up'])).code).toBe(0);
  const supervisor = readStack(join(cwd, '.muster'))?.supervisor;
  const broken = configThat('console.log("[]"); throw new Error("no luck");', 'export const kinds = [{ name: "x" }];');
  for (const args of [
    ['up', '--restart'],
    ['run', 'How often is the pump oiled?', '--docs', cwd],
  ]) {
    const refusal = await cli(args, broken);
    expect(refusal).toMatchObject({ code: 2, out: '' });
    expect(refusal.talk).toMatch(
      /muster: the stack can't be started again with the settings of this terminal: extensions: \.\/0\.mjs can't be loaded: Error: no luck; .*\.\/1\.mjs: kinds\[0\] "x": open: must be a function[^]*Kept: the stack that runs[^]*Next: /,
    );
    expect(refusal.talk).not.toMatch(/stops the worker|No task is at work/);
  }
  const dead = await cli(['up', '--restart'], configThat('process.exit(7);'));
  expect(dead).toMatchObject({ code: 2, talk: expect.stringContaining("they can't be read") as string });
  expect(readStack(join(cwd, '.muster'))?.supervisor).toBe(supervisor);
  expect(await cli(['run', 'How often is the pump oiled?', '--docs', cwd])).toMatchObject({
    code: 0,
    out: expect.stringContaining('40 days') as string,
  });
  await cli(['down']);
});

test('a stack is neither started nor stopped for a folder in which nothing can be read, nor stopped for a variable that is none', async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, '.muster'));
  const cli = (args: string[], env: Record<string, string> = {}): Promise<Ended> => muster(args, { cwd, env }).ended;
  const ask = (docs: string): Promise<Ended> => cli(['run', 'Why?', '--docs', docs]);
  const [empty, pictures] = [emptyFolder(), emptyFolder()];
  writeFileSync(join(pictures, 'a.png'), 'x');
  const program = join(emptyFolder(), 'pump');
  writeFileSync(program, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 0xff, 0xfe]));
  const none = await ask(empty);
  expect(none).toMatchObject({ code: 2, out: '' });
  expect(none.talk).toMatch(
    /^muster: there is nothing to read in \S+, so nothing was started: no file is there[^]*Next: /,
  );
  expect(none.talk).not.toMatch(/starts a local/);
  expect(readStack(join(cwd, '.muster'))).toBeUndefined();

  expect((await cli(['up'])).code).toBe(0);
  const supervisor = readStack(join(cwd, '.muster'))?.supervisor;
  for (const [docs, words] of [
    [empty, /nothing to read in \S+, so nothing was started: no file is there[^]*Kept: the stack that runs/],
    [pictures, /nothing to read in \S+, so nothing was started: a\.png: no text is read from \.png files/],
    [program, /nothing to read in \S+, so nothing was started: pump: binary content/],
  ] as const) {
    const refusal = await ask(docs);
    expect(refusal).toMatchObject({ code: 2, talk: expect.stringMatching(words) as string });
    expect(refusal.talk).not.toMatch(/stops the worker|No task is at work/);
  }
  const [many, config] = [emptyFolder(), join(emptyFolder(), 'muster.json')];
  for (const name of ['a.md', 'b.md', 'c.md']) writeFileSync(join(many, name), '# Pump\n');
  writeFileSync(config, '{ "corpus": { "files": 2 } }');
  const large = await cli(['run', 'Why?', '--docs', many], { MUSTER_CONFIG: config });
  expect(large).toMatchObject({ code: 2, talk: expect.stringContaining('one task reads at most 2 files') as string });
  expect(large.talk).not.toMatch(/stops the worker|No task is at work/);
  expect(readStack(join(cwd, '.muster'))?.supervisor).toBe(supervisor);
  const odd = { MUSTER_TEMPORAL_PORT: 'abc', MUSTER_PROGRESS_SECONDS: '-1' };
  const said = await cli(['up'], odd);
  expect(said.code).toBe(0);
  for (const name of Object.keys(odd)) expect(said.talk).toMatch(new RegExp(`${name} is "\\S+", it must be a whole`));
  const refused = await cli(['up', '--restart'], odd);
  expect(refused).toMatchObject({ code: 2, talk: expect.stringContaining('MUSTER_TEMPORAL_PORT is "abc"') as string });
  expect(readStack(join(cwd, '.muster'))?.supervisor).toBe(supervisor);
  await cli(['down']);
});

test('a task that waits finds its folder in the next stack, whatever that one is asked to read, and no longer than it is at work', async () => {
  const cwd = emptyFolder();
  const docs = realpathSync(emptyFolder());
  mkdirSync(join(cwd, '.muster'));
  writeFileSync(join(docs, 'mole.md'), '# Mole\n\nThe mole is 300 m long.\n');
  const cli = (args: string[]): Promise<Ended> => muster(args, { cwd }).ended;
  const rootsNow = (): string[] => readStack(join(cwd, '.muster'))?.roots ?? [];
  try {
    expect((await cli(['up', '--docs', docs, '--latency', '20000'])).code).toBe(0);
    const id = (await cli(['start', 'How long is the mole?', '--docs', docs])).out.trim();
    await until('the worker has it', async () => (await cli(['status', id])).out.includes('planning'));
    expect((await cli(['down'])).code).toBe(0);
    expect((await cli(['up'])).talk).toContain(`reads ${docs}, too, as the last stack did: a task is at work`);
    expect(rootsNow()).toContain(docs);
    expect(await cli(['watch', id])).toMatchObject({ code: 0, out: expect.stringContaining('300 m') as string });
    await cli(['down']);
    await cli(['up']);
    expect(rootsNow()).toEqual([cwd]);
  } finally {
    await cli(['down']);
  }
});

test.each([
  ['MUSTER_TEMPORAL_PORT', 'abc', '7234'],
  ['MUSTER_TEMPORAL_UI_PORT', '65536', '8234'],
  ['MUSTER_PROGRESS_SECONDS', '0', '5'],
  ['MUSTER_TEMPORAL_PATIENCE', '1.5', '90'],
  ['MUSTER_TEMPORAL_RETENTION', '30', '720h'],
  ['MUSTER_TEMPORAL_UNTUNED', 'yes', 'true'],
  ['MUSTER_SLOTS', 'many', '8'],
  ['MUSTER_LOG', 'xml', 'json'],
  ['MUSTER_LOG_LEVEL', 'loud', 'debug'],
])('%s with a value that it can’t have is told by its name', (name, bad, good) => {
  expect(plainProblems({ [name]: bad })).toEqual([
    expect.stringContaining(`${name} is "${bad}", it must be`) as string,
  ]);
  expect(plainProblems({ [name]: good })).toEqual([]);
});

test('a module that never ends to load is told of by whoever loads it, and by the process that would only try it', async () => {
  const never = await readExtension('./mine.mjs', () => new Promise(() => undefined), 20);
  expect(never).toEqual({
    problems: [
      "./mine.mjs can't be loaded: it was not loaded within 0.02 seconds: something at its top level does not end",
    ],
  });
  const folder = emptyFolder();
  writeFileSync(join(folder, 'busy.mjs'), 'for (const end = Date.now() + 5_000; Date.now() < end;);');
  writeFileSync(join(folder, 'muster.json'), '{ "extensions": ["./busy.mjs"] }');
  const from = pathToFileURL(resolve(__dirname, '../../dist/client/stack/settings-problems.js')).href;
  const script = `const { settingsProblems } = await import('${from}'); console.log(await settingsProblems('${folder}', [], 1500));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, MUSTER_CONFIG: join(folder, 'muster.json') },
    timeout: 20_000,
  });
  expect(said.toString()).toContain("they can't be read: what reads them was not done within 1.5 seconds");
});
