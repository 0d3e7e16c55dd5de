// start-flags.ts: the options that say what a new task is to be, and how their values are read.

import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { TaskLimits } from '../../protocol/classes.ts';
import type { Hedge, JoinPolicy } from '../../protocol/join.ts';
import { NOTIFY_EVENTS, notifyProblem, type Notify, type NotifyEvent } from '../../protocol/notify.ts';
import type { PathWord } from '../../protocol/path.ts';
import { MAX_ROUNDS, roundsProblem } from '../../protocol/rounds.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { addressProblem } from '../../protocol/schemas/notify.ts';
import { outputSchemaProblem } from '../../protocol/schemas/output-schema.ts';
import { usageError, type CliError } from './terminal/cli-error.ts';
import { filled, filledRepeatable, repeatable, unreadable, whole, type OptionSpec } from './command.ts';

export interface StartFlags {
  /** False for `--no-docs`. */
  docs?: string[] | false;
  path?: PathWord;
  include?: string[];
  exclude?: string[];
  class?: string;
  key?: string;
  session?: string;
  tenant?: string;
  latency?: number;
  schema?: string;
  join?: JoinPolicy;
  budget?: TaskLimits;
  /** True for `--hedge` without a time. */
  hedge?: Hedge | true;
  approve?: boolean;
  ask?: boolean;
  board?: boolean;
  rounds?: number;
  webhook?: string[];
  webhookEvents?: NotifyEvent[];
  webhookKey?: string;
  notify?: Notify[];
  background?: string[];
  /** False for `--no-up`. */
  up?: boolean;
  json?: boolean;
}

/** `completed,failed` as the events of that name. */
function eventNames(value: string): NotifyEvent[] {
  return value.split(',').map((name) => {
    const event = NOTIFY_EVENTS.find((one) => one === name.trim() || one === `task.${name.trim()}`);
    if (event) return event;
    throw new InvalidArgumentError(`There are ${NOTIFY_EVENTS.map((one) => one.replace('task.', '')).join(', ')}`);
  });
}

/** `quorum:2`, `best-effort:3`, `all`, `first`. */
function join(value: string): JoinPolicy {
  const [, name, number] = /^([a-z-]+)(?::(\d{1,4}))?$/.exec(value.trim()) ?? [];
  const count = number === undefined ? undefined : Number(number);
  if (name === 'best-effort') return { kind: 'bestEffort', min: count ?? 1 };
  if (name === 'quorum' && count !== undefined) return { kind: 'quorum', k: count };
  if ((name === 'all' || name === 'first') && count === undefined) return { kind: name };
  throw new InvalidArgumentError('There are all, first, quorum:N and best-effort:N, as quorum:2');
}

/** 0, 1 or 2. */
function wholeRounds(value: string): number {
  const problem = roundsProblem(value.trim() === '' ? NaN : Number(value));
  if (problem !== undefined) throw new InvalidArgumentError(`There may be 0 to ${MAX_ROUNDS} further rounds`);
  return Number(value);
}

/** `2s`, `500ms`. */
function hedge(value: string): Hedge {
  const [, number, unit] = /^(\d{1,7})(ms|s|m)$/.exec(value.trim()) ?? [];
  if (number === undefined || Number(number) === 0)
    throw new InvalidArgumentError('It is a time, as 2s or 500ms; without one, put --hedge behind the goal');
  return { afterMs: Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1_000 : 60_000) };
}

/** `20000`, `20k`, `1.5m` tokens; `0.50usd` dollars; collects. */
function budget(value: string, earlier: TaskLimits = {}): TaskLimits {
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d{1,4})?)(k|m|usd)?$/i.exec(value.trim()) ?? [];
  const amount = Number(number ?? 0);
  if (!(amount > 0)) throw new InvalidArgumentError('It is tokens or dollars, as 20000, 20k or 0.50usd');
  if (unit.toLowerCase() === 'usd') return { ...earlier, costUsd: amount };
  return { ...earlier, tokens: Math.round(amount * ({ k: 1e3, m: 1e6 }[unit.toLowerCase()] ?? 1)) };
}

/** `email:you@example.com`; collects. */
function receiver(value: string, earlier: Notify[] = []): Notify[] {
  const [, kind = '', to = ''] = /^([\w.-]+):(.+)$/s.exec(value.trim()) ?? [];
  if (to === '') throw new InvalidArgumentError('It must be a kind and an address, as email:you@example.com');
  return [...earlier, { kind, to }];
}

/** A receiver that can't be told, by the option that named it. Its address is not repeated: it may hold a secret. */
export const receiverError = ({ kind }: Notify, problem: string, hint: string): CliError =>
  usageError(`${kind === 'webhook' ? '--webhook' : '--notify'}: ${problem}`, hint);

/** What of the request is asked for beside the answer. @throws CliError (usage) */
export function besideOf(
  flags: StartFlags,
): Pick<
  TaskRequest,
  'limits' | 'notify' | 'background' | 'join' | 'hedge' | 'approve' | 'askPerson' | 'board' | 'rounds'
> {
  const { webhook = [], webhookEvents, webhookKey, notify: others = [], background = [], approve, ask } = flags;
  if (webhook.length === 0 && (webhookEvents ?? webhookKey) !== undefined)
    throw usageError('--webhook-events and --webhook-key go with --webhook', 'Name the address with --webhook.');
  const hooks = webhook.map((url) => ({
    kind: 'webhook',
    to: url,
    ...(webhookEvents ? { events: webhookEvents } : {}),
    ...(webhookKey === undefined ? {} : { key: webhookKey }),
  }));
  const notify = [...hooks, ...others];
  for (const one of notify) {
    const problem = notifyProblem(one) ?? addressProblem(one);
    if (problem) throw receiverError(one, problem, 'Mend that, then ask again; nothing was started.');
  }
  return {
    ...(notify.length === 0 ? {} : { notify }),
    ...(background.length === 0 ? {} : { background: background.map((goal) => ({ goal })) }),
    ...(flags.budget ? { limits: flags.budget } : {}),
    ...(flags.join ? { join: flags.join } : {}),
    ...(flags.hedge ? { hedge: flags.hedge === true ? {} : flags.hedge } : {}),
    ...(approve ? { approve } : {}),
    ...(ask ? { askPerson: true } : {}),
    ...(flags.board ? { board: true } : {}),
    ...(flags.rounds === undefined ? {} : { rounds: flags.rounds }),
  };
}

export const START_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-d, --docs <path>',
    about:
      'file, folder or http(s) address to answer from, with --url a named source; repeatable (default: the current folder)',
    read: repeatable,
  },
  { flags: '--include <pattern>', about: 'only these files, in gitignore syntax; repeatable', read: filledRepeatable },
  { flags: '--exclude <pattern>', about: 'none of these files and folders; repeatable', read: filledRepeatable },
  { flags: '--class <name>', about: 'quick, standard, thorough or one of your own (default: standard)', read: filled },
  { flags: '--schema <file>', about: 'JSON Schema of an object to hand the answer back as, too', read: filled },
  {
    flags: '--join <policy>',
    about: 'when it is enough: all, first, quorum:2 or best-effort:2 (default: as the class says)',
    read: join,
  },
  {
    flags: '--hedge [time]',
    about:
      'a subtask that takes longer gets a second life beside its first: after 2s, say (default: as 95 of 100 took)',
    read: hedge,
  },
  {
    flags: '--budget <amount>',
    about: 'the most that the task may spend: 20000 or 20k tokens, 0.50usd; repeatable (default: as the class says)',
    read: budget,
  },
  { flags: '--approve', about: 'the plan waits until you approve it (muster approve)' },
  { flags: '--ask', about: 'sub-agents may ask you, and wait for your reply (muster answer)' },
  { flags: '--board', about: 'sub-agents show each other what they find while they work' },
  {
    flags: '--rounds <n>',
    about: 'where what is found is not enough, look for more in so many further rounds: 0, 1 or 2 (class thorough: 1)',
    read: wholeRounds,
  },
  {
    flags: '--webhook <url>',
    about: 'is told, signed, when the task ends; repeatable',
    read: filledRepeatable,
  },
  {
    flags: '--webhook-events <names>',
    about: 'what the webhooks are told: completed,failed,cancelled,demoted,progress (default: the first three)',
    read: eventNames,
  },
  { flags: '--webhook-key <name>', about: 'key of the config that signs (default: its first)', read: filled },
  {
    flags: '--notify <kind:address>',
    about: 'also told when it ends: email:you@example.com, ntfy:https://ntfy.sh/topic; repeatable',
    read: receiver,
  },
  {
    flags: '--background <goal>',
    about: 'a further subtask that the answer does not wait for; repeatable',
    read: filledRepeatable,
  },
  { flags: '--key <key>', about: 'idempotency key: asking again with it is asking once', read: filled },
  {
    flags: '--session <id>',
    about: 'session of the question: it sees what was asked and answered there before',
    read: filled,
  },
  { flags: '--tenant <name>', about: 'tenant that the task belongs to (default: default)', read: filled },
  {
    flags: '--latency <ms>',
    about: 'pause of the offline model before each answer, when this starts the local stack',
    read: whole,
  },
  { flags: '--no-up', about: 'do not start the local stack when none runs' },
];

/** @throws CliError (usage) when the file is no schema. */
export function readSchema(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw usageError(`--schema: ${path} can't be read: ${unreadable(error)}`, 'Name a file that holds a JSON Schema.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`--schema: ${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problem = outputSchemaProblem(value);
  if (problem) throw usageError(`--schema: ${path} can't be used: ${problem.replace(/^outputSchema/, 'it')}`);
  return value as Record<string, unknown>;
}
