// steering-keys.test.ts: which command each key sends, what is typed before some of them, and what a person is told.

import { KEYS_HINT, SteeringKeys } from '../../client/cli/steering-keys.ts';
import { keysOf } from '../../client/cli/terminal/keyboard.ts';
import { CommandRefusedError, type CommandBody, type CommandReceipt, type TaskStatus } from '../../client/index.ts';

const ESCAPE = '\u001b';
let sent: CommandBody[];
let said: string[];
let asked: string[];
let replied: [handle: string, words: string][];
let plan: { hash: string; lines: string[] } | undefined;
let receipt: CommandReceipt | Error;
let keys: SteeringKeys;

beforeEach(() => {
  [sent, said, asked, replied] = [[], [], [], []];
  plan = { hash: '5b41c0de', lines: ['s1  One', 's2  Two'] };
  receipt = { applied: true, n: 5, effect: 'done as said' };
  keys = new SteeringKeys({
    command: (body) => {
      sent.push(body);
      return receipt instanceof Error ? Promise.reject(receipt) : Promise.resolve(receipt);
    },
    plan: () => Promise.resolve(plan),
    reply: (...reply) => Promise.resolve(void replied.push(reply)),
    say: (line) => said.push(line),
    asking: (line) => asked.push(line),
  });
});

const type = async (text: string): Promise<void> => {
  for (const key of keysOf(text)) keys.press(key);
  await new Promise((done) => setImmediate(done));
};

function status(state: TaskStatus['state'], states: Record<string, string> = {}, waits: object = {}): TaskStatus {
  const subtasks = Object.entries(states).map(([id, one]) => ({ id, state: one }));
  return { taskId: 't', state, goal: 'g', startedAt: new Date(0), live: [], progress: { subtasks, ...waits } } as never;
}

test('p pauses, and goes on with what is paused; a person who presses it twice gets both', async () => {
  await type('p');
  keys.status(status('paused'));
  await type('p');
  keys.status(status('running'));
  await type('pp');
  expect(sent.map(({ kind }) => kind)).toEqual(['pause', 'resume', 'pause', 'resume']);
  expect(said).toEqual(Array(4).fill('done as said'));
});

test('n sends what is typed to all sub-agents, or to the one that is named before it', async () => {
  await type('nonly 2024\r');
  await type('ns2: look there\r');
  expect(sent).toEqual([
    { kind: 'note', text: 'only 2024' },
    { kind: 'note', text: 'look there', to: 's2' },
  ]);
  expect(asked.slice(0, 3)).toEqual([
    'note to all (s2: … to one): ',
    'note to all (s2: … to one): o',
    'note to all (s2: … to one): on',
  ]);
  expect(asked.at(-1)).toBe(KEYS_HINT);
});

test('on a narrow terminal the line of keys keeps those that come first, and the one that shows all', () => {
  const lines: string[] = [];
  const narrow = (columns: number): string | undefined => {
    const ports = { say: () => undefined, asking: (line: string) => lines.push(line), columns: () => columns };
    new SteeringKeys({ ...ports, command: never, plan: never, reply: never }).show();
    return lines.at(-1);
  };
  expect(narrow(100)).toBe(KEYS_HINT);
  expect(narrow(59)).toBe('keys: p pause · n note · x stop one · r retry one · ? all');
  expect(narrow(29)).toBe('keys: p pause · ? all');
});
const never = (): Promise<never> => Promise.reject(new Error('nothing was pressed'));

test('what is typed may be mended, or given up, and keys mean letters meanwhile', async () => {
  await type('nprx+\u007f\u007f?\r');
  await type(`nno${ESCAPE}`);
  await type('n   \r');
  await type('nall of it\u0015this\r');
  await type(`n\u001b[A\u001b[3~ü😀\u007f\u001bOPé\tx\u0007\r`);
  expect(sent).toEqual([
    { kind: 'note', text: 'pr?' },
    { kind: 'note', text: 'this' },
    { kind: 'note', text: 'üé x' },
  ]);
});

test('x names those that can be stopped, and stops the one that is typed', async () => {
  await type('x');
  keys.status(status('running', { s1: 'done', s2: 'running', s3: 'retrying' }));
  await type('s2\r');
  expect(asked.slice(0, 3)).toEqual(['stop which: ', 'stop which (s2, s3): ', 'stop which (s2, s3): s']);
  expect(sent).toEqual([{ kind: 'stop', to: 's2' }]);
});

test('r begins the one again that failed; where that is not clear it asks', async () => {
  keys.status(status('running', { s1: 'done', s2: 'failed', s3: 'planned' }));
  await type('r');
  keys.status(status('running', { s1: 'failed', s2: 'failed', s3: 'planned' }));
  await type('rs1\r');
  expect(asked).toContain('retry which (s1, s2): ');
  expect(sent).toEqual([
    { kind: 'retry', to: 's2' },
    { kind: 'retry', to: 's1' },
  ]);
});

test('+ gives ten minutes more, ? says what each key does, and others do nothing', async () => {
  await type('+?qz\r\u001b[A');
  expect(sent).toEqual([{ kind: 'extend', seconds: 600 }]);
  for (const key of ['p', 'n', 'x', 'r', '+', 'a']) {
    expect(said.join('\n')).toMatch(new RegExp(`(?:^|· )[${key}] `, 'm'));
    // What waits for a person brings a hint of its own.
    if (key !== 'a') expect(KEYS_HINT).toContain(`${key} `);
  }
});

test('while a plan waits the line names a, which shows it and lets it run, or refuses it where that is typed in full', async () => {
  const waits = status('waiting', {}, { proposal: { hash: '5b41c0de' } });
  keys.status(waits);
  expect(asked.at(-1)).toBe('the plan waits for you: a shows it and asks · ? all keys');
  await type('a');
  expect(said).toEqual(['s1  One', 's2  Two']);
  expect(asked.at(-1)).toMatch(/^let this plan run\? \(yes, or refuse, which ends the task\): $/);
  await type('n\r');
  await type('aYes\r');
  // Keys that came while the plan was read were no answer to it.
  expect(sent).toEqual([]);
  await type('yes\r');
  await type('a');
  await type('refuse\r');
  expect(said).toContain('nothing was changed; the plan waits on');
  expect(sent).toEqual([
    { kind: 'approve', plan: '5b41c0de', approved: true },
    { kind: 'approve', plan: '5b41c0de', approved: false },
  ]);
  keys.status(status('running'));
  expect(asked.at(-1)).toBe(KEYS_HINT);
  plan = undefined;
  keys.status(waits);
  await type('a');
  expect(said.at(-1)).toMatch(/can’t be read from here; muster approve shows it/);
});

test('while a sub-agent asks the line names a, which sends what is typed to that question', async () => {
  const question = { subtask: 's2', handle: 'h1', question: 'Which\u001b service?', choices: ['A', 'B'] };
  keys.status(status('waiting', {}, { questions: [question, { ...question, subtask: 's3', handle: 'h2' }] }));
  expect(asked.at(-1)).toBe('s2 asks you: a answers · ? all keys');
  await type('a');
  // Another one is open by then.
  keys.status(status('waiting', {}, { questions: [{ ...question, subtask: 's3', handle: 'h2' }] }));
  await type('B\r');
  expect(asked).toContain('answer s2: “Which service?” (A | B): B');
  expect(replied).toEqual([['h1', 'B']]);
  expect(said).toEqual(['recorded: the sub-agent goes on with it']);
  keys.status(status('running'));
  await type('a');
  expect(said.at(-1)).toBe('nothing waits for a person just now');
});

test('a person is told what was refused, and that something waits for a worker', async () => {
  receipt = new CommandRefusedError('t', 's2 has ended\u001b[2J');
  await type('xs2\r');
  receipt = { applied: false, recorded: true };
  await type('+');
  expect(said).toEqual(['not done: s2 has ended', 'recorded: no worker answered; it takes effect when one does']);
  // What was refused has paused nothing.
  receipt = new CommandRefusedError('t', 'not now');
  await type('p');
  await type('p');
  expect(sent.slice(2)).toEqual([{ kind: 'pause' }, { kind: 'pause' }]);
});

test('a key is a character, or all that a special key sends', () => {
  expect(keysOf('aü😀\u001b[A\u001b[1;5C\u001bOP\u001b\r')).toEqual([
    'a',
    'ü',
    '😀',
    '\u001b[A',
    '\u001b[1;5C',
    '\u001bOP',
    '\u001b',
    '\r',
  ]);
});
