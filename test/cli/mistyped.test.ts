// mistyped.test.ts: a variable that was probably meant as a setting does not go without a word.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mistypedVariables, VARIABLES } from '../../protocol/mistyped-variables.ts';
import { doctor } from '../doctor/support.ts';
import { emptyFolder, muster } from './support.ts';

test.each<[string, Record<string, string>, string[]]>([
  ['two letters swapped', { MUSTER_MODLE: 'x' }, ['MUSTER_MODLE is no setting: was MUSTER_MODEL meant?']],
  ['a letter too many', { MUSTER_MODELS: 'x' }, ['MUSTER_MODELS is no setting: was MUSTER_MODEL meant?']],
  ['another bar', { OPENAI_BASEURL: 'x' }, ['OPENAI_BASEURL is no setting: was OPENAI_BASE_URL meant?']],
  ['a letter left out', { TEMPORAL_ADRESS: 'x' }, ['TEMPORAL_ADRESS is no setting: was TEMPORAL_ADDRESS meant?']],
  ['the right name beside it', { MUSTER_MODLE: 'x', MUSTER_MODEL: 'y' }, []],
  ['a name of its own', { MUSTER_WEBHOOK_KEY: 'x', MUSTER_LOG_OF_OURS: 'x', OPENAI_API_KEY_OLD: 'x' }, []],
  ['all right', Object.fromEntries(VARIABLES.map((name) => [name, 'x'])), []],
])('a variable with %s is told of where a setting was probably meant', (_what, env, told) => {
  expect(mistypedVariables(env)).toEqual(told);
});

test('every variable that a process reads is known as a setting', () => {
  const root = resolve(__dirname, '../..');
  const rooms = [
    'activities',
    'client',
    'documents',
    'gateway',
    'protocol',
    'settings',
    'simulator',
    'store',
    'telemetry',
    'worker',
  ];
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, room, name)),
  );
  expect(files.length).toBeGreaterThan(500);
  const read = [...files, join(root, 'temporal-dev.sh')].flatMap(
    (file) => readFileSync(file, 'utf8').match(/\bMUSTER_[A-Z_]*[A-Z]\b/g) ?? [],
  );
  // One that is only ever an example of a mistake.
  expect([...new Set(read)].filter((name) => !VARIABLES.includes(name) && name !== 'MUSTER_MODLE')).toEqual([]);
});

test('the doctor, a worker, a gateway and each command say so, and never what its value is', async () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', MUSTER_MODLE: 'secret-4711' };
  const { of, talk } = await doctor({ ...env, MUSTER_HOME: join(emptyFolder(), '.muster') });
  expect(of('settings')).toContainEqual(
    expect.objectContaining({ state: 'warn', words: 'MUSTER_MODLE is no setting: was MUSTER_MODEL meant?' }),
  );
  const worker = await muster(['worker'], { cwd: emptyFolder(), env }).ended;
  expect(worker.talk).toContain('MUSTER_MODLE is no setting: was MUSTER_MODEL meant?');
  const gateway = await muster(['gateway'], { cwd: emptyFolder(), env }).ended;
  expect(gateway.talk).toContain('MUSTER_MODLE is no setting: was MUSTER_MODEL meant?');
  const list = await muster(['list'], { cwd: emptyFolder(), env }).ended;
  expect(list.talk).toMatch(/^muster: MUSTER_MODLE is no setting: was MUSTER_MODEL meant\?\nmuster: no /);
  const { TEMPORAL_ADDRESS: _none, ...own } = env;
  const broken = { ...own, MUSTER_TEMPORAL_PORT: 'none' };
  const up = await muster(['up'], { cwd: emptyFolder(), env: broken }).ended;
  expect([up.code === 0, up.talk.includes('was MUSTER_MODEL meant?')]).toEqual([false, true]);
  expect(
    [JSON.stringify(of('settings')), talk, worker.talk, gateway.talk, list.talk, up.talk].join('\n'),
  ).not.toContain('secret-4711');
});
