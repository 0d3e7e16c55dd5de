// The doctor where no Temporal server answers: what it finds all the same, and that nothing holds it up.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { judgedClock } from '../../worker/doctor/check-clock.ts';
import { checkSpeed } from '../../worker/doctor/check-speed.ts';
import { room } from '../../worker/doctor/room-left.ts';
import { CHECKS } from '../../worker/doctor/checks.ts';
import { NotLookedAt, ok, type Check, type Subject } from '../../worker/doctor/finding.ts';
import { runChecks, type Told } from '../../worker/doctor/run-checks.ts';
import { emptyFolder, MAIN, muster } from '../cli/support.ts';
import { inTerminal, terminalCommand } from '../cli/terminal.ts';
import { answer, oddServer, refuse } from '../model-misbehaviour/odd-server.ts';
import { doctor, look } from './support.ts';

const NOWHERE = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

test('where no server answers the doctor says so once, with what mends it, looks at the rest, and ends with 1', async () => {
  const home = join(emptyFolder(), '.muster');
  const { code, found, of } = await doctor({
    ...NOWHERE,
    MUSTER_HOME: home,
    MUSTER_MODEL: 'm',
    OPENAI_API_KEY: 'sk-test-never-shown-1',
    OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
  });
  expect(code).toBe(1);
  expect(
    found
      .filter(({ state }) => state === 'broken')
      .map(({ check }) => check)
      .sort(),
  ).toEqual(['models', 'server']);
  expect(of('server')).toEqual([
    {
      check: 'server',
      state: 'broken',
      words: 'no Temporal server answers at 127.0.0.1:1: nothing listens there',
      next: 'Start the local one with muster up, or name yours in TEMPORAL_ADDRESS.',
    },
  ]);
  expect(of('models')[0]?.words).toBe('nothing listens at 127.0.0.1:1, where m should be');
  for (const check of ['retention', 'attributes', 'workers', 'speed', 'clock'])
    expect(of(check)).toEqual([
      { check, state: 'skipped', words: 'not looked at: the Temporal server does not answer' },
    ]);
  expect(of('store').map(({ state }) => state)).not.toContain('broken');
  expect(new Set(found.map(({ check }) => check))).toEqual(new Set(CHECKS.map(({ name }) => name)));
  expect(JSON.stringify(found)).not.toContain('never-shown');
  // Nothing is made by looking.
  expect(existsSync(home)).toBe(false);
});

test('a stack that was started with another model is told, as what is looked at are the settings of the terminal', async () => {
  const home = join(emptyFolder(), '.muster');
  mkdirSync(home);
  const startedWith = { roots: [], latencyMs: 0, salt: 's', shown: { MUSTER_MODEL: 'm' }, secret: {}, files: {} };
  const write = (supervisor: number): void =>
    writeFileSync(
      join(home, 'stack.json'),
      JSON.stringify({ v: 1, supervisor, temporal: { address: '', uiUrl: '', started: true }, roots: [], startedWith }),
    );
  const warned = async (more: Record<string, string> = {}): Promise<string[]> =>
    (await look({ ...NOWHERE, MUSTER_HOME: home, ...more }, 'settings'))
      .filter(({ state }) => state === 'warn')
      .map(({ words }) => words);
  write(process.pid);
  expect(await warned()).toEqual([
    'the stack that runs was started with MUSTER_MODEL m, and here it is not set: what is looked at are the settings of this terminal',
  ]);
  expect(await warned({ MUSTER_MODEL: 'm', OPENAI_API_KEY: 'sk-test' })).toEqual([]);
  const keys = spawnSync(process.execPath, [MAIN, 'doctor', '--models'], {
    env: { PATH: process.env.PATH, ...NOWHERE, MUSTER_HOME: home },
    encoding: 'utf8',
  });
  expect(keys.stderr).toMatch(
    /started with MUSTER_MODEL m, and here it is not set[^]*Next: set MUSTER_MODEL[^]*there is no model/,
  );
  // Of one that is gone nothing is held against it.
  write(2 ** 22 + 1);
  expect(await warned()).toEqual([]);
});

test('settings that no worker would start with are told one by one, and what can be looked at without them is', async () => {
  const home = join(emptyFolder(), '.muster');
  const env = { ...NOWHERE, MUSTER_HOME: home, MUSTER_SLOTS: 'many', MUSTER_LOG: 'yaml' };
  const found = await look(env, 'settings', 'models', 'store');
  expect(found.filter(({ state }) => state === 'broken').map(({ words }) => words)).toEqual([
    'MUSTER_SLOTS is "many", it must be a whole number from 1',
    'MUSTER_LOG is "yaml", it must be one of json, text',
  ]);
  expect(found.find(({ check }) => check === 'models')).toMatchObject({
    state: 'skipped',
    words: 'not looked at: the settings can’t be used',
  });
  expect(found.filter(({ check }) => check === 'store')).toHaveLength(2);
});

test('a store that can’t be written is broken, with the reason and what mends it, and is left as it was', async () => {
  const home = join(emptyFolder(), '.muster');
  mkdirSync(home);
  writeFileSync(join(home, 'store'), 'a file');
  expect((await look({ ...NOWHERE, MUSTER_HOME: home }, 'store'))[0]).toMatchObject({
    state: 'broken',
    words: expect.stringMatching(/the store can’t be written: .*store \(ENOTDIR\)/),
    next: expect.stringContaining('a file stands where the folder should be'),
  });
  const full = join(emptyFolder(), '.muster');
  mkdirSync(join(full, 'store'), { recursive: true });
  // What a full disk does, without filling one: this process may write no file at all.
  const limited = `ulimit -f 0; exec "$0" "$1" doctor --json`;
  const env = { PATH: process.env.PATH, MUSTER_HOME: full, ...NOWHERE };
  const { status, stdout } = spawnSync('bash', ['-c', limited, process.execPath, MAIN], { encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stdout).toMatch(/the store can’t be written: .*EFBIG.*ulimit -f/);
  expect(readdirSync(join(full, 'store'))).toEqual([]);
});

test('free space is judged by how much is left, for people and as a number', async () => {
  const disk = (free: number, whole: number) => async () =>
    ({ bavail: free, blocks: whole, bsize: 1_048_576 }) as never;
  const states = async (free: number) => (await room(emptyFolder(), disk(free, 100_000)))[0]?.state;
  expect([await states(50_000), await states(1_500), await states(50)]).toEqual(['ok', 'warn', 'broken']);
  expect((await room(emptyFolder(), disk(50, 100_000)))[0]).toMatchObject({
    words: expect.stringMatching(/^0\.0 GB of 98 GB are free for /),
    next: expect.stringContaining('retentionDays'),
    data: { freeBytes: 52_428_800 },
  });
});

test('a port that a setting names and another program has is broken; ports that nobody named are only told', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  const env = { MUSTER_HOME: join(emptyFolder(), '.muster'), MUSTER_TEMPORAL_PORT: String(port) };
  expect(await look(env, 'ports')).toEqual([
    {
      check: 'ports',
      state: 'broken',
      words: `port ${port}, which MUSTER_TEMPORAL_PORT names for the Temporal server, is taken by another program`,
      next: 'stop that program, or name another port in MUSTER_TEMPORAL_PORT',
    },
  ]);
  await new Promise((done) => taken.close(done));
});

test('a stack whose supervisor is gone, or one of whose parts does not answer, is broken', async () => {
  const home = join(emptyFolder(), '.muster');
  mkdirSync(home);
  const stack = {
    v: 1,
    supervisor: 2 ** 22 + 1,
    temporal: { address: '127.0.0.1:1', uiUrl: '', started: true },
    roots: [],
  };
  writeFileSync(join(home, 'stack.json'), JSON.stringify(stack));
  expect((await look({ MUSTER_HOME: home }, 'ports'))[0]).toMatchObject({
    state: 'broken',
    words: expect.stringContaining('has ended'),
  });
  writeFileSync(join(home, 'stack.json'), JSON.stringify({ ...stack, supervisor: process.pid }));
  expect((await look({ MUSTER_HOME: home }, 'ports'))[0]).toMatchObject({
    state: 'broken',
    words: 'of the local stack the Temporal server does not answer',
    next: expect.stringContaining('muster up --restart'),
  });
});

test('a key is tried by one tiny call, and one that is refused is told with what to do', async () => {
  const bounds: unknown[] = [];
  const server = await oddServer(({ body, response, request }) => {
    bounds.push(body.max_completion_tokens ?? body.max_tokens);
    if (request.headers.authorization?.includes('right')) return answer('chat', response, { text: 'yes' });
    refuse(response, 401, { error: { message: 'No such key' } });
  });
  const cwd = emptyFolder();
  const config = join(cwd, 'config.json');
  const named = (name: string) => ({
    name,
    baseURL: server.url,
    keyFrom: `${name.toUpperCase()}_KEY`,
    models: [{ name: `of-${name}` }],
  });
  writeFileSync(config, JSON.stringify({ providers: [named('good'), named('bad')] }));
  const env = {
    MUSTER_HOME: join(cwd, '.muster'),
    MUSTER_CONFIG: config,
    GOOD_KEY: 'sk-right-key-1',
    BAD_KEY: 'sk-wrong-key-1',
  };
  const { code, out } = await muster(['doctor', '--keys'], { env }).ended;
  expect(code).toBe(1);
  expect(out).toMatch(/^of-good\n {2}ok {2}key\n[^]*^of-bad\n {2}no {2}key: .*No such key.*OPENAI_API_KEY/m);
  expect(bounds).toEqual([16, 16]);
  await server.close();
});

test('checks run side by side, each is told as it comes, and one that hangs or throws holds up no other', async () => {
  let release = (): void => undefined;
  const second = new Promise<void>((done) => (release = done));
  const check = (name: string, look: Check['look']): Check => ({ name, about: '', look });
  let isStopped = false;
  const checks = [
    check('waits for the second', async () => (await second, [ok('came after')])),
    check('second', async () => (release(), [ok('came first')])),
    check('throws', () => Promise.reject(new Error('Not allowed'))),
    check('elsewhere', () => Promise.reject(new NotLookedAt('no server'))),
    check('hangs', async (_subject, signal) => {
      signal.addEventListener('abort', () => (isStopped = true));
      return await new Promise(() => undefined);
    }),
  ];
  const told: Told[] = [];
  const isWell = await runChecks(checks, {} as Subject, (one) => void told.push(one), 200);
  expect(isWell).toBe(false);
  expect(isStopped).toBe(true);
  const order = told.map(({ check: name }) => name);
  expect(order.indexOf('second')).toBeLessThan(order.indexOf('waits for the second'));
  expect(order.at(-1)).toBe('hangs');
  expect(Object.fromEntries(told.map(({ check: name, state }) => [name, state]))).toEqual({
    second: 'ok',
    'waits for the second': 'ok',
    throws: 'broken',
    elsewhere: 'skipped',
    hangs: 'broken',
  });
  expect(told.at(-1)?.words).toBe('this could not be looked at within 0.2 s');
  expect(await runChecks(checks.slice(1, 2), {} as Subject, () => undefined)).toBe(true);
});

test('a server that takes long from step to step is told with the settings that mend it, by what most steps took', async () => {
  const told = (hopsMs: number[]) =>
    checkSpeed.look(
      {
        measured: async () => ({ hopsMs, timerLateMs: 5, isEager: true, takesQueries: true, keepsEvents: true }),
      } as unknown as Subject,
      new AbortController().signal,
    );
  expect(await told([90, 70, 110])).toMatchObject([
    { state: 'warn', next: expect.stringContaining('transferProcessorMaxPollRPS'), data: { hopMs: 90 } },
  ]);
  expect(await told([12, 200, 14])).toMatchObject([{ state: 'ok' }]);
});

test('clocks that are apart are told by how much, beyond what was measured for sure', () => {
  const state = (aheadMs: number, withinMs = 20) => judgedClock('the Temporal server', { aheadMs, withinMs }).state;
  expect([state(0), state(-1_500), state(3_000, 2_500), state(-3_000), state(90_000)]).toEqual([
    'ok',
    'ok',
    'ok',
    'warn',
    'broken',
  ]);
  expect(judgedClock('the Temporal server', { aheadMs: -90_000, withinMs: 0 })).toMatchObject({
    words: 'the clock of the Temporal server is 90.0 s behind this machine’s',
    next: expect.stringContaining('NTP'),
  });
});

test('the doctor whose reader has seen enough ends with what it found, and no stack trace', async () => {
  const { child, ended } = muster(['doctor', '--json'], { env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 1, talk: '' });
});

test('the doctor refuses what it does not know, and its help names every check', async () => {
  const odd = await muster(['doctor', '--modles']).ended;
  expect(odd).toMatchObject({ code: 2, out: '' });
  expect(odd.talk).toMatch(/--modles.*muster doctor --help/);
  const help = await muster(['doctor', '--help']).ended;
  expect(help.code).toBe(0);
  for (const { name, about } of CHECKS) expect(help.out).toContain(`  ${name.padEnd(12)}${about}`);
});

(terminalCommand ? test : test.skip)(
  'on a terminal no word of the doctor is broken at its edge, and a pipe gets whole lines',
  async () => {
    const env = { ...NOWHERE, MUSTER_HOME: join(emptyFolder(), '.muster') };
    const { written, ended } = inTerminal(MAIN, ['doctor'], env, { columns: 80, rows: 40 });
    await ended;
    const lines = written().split(/\r?\n/);
    // An address or a path stays whole.
    for (const line of lines.filter((one) => one.length > 80)) expect(line.trimStart()).not.toContain(' ');
    expect(lines.filter((one) => /^ {20}(?!Next)\S/.test(one)).length).toBeGreaterThan(0);
    const piped = (await muster(['doctor'], { env }).ended).out.split('\n');
    expect(piped.filter((one) => /^ {20}(?!Next)\S/.test(one))).toEqual([]);
  },
);
