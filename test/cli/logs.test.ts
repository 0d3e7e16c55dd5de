// `muster logs` over the log files of a home: which lines, in which order, as words and as JSON; followed as they grow; and the
// bound that keeps the files from filling a disk.

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BoundedFile, olderLog } from '../../client/stack/bounded-file.ts';
import { stackSays } from '../../client/stack/stack-log.ts';
import { until } from '../rig/until.ts';
import { moduleTrace } from './loaded-modules.ts';
import { CONTROL, emptyFolder, HOSTILE, MAIN, muster } from './support.ts';

const line = (second: number, room: string, message: string, more: object = {}): string =>
  `${JSON.stringify({ level: 'info', time: `2026-01-02T12:00:${String(second).padStart(2, '0')}.000Z`, room, pid: 1, message, ...more })}\n`;

function homeWithLogs(): { cwd: string; home: string } {
  const cwd = emptyFolder();
  const home = join(cwd, '.muster');
  mkdirSync(home);
  writeFileSync(join(home, 'worker.log.1'), line(1, 'worker', 'the oldest', { task: 't-1' }));
  writeFileSync(
    join(home, 'worker.log'),
    line(2, 'worker', 'a call failed', { task: 't-1', subtask: 's1', generation: 2, call: 'turn-1', level: 'warn' }) +
      `    at crash (file.js:1) ${HOSTILE.replaceAll('\n', ' ')}\n` +
      line(6, 'worker', 'of another', { task: 't-2', agent_session_id: 'weekly' }),
  );
  writeFileSync(
    join(home, 'gateway.log'),
    line(4, 'gateway', 'GET /tasks/t-1 200', { task: 't-1', log: 'access' }) + line(5, 'gateway', 'GET /healthz 200'),
  );
  return { cwd, home };
}

const messages = (out: string): string[] =>
  out
    .trimEnd()
    .split('\n')
    .map((one) => (JSON.parse(one) as { message: string }).message);

test('all parts of a stack are shown in the order of time, as words a line, and nothing in them drives a terminal', async () => {
  const { cwd } = homeWithLogs();
  const { code, out } = await muster(['logs'], { cwd }).ended;
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines.map((one) => one.replace(/^\d\d:\d\d:\d\d /, '').slice(0, 60))).toEqual([
    'muster worker: the oldest (t-1)',
    'muster worker: warn: a call failed (s1/g2 turn-1 of t-1)',
    expect.stringMatching(/^worker: {5}at crash \(file\.js:1\) safe/),
    'muster gateway: GET /tasks/t-1 200 (t-1)',
    'muster gateway: GET /healthz 200',
    'muster worker: of another (t-2)',
  ]);
  expect(out).not.toMatch(CONTROL);
});

test('the lines of one task or session are chosen by its id, the last ones by number, for a program as JSON', async () => {
  const { cwd } = homeWithLogs();
  const ask = async (...args: string[]) => messages((await muster(['logs', ...args, '--json'], { cwd }).ended).out);
  expect(await ask('t-1')).toEqual(['the oldest', 'a call failed', 'GET /tasks/t-1 200']);
  expect(await ask('weekly')).toEqual(['of another']);
  expect(await ask('--last', '1')).toEqual(['of another']);
  const none = await muster(['logs'], { cwd: emptyFolder() }).ended;
  expect(none).toMatchObject({ code: 3, out: '' });
  expect(none.talk).toMatch(/there are no logs in .*Next: muster up starts a stack/s);
});

test('an id that no line is of is told, and another one that begins like it is none of its lines', async () => {
  const { cwd, home } = homeWithLogs();
  appendFileSync(join(home, 'temporal.log'), 'lost t-10\nlost t-1-b\nlost "t-1/background"\n');
  const found = await muster(['logs', 't-1', '--json'], { cwd }).ended;
  expect(messages(found.out).filter((one) => one.startsWith('lost'))).toEqual(['lost "t-1/background"']);
  const none = await muster(['logs', 't-9'], { cwd }).ended;
  expect(none).toMatchObject({ code: 3, out: '' });
  expect(none.talk).toMatch(/no line of the logs in .* is of t-9.*Next: muster list/s);
});

test('a task is named to the logs by the end of its id, too, and what several ids end in names none', async () => {
  const { cwd, home } = homeWithLogs();
  const of = (id: string, at: number): string => line(at, 'worker', `of ${id}`, { task: id });
  appendFileSync(join(home, 'worker.log'), of('why-is-it-43b2120280b4', 7) + of('how-is-it-d295e91987b1', 8));
  const found = await muster(['logs', 'd295e91987b1', '--json'], { cwd }).ended;
  expect(messages(found.out)).toEqual(['of how-is-it-d295e91987b1']);
  appendFileSync(join(home, 'worker.log'), of('who-is-it-d295e91987b1', 9));
  const both = await muster(['logs', 'd295e91987b1'], { cwd }).ended;
  expect(both).toMatchObject({ code: 2, out: '' });
  expect(both.talk).toMatch(/2 tasks begin or end with d295e91987b1.*Next: Give more of the id/s);
});

test('logs are followed over the moment in which a file begins anew, and end with 0 when they are to', async () => {
  const { cwd, home } = homeWithLogs();
  const follows = muster(['logs', '--follow', '--json'], { cwd });
  await until('what is there is shown', () => follows.sofar.out.includes('of another'));
  appendFileSync(join(home, 'worker.log'), line(7, 'worker', 'before'));
  const file = new BoundedFile(join(home, 'worker.log'), 1);
  file.write(line(8, 'worker', 'after'));
  await until('both are shown', () => follows.sofar.out.includes('"after"'));
  appendFileSync(join(home, 'model.log'), 'a new part\n');
  await until('a new part is shown', () => follows.sofar.out.includes('a new part'));
  follows.child.kill('SIGINT');
  const { code, out } = await follows.ended;
  expect(code).toBe(0);
  expect(messages(out).slice(-4)).toEqual(['of another', 'before', 'after', 'a new part']);
});

test('a command that only asks loads no logger', async () => {
  const { cwd } = homeWithLogs();
  for (const args of [['--help'], ['logs', 't-1']]) {
    const trace = moduleTrace();
    expect(await muster(args, { cwd, env: trace.env }).ended).toMatchObject({ code: 0 });
    expect([trace.logger(), trace.temporal()]).toEqual([false, []]);
  }
  // And that this would be seen.
  const worker = moduleTrace();
  const main = resolve(MAIN, '../../../worker/main.js');
  spawnSync(process.execPath, [main], { cwd, env: { PATH: process.env.PATH, ...worker.env, MUSTER_SLOTS: 'many' } });
  expect(worker.logger()).toBe(true);
});

test('a log file and the one before it keep to their size, whatever is written', () => {
  const path = join(emptyFolder(), 'worker.log');
  const file = new BoundedFile(path, 1_000);
  for (let at = 0; at < 100; at += 1) file.write(`${at} ${'x'.repeat(90)}\n`);
  expect(statSync(path).size).toBeLessThan(1_200);
  expect(statSync(olderLog(path)).size).toBeLessThan(1_200);
  const both = readFileSync(olderLog(path), 'utf8') + readFileSync(path, 'utf8');
  const numbers = both
    .trimEnd()
    .split('\n')
    .map((one) => parseInt(one, 10));
  expect(numbers).toEqual(numbers.map((_, at) => 100 - numbers.length + at));
  // A folder that is gone ends nobody.
  new BoundedFile(join(path, 'nowhere')).write('x\n');
});

test('what a stack in the background says is in its log without the secrets of its environment', () => {
  const home = emptyFolder();
  stackSays(home, { OPENAI_API_KEY: 'never-shown-here-1' })('the worker ended: never-shown-here-1 is refused');
  const text = readFileSync(join(home, 'stack.log'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ room: 'stack', message: 'the worker ended: … is refused' });
  expect(existsSync(olderLog(join(home, 'stack.log')))).toBe(false);
});
