// command-line.test.ts: what a person meets who types something that can't work: one sentence, what to do, the right
// exit code, no stack trace, no hang. Of each sort one as a real process; no server is needed.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolderSync, tryFolderSync } from '../../store/make-folder.ts';
import { configFile } from '../../protocol/schemas/config.ts';
import { OVER_HTTP } from '../../client/cli/commands/table.ts';
import { rootsOf } from '../../client/cli/sources.ts';
import { cases } from '../rig/long.ts';
import { emptyFolder, muster, musterHere, type Ended } from './support.ts';

const COMMANDS =
  'run start status watch result list cancel tell pause resume extend swap finish stop retry add answer-now approve answer schedule schedules redeliver cancel-background forget init dev up down'.split(
    ' ',
  );
/** Nothing listens there. */
const NOWHERE = { TEMPORAL_ADDRESS: '127.0.0.1:1', MUSTER_DEPLOYMENT: 'deadbeef' };

const LIST_SCHEMA = join(emptyFolder(), 'list.json');
writeFileSync(LIST_SCHEMA, '{ "type": "array" }');

function refused({ out, talk }: Ended): string {
  expect(out).toBe('');
  expect(talk).toMatch(/^muster: \S.*[.!?]\n/);
  expect(talk).not.toMatch(/\n\s+at |Error:|node:internal/);
  return talk;
}

test('a person who asks for help is shown every command and what the exit codes mean', async () => {
  const { code, out, talk } = await muster(['--help']).ended;
  expect(code).toBe(0);
  expect(talk).toBe('');
  for (const name of [...COMMANDS, 'worker', 'simulate']) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(out).not.toContain('quickstart');
  expect(out).toContain('130 interrupted');
});

test.each(COMMANDS)('muster %s --help shows its options and two examples', async (name) => {
  const { code, out } = await (name === 'run' ? muster([name, '--help']).ended : musterHere([name, '--help']));
  expect(code).toBe(0);
  expect(out).toContain(`Usage: muster ${name}`);
  const examples = out.slice(out.indexOf('Examples:')).split('\n').slice(1);
  expect(examples.filter((line) => line.includes('muster')).length).toBeGreaterThanOrEqual(2);
  // What can be asked of a gateway can be read by a program.
  if (OVER_HTTP.includes(name)) expect(out).toMatch(/^ {2}--json /m);
  const named = [...out.slice(0, out.indexOf('Examples:')).matchAll(/(?<=\s)--[a-z][a-z-]+/g)].map(([flag]) => flag);
  // Of all commands.
  for (const flag of named.filter((one) => one !== '--url'))
    expect(out).toMatch(new RegExp(`^ {2}(?:-\\w, )?${flag}\\b`, 'm'));
});

test.each(['worker', 'simulate'])('muster %s passes its arguments to the room that owns it', async (name) => {
  const { code, out } = await muster([name, '--help']).ended;
  expect(code).toBe(0);
  expect(out).toContain(`muster ${name}`);
});

test('muster worker --help names each key that its file may have', async () => {
  const { out } = await muster(['worker', '--help']).ended;
  for (const key of Object.keys(configFile.shape)) expect(out).toMatch(new RegExp(`^ {22}(?:.*, )?${key}(?:,|$)`, 'm'));
});

test.each(cases([['--nope'], ['--roots', 'x'], ['extra', 'words']], (_words, at) => at === 0))(
  'muster worker refuses %s, which it would leave unread',
  async (...args) => {
    const { code, talk } = await muster(['worker', ...args]).ended;
    expect(code).toBe(2);
    expect(talk).toMatch(new RegExp(`there is no option ${args[0]}[^]*muster worker --help`));
  },
);

test('muster simulate passes the exit code of bad usage through', async () => {
  expect((await muster(['simulate', '--port', 'x']).ended).code).toBe(2);
});

test('muster simulate ends when it is told to', async () => {
  const { child, sofar, ended } = muster(['simulate', '--port', '0']);
  while (!sofar.out.includes('listening on')) await new Promise((done) => setTimeout(done, 20));
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

test.each([
  ['an unknown option', ['run', 'goal', '--dcos', '.'], /unknown option '--dcos' \(Did you mean --docs\?\)/],
  ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
  ['help for an unknown command', ['help', 'lst'], /unknown command 'lst' \(Did you mean list\?\)/],
  [
    'a goal that was not quoted',
    ['run', 'compare', 'these'],
    /too many words: muster run takes one word beside its options, and 2 were given[^]*quotes/,
  ],
  ['no goal', ['run'], /there is no goal[^]*Next: muster run "/],
  ['an empty goal', ['run', '  '], /the goal is empty/],
  ['an empty goal for start', ['start', ''], /the goal is empty/],
  ['a huge goal', ['run', 'x'.repeat(40_000)], /the goal has 40000 bytes, at most 32768 are allowed/],
  ['a path that is not there', ['run', 'goal', '--docs', '/not/there'], /there is nothing at \/not\/there/],
  ['a class that is not there', ['run', 'goal', '--class', 'hasty'], /no class "hasty"; there are quick, standard/],
  ['an empty key', ['run', 'goal', '--key', ''], /--key[^]*must not be empty/],
  ['a time-out that is no number', ['run', 'goal', '--timeout', 'soon'], /--timeout[^]*must be a number above 0/],
  ['a state that is not there', ['list', '--state', 'lost'], /--state[^]*queued, running/],
  ['a mistyped word', ['schedule', 'puase', 'weekly'], /no "muster schedule puase"[^]*muster schedule pause/],
  ['a schedule of no name', ['schedule', 'pause'], /takes the name of one schedule[^]*muster schedules/],
  ['a time that is none', ['schedule', 'sometimes', 'what?'], /the time "sometimes" has 1 fields/],
  [
    'a word too many',
    ['list', 'extra'],
    /too many words: muster list takes no word .*, and 1 was given\.\n[^]*Next: muster list --help/,
  ],
  ['an empty id', ['status', ''], /the id of the task is empty[^]*muster list/],
  ['an id of blanks', ['cancel', '  '], /the id of the task is empty/],
  ['no id to forget', ['forget'], /the id of the task is missing/],
  ['a limit of none', ['list', '--limit', '0'], /--limit[^]*must be 1 or more/],
  ['a limit below none', ['list', '--limit', '-3'], /--limit[^]*must be 1 or more/],
  ['a limit beyond all', ['list', '--limit', '9999999999'], /--limit[^]*must be 999,999,999 or less/],
  ['half a limit', ['list', '--limit', '1.5'], /--limit[^]*must be a whole number/],
  ['no number to extend by', ['extend', 'id', '--tokens', '0'], /--tokens[^]*must be a number other than 0/],
  ['half a token', ['extend', 'id', '--tokens', '-0.5'], /--tokens[^]*must be a whole number/],
  ['a subtask that is not named', ['stop', 'id'], /missing required argument 'subtask'/],
  ['an event of no name', ['run', 'g', '--webhook-events', 'lost'], /--webhook-events[^]*There are completed, failed/],
  ['events of no webhook', ['run', 'g', '--webhook-events', 'failed'], /go with --webhook/],
  ['a receiver without a kind', ['run', 'g', '--notify', 'you'], /--notify[^]*a kind and an address/],
  ['a password in a webhook', ['run', 'g', '--webhook', 'https://a:b@x.example', '--no-up'], /user name or password/],
  ['an empty pattern', ['run', 'goal', '--include', ''], /--include[^]*must not be empty/],
  [
    'a schema that is not there',
    ['run', 'goal', '--schema', '/not/there'],
    /--schema: \/not\/there can't be read: there is no/,
  ],
  ['a folder as schema', ['run', 'goal', '--schema', '/'], /--schema: \/ can't be read: it is a folder/],
  ['no JSON as schema', ['run', 'goal', '--schema', __filename], /--schema: \S+ is no JSON/],
  [
    'a schema of a list',
    ['run', 'goal', '--schema', LIST_SCHEMA],
    /--schema: \S+ can't be used: it must describe an object/,
  ],
  ['a missing id', ['status'], /missing required argument 'id'/],
  [
    'an ending that no format has',
    ['run', 'goal', '-o', 'x.docx'],
    /no format for names that end in \.docx[^]*\.md, \.markdown, \.html, \.htm, \.json, \.txt, or name a --format/,
  ],
  ['a folder for the answer that is not there', ['run', 'goal', '--out', '/not/there/a.md'], /no folder \/not\/there/],
])('a person who gives %s is told so with exit 2, and nothing is started', async (what, args, sentence) => {
  const ended = await (what === 'an unknown option' || what === 'no goal' ? muster(args).ended : musterHere(args));
  expect(refused(ended)).toMatch(sentence);
  expect(ended.talk).toMatch(/^ {2}Next: \S/m);
  expect(ended.code).toBe(2);
});

test('a huge goal on standard input is refused without being read to its end', async () => {
  const ended = await muster(['run', '-'], { stdin: 'y'.repeat(5_000_000) }).ended;
  expect(refused(ended)).toMatch(/the goal on standard input has more than 1048576 bytes, at most 32768 are allowed/);
  expect(ended.code).toBe(2);
});

const WITHOUT_SERVER: [string, string[]][] = [
  ['run', ['run', 'goal']],
  ['result', ['result', 'some-task']],
  ['start', ['start', 'goal']],
  ['list', ['list']],
  ['status', ['status', 'some-task']],
  ['watch', ['watch', 'some-task']],
  ['cancel', ['cancel', 'some-task']],
];

// Each waits as long as a server may take to answer.
test.each(cases(WITHOUT_SERVER, (_one, at) => at < 2))(
  'muster %s without a server says where it looked and what to do, with exit 5',
  async (name, args) => {
    const ended = await (name === 'run' ? muster(args, { env: NOWHERE }).ended : musterHere(args, { env: NOWHERE }));
    expect(refused(ended)).toMatch(/no Temporal server answers at 127\.0\.0\.1:1: nothing listens there\.\n {2}Next: /);
    expect(ended.code).toBe(5);
  },
);

test('a command where no deployment is about says where it looked, with exit 5', async () => {
  const ended = await musterHere(['list']);
  expect(refused(ended)).toMatch(/no deployment was found[^]*Next: .*muster up/);
  expect(ended.code).toBe(5);
});

test('a program that asked for JSON gets the refusal as JSON, too', async () => {
  const { code, out } = await musterHere(['list', '--json'], { env: NOWHERE });
  expect(code).toBe(5);
  expect(JSON.parse(out)).toMatchObject({ type: 'error', exitCode: 5, next: expect.any(String) as string });
});

test('muster down where nothing runs says so and is content', async () => {
  const { code, talk } = await muster(['down']).ended;
  expect(code).toBe(0);
  expect(talk).toMatch(/no stack runs/);
});

test('a receiver that the config does not allow is refused before anything is started', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'muster.json'), '{ "email": { "host": "h", "from": "a@b.c", "allow": ["@example.com"] } }');
  const env = { MUSTER_CONFIG: join(cwd, 'muster.json') };
  for (const [flags, words] of [
    [['--webhook', 'https://x.example'], /no webhook is sent without a key to sign it with/],
    [['--notify', 'email:me@example.org'], /no mail may go to me@example\.org/],
    [['--notify', 'ntfy:https://ntfy.sh/x'], /nothing is sent to ntfy here/],
  ] as const) {
    const ended = await musterHere(['run', 'goal', ...flags], { cwd, env });
    expect(refused(ended)).toMatch(words);
    expect(ended.code).toBe(2);
  }
});

const WITH_CHAT = {
  email: { host: 'h', from: 'a@b.c', allow: ['@example.com'] },
  extensions: [resolve(__dirname, '../../examples/notifier/chat.mjs')],
};

test.each<[what: string, config: object | undefined, flags: string[], words: RegExp]>([
  [
    'an address of no web server',
    undefined,
    ['--webhook', 'ftp://x'],
    /--webhook: .* no http or https address; write it whole/,
  ],
  ['an address that is none', WITH_CHAT, ['--notify', 'ntfy:topic'], /--notify: the ntfy address is no http or https/],
  ['a mail address that is none', undefined, ['--notify', 'email:nobody'], /--notify: "nobody" is no mail address/],
  [
    'a kind that is not there, without a config',
    undefined,
    ['--notify', 'fax:12'],
    /--notify: there is no notifier "fax"; there are webhook, email, ntfy\.\n {2}Next: .*docs\/notify\.md/,
  ],
  [
    'a kind that is nearly there',
    WITH_CHAT,
    ['--notify', 'chats:team'],
    /no notifier "chats" \(did you mean "chat"\?\); there are webhook, email, ntfy, chat\./,
  ],
  ['a mail without a config', undefined, ['--notify', 'email:me@example.com'], /--notify: no mail is sent here/],
])('a receiver with %s is refused by its option before anything is started', async (_what, config, flags, words) => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'muster.json'), JSON.stringify(config ?? {}));
  const env: Record<string, string> = config ? { MUSTER_CONFIG: join(cwd, 'muster.json') } : {};
  const args = ['run', 'goal', ...flags];
  // Modules of a config are loaded by a process of its own alone.
  const ended = await (config ? muster(args, { cwd, env }).ended : musterHere(args, { cwd, env }));
  expect(refused(ended)).toMatch(words);
  expect(ended.code).toBe(2);
});

test('a notifier of an extension is taken for one, and elsewhere only addresses are judged', async () => {
  const cwd = emptyFolder();
  const config = join(cwd, 'muster.json');
  writeFileSync(config, JSON.stringify(WITH_CHAT));
  const args = ['start', 'goal', '--notify', 'chat:team', '--no-up'];
  expect((await muster(args, { cwd, env: { MUSTER_CONFIG: config } }).ended).talk).toMatch(/no deployment was found/);
  const elsewhere = { env: NOWHERE, cwd };
  expect((await musterHere(['run', 'goal', '--notify', 'fax:12'], elsewhere)).code).toBe(5);
  expect((await musterHere(['run', 'goal', '--webhook', 'ftp://x'], elsewhere)).code).toBe(2);
});

test('a config file that can’t be read is named in the refusal', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'muster.json'), '{ roots: }');
  const ended = await musterHere(['run', 'goal'], { cwd, env: { MUSTER_CONFIG: join(cwd, 'muster.json') } });
  expect(refused(ended)).toContain('muster.json');
  expect(ended.code).toBe(2);
});

test('a mistake in the config file is the only one that is told: no model is missed for it', async () => {
  const cwd = emptyFolder();
  const config = join(cwd, 'muster.json');
  writeFileSync(config, JSON.stringify({ web: { allow: 'example.org' } }));
  const { code, talk } = await muster(['up'], { cwd, env: { MUSTER_CONFIG: config } }).ended;
  expect(code).toBe(2);
  expect(talk).toMatch(
    /^muster: the stack can't be started [^\n]*: \S+muster\.json: web\.allow: [^\n;]*\.\n {2}Next: /,
  );
});

test('a stack file of a stack that is gone does not keep muster down waiting', async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, '.muster'));
  const stack = { v: 1, supervisor: 1, temporal: { address: '127.0.0.1:1', uiUrl: '', started: true }, roots: [cwd] };
  writeFileSync(join(cwd, '.muster/stack.json'), JSON.stringify(stack));
  const { code } = await muster(['down'], { cwd }).ended;
  expect(code).toBe(0);
});

test('a file that --docs names is opened itself, and not its folder', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'a.md'), 'a');
  expect(rootsOf([folder, join(folder, 'a.md'), `${folder}/./a.md`])).toEqual([folder, join(folder, 'a.md')]);
});

test('a home in which nothing can be made is said at once', async () => {
  const cwd = emptyFolder();
  const none = emptyFolder();
  for (const home of ['/proc/nothing', '/proc/self/deeper/.muster', '/dev/null/x'])
    for (const args of [['up'], ['dev'], ['run', 'Why?', '--docs', none]]) {
      const env = { MUSTER_HOME: home };
      // Nothing is looked through, and no program started, for a task that could not be kept.
      const { code, talk } = await muster(args, { cwd, env }).ended;
      expect(code).toBe(1);
      expect(talk).toMatch(/^muster: \/\S+ can't be used \([A-Z]+\): .*\n {2}Next: .*MUSTER_HOME\.\n$/);
    }
  expect(() => makeFolderSync('/proc/nothing/deeper')).toThrow('/proc/nothing');
  tryFolderSync(join(cwd, 'new/deeper'));
  expect(readdirSync(cwd)).toEqual([]);
});
