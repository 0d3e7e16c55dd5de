// steer.ts: the commands that tell a running task something, a row each: how it is typed, and the command that is meant.

import { taskCommandProblem, type CommandBody, type CommandKind } from '../../../protocol/task-commands.ts';
import { filled, signed, signedWhole, taskId, type Command, type OptionSpec } from '../command.ts';
import { tell } from '../tell.ts';
import { usageError } from '../terminal/cli-error.ts';

interface Flags {
  to?: string;
  seconds?: number;
  tokens?: number;
  turns?: number;
  usd?: number;
  title?: string;
  agent?: string;
  json?: boolean;
}

interface Row<K extends CommandKind> {
  arguments: string;
  options?: readonly OptionSpec[];
  examples: Command['examples'];
  /** `words` are those behind the task's id. */
  body: (words: string[], flags: Flags) => Extract<CommandBody, { kind: K }>;
}

const TO: OptionSpec = { flags: '--to <subtask>', about: 'one subtask, as s2 (default: the whole task)', read: filled };
const JSON_FLAG: OptionSpec = { flags: '--json', about: 'what became of it as one line of JSON' };

const to = (flags: Flags): { to?: string } => (flags.to === undefined ? {} : { to: flags.to });

/** Approval has a command of its own: it shows the plan first. */
export type Steering = Exclude<CommandKind, 'approve'>;

const ROWS: { [K in Steering]: Row<K> } = {
  note: {
    arguments: '<id> <text>',
    options: [TO],
    examples: [
      'muster tell 9f2c41d07ab3 "only what changed since 2024"',
      'muster tell 9f2c41d07ab3 "look at the tide tables first" --to s2',
    ],
    body: ([text = ''], flags) => ({ kind: 'note', text, ...to(flags) }),
  },
  pause: {
    arguments: '<id>',
    options: [TO],
    examples: ['muster pause 9f2c41d07ab3', 'muster pause 9f2c41d07ab3 --to s2'],
    body: (_words, flags) => ({ kind: 'pause', ...to(flags) }),
  },
  resume: {
    arguments: '<id>',
    options: [TO],
    examples: ['muster resume 9f2c41d07ab3', 'muster resume 9f2c41d07ab3 --to s2'],
    body: (_words, flags) => ({ kind: 'resume', ...to(flags) }),
  },
  extend: {
    arguments: '<id>',
    options: [
      { flags: '--seconds <n>', about: 'more time; of the whole task its deadline', read: signed },
      { flags: '--tokens <n>', about: 'more tokens', read: signedWhole },
      { flags: '--usd <n>', about: 'more dollars', read: signed },
      { flags: '--turns <n>', about: 'more turns of a sub-agent', read: signedWhole },
      TO,
    ],
    examples: [
      'muster extend 9f2c41d07ab3 --seconds 600 --tokens 5000',
      'muster extend 9f2c41d07ab3 --usd -0.5   (a negative number takes away)',
    ],
    body: (_words, { seconds, tokens, usd, turns, ...flags }) => ({
      kind: 'extend',
      ...(seconds === undefined ? {} : { seconds }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(usd === undefined ? {} : { costUsd: usd }),
      ...(turns === undefined ? {} : { turns }),
      ...to(flags),
    }),
  },
  swapModel: {
    arguments: '<id> <models...>',
    options: [TO],
    examples: ['muster swap 9f2c41d07ab3 gpt-5-mini', 'muster swap 9f2c41d07ab3 gpt-5 gpt-5-mini --to s2'],
    body: (models, flags) => ({ kind: 'swapModel', models, ...to(flags) }),
  },
  finish: {
    arguments: '<id>',
    options: [TO],
    examples: ['muster finish 9f2c41d07ab3', 'muster finish 9f2c41d07ab3 --to s2'],
    body: (_words, flags) => ({ kind: 'finish', ...to(flags) }),
  },
  stop: {
    arguments: '<id> <subtask>',
    examples: ['muster stop 9f2c41d07ab3 s2', 'muster cancel 9f2c41d07ab3   stops the whole task'],
    body: ([subtask = '']) => ({ kind: 'stop', to: subtask }),
  },
  retry: {
    arguments: '<id> <subtask>',
    examples: ['muster retry 9f2c41d07ab3 s2', 'muster retry compare-retry-policies-9f2c41d07ab3 s2 --json'],
    body: ([subtask = '']) => ({ kind: 'retry', to: subtask }),
  },
  add: {
    arguments: '<id> <goal>',
    options: [
      { flags: '--title <words>', about: 'a short name for it', read: filled },
      { flags: '--agent <kind>', about: 'kind of sub-agent (default: researcher)', read: filled },
    ],
    examples: [
      'muster add 9f2c41d07ab3 "What does the tide table say of March?"',
      'muster add 9f2c41d07ab3 "Who signed it?" --title Signatures',
    ],
    body: ([goal = ''], { title, agent }) => ({
      kind: 'add',
      goal,
      ...(title === undefined ? {} : { title }),
      ...(agent === undefined ? {} : { agent }),
    }),
  },
  answerNow: {
    arguments: '<id>',
    examples: ['muster answer-now 9f2c41d07ab3', 'muster answer-now 9f2c41d07ab3 --json'],
    body: () => ({ kind: 'answerNow' }),
  },
};

/** The command of the command line for a kind. */
export function steering(kind: Steering): Command<Flags> {
  const { arguments: words, options = [], examples, body } = ROWS[kind];
  return {
    arguments: words,
    options: [...options, JSON_FLAG],
    examples,
    async run([id, ...rest], flags, io) {
      const command = body(rest, flags);
      const problem = taskCommandProblem(command);
      if (problem) throw usageError(problem);
      return await tell(taskId(id), command, io, flags);
    },
  };
}
