// command-samples.ts: a command of each kind, as a program sends it and as a person types it. A kind without a row fails the
// type check.

import type { CommandBody, CommandKind } from '../../client/index.ts';
import { COMMAND_KINDS } from '../../protocol/task-commands.ts';
import { commandPath, toWire } from '../../protocol/wire.ts';

type Of<K extends CommandKind> = Extract<CommandBody, { kind: K }>;

/** Of each kind one command with all that it can say, and how a person types it. */
export const SAMPLES: { [K in CommandKind]: { body: Of<K>; typed: string[] } } = {
  note: {
    body: { kind: 'note', text: 'only what changed since 2024', to: 's2' },
    typed: ['tell', 'ID', 'only what changed since 2024', '--to', 's2'],
  },
  pause: { body: { kind: 'pause', to: 's2' }, typed: ['pause', 'ID', '--to', 's2'] },
  resume: { body: { kind: 'resume', to: 's2' }, typed: ['resume', 'ID', '--to', 's2'] },
  extend: {
    body: { kind: 'extend', seconds: 600, tokens: -5_000, turns: 2, costUsd: 0.5, to: 's2' },
    typed: 'extend ID --seconds 600 --tokens -5000 --turns 2 --usd 0.5 --to s2'.split(' '),
  },
  swapModel: {
    body: { kind: 'swapModel', models: ['large', 'small'], to: 's2' },
    typed: ['swap', 'ID', 'large', 'small', '--to', 's2'],
  },
  finish: { body: { kind: 'finish', to: 's2' }, typed: ['finish', 'ID', '--to', 's2'] },
  stop: { body: { kind: 'stop', to: 's2' }, typed: ['stop', 'ID', 's2'] },
  retry: { body: { kind: 'retry', to: 's2' }, typed: ['retry', 'ID', 's2'] },
  add: {
    body: { kind: 'add', goal: 'Who signed it?', title: 'Signatures', agent: 'researcher' },
    typed: ['add', 'ID', 'Who signed it?', '--title', 'Signatures', '--agent', 'researcher'],
  },
  approve: {
    body: { kind: 'approve', plan: '5b41c0de', approved: false },
    typed: ['approve', 'ID', '--hash', '5b41c0de', '--refuse'],
  },
  answerNow: { body: { kind: 'answerNow' }, typed: ['answer-now', 'ID'] },
};

/** A body that the route takes: of a command that of its sample. */
export function bodyFor(path: string): object {
  if (path.endsWith('/answer')) return { handle: 'h', content: 'c' };
  const kind = COMMAND_KINDS.find((one) => path.endsWith(`/${commandPath(one)}`));
  if (!kind) return {};
  const { kind: _kind, ...body } = SAMPLES[kind].body;
  return toWire(body);
}
