// extend.ts: more room or less: the limits of one sub-agent, or the task's deadline and budget; up to the class's ceiling.

import { plus, type Amounts } from '../../protocol/budget.ts';
import { extensionCeiling } from '../../protocol/classes.ts';
import { counted } from '../../protocol/counted.ts';
import type { TaskCommand } from '../../protocol/task-commands.ts';
import { addTo, poolOf, roomOf } from '../state/grants.ts';
import { standingOf } from '../state/money.ts';
import { budgetOf, deadlineSecondsOf } from '../state/steering.ts';
import { subtaskOf } from '../state/tree.ts';
import type { ControlTable } from './controls.ts';
import { isOver, notAtWork, openLives, tell, tooLate } from './addressees.ts';
import type { SteeringPorts } from './steering-ports.ts';

type Extend = Extract<TaskCommand, { kind: 'extend' }>;

export function extendControls(ports: SteeringPorts): Pick<ControlTable, 'extend'> {
  return {
    extend: {
      refusal: (command) =>
        command.to === undefined ? taskProblem(ports, command) : subtaskProblem(ports, command.to, command),
      apply: (command) =>
        command.to === undefined ? extendTask(ports, command) : extendSubtask(ports, command.to, command),
    },
  };
}

const amountsOf = ({ turns, tokens, seconds, costUsd }: Extend): Amounts => ({
  ...(turns === undefined ? {} : { turns }),
  ...(tokens === undefined ? {} : { tokens }),
  ...(seconds === undefined ? {} : { seconds }),
  ...(costUsd === undefined ? {} : { costUsd }),
});

const KINDS = ['turns', 'tokens', 'seconds', 'costUsd'] as const satisfies readonly (keyof Amounts)[];
const WORDS: Readonly<Record<keyof Amounts, string>> = {
  turns: 'turns',
  tokens: 'tokens',
  seconds: 'seconds',
  costUsd: 'dollars',
};

/** The first amount that would be above its ceiling, in words. */
function aboveCeiling(what: string, before: Amounts, more: Amounts, ceiling: Amounts): string | undefined {
  for (const kind of KINDS) {
    const add = more[kind] ?? 0;
    const most = ceiling[kind];
    if (add <= 0 || most === undefined || (before[kind] ?? 0) + add <= most) continue;
    return `${what} has ${before[kind] ?? 0} ${WORDS[kind]}, and its class allows ${most} at most`;
  }
  return undefined;
}

function subtaskProblem(ports: SteeringPorts, to: string, command: Extend): string | undefined {
  const more = amountsOf(command);
  const { steering, request, tree, ledger } = ports.state;
  const problem = notAtWork(ports, to);
  const subtask = subtaskOf(tree, to);
  if (problem !== undefined || !subtask) return problem;
  if (KINDS.some((kind) => (more[kind] ?? 0) < 0))
    return `the limits of a subtask can only be raised: finish or stop ends ${to}`;
  const { limits } = subtask.spec;
  const unbounded = more.costUsd !== undefined && limits.costUsd === undefined;
  if (unbounded) return `${to} has no limit of dollars`;
  for (const { generation } of openLives(subtask)) {
    const now = plus(limits, steering.extendedLives[`${to}/${generation}`] ?? {});
    const above = aboveCeiling(to, now, more, extensionCeiling(request.class).subtask);
    if (above !== undefined) return above;
    const room = ledger.grants && roomFor(ports, generation);
    if (!room) continue;
    for (const kind of ['tokens', 'costUsd'] as const)
      if ((more[kind] ?? 0) > (room[kind] ?? Infinity))
        return `the task has ${room[kind]} ${WORDS[kind]} left for ${to}: extend the task first`;
  }
  return undefined;
}

const roomFor = ({ state }: SteeringPorts, generation: number): Amounts | undefined =>
  state.ledger.grants && roomOf(state.ledger.grants, poolOf(generation), standingOf(state));

function extendSubtask(ports: SteeringPorts, to: string, command: Extend): string {
  const more = amountsOf(command);
  const { steering, tree, ledger } = ports.state;
  const subtask = subtaskOf(tree, to);
  for (const { generation } of subtask ? openLives(subtask) : []) {
    const life = `${to}/${generation}`;
    steering.extendedLives[life] = plus(steering.extendedLives[life] ?? {}, more);
    if (ledger.grants) addTo(ledger.grants, life, more);
  }
  tell(ports, command.id, to, { kind: 'extend', ...more });
  const from = more.seconds ? ', from its next turn on' : '';
  return `${to} has ${inWords(more)}${from}`;
}

const standing = ({ state: { request, steering } }: SteeringPorts): Amounts => ({
  ...budgetOf(request.class, steering),
  seconds: deadlineSecondsOf(request.class, steering),
});

/** What is taken away where less is there than was asked for: below nothing, what is given later would count for nothing. */
function downToNothing(ports: SteeringPorts, more: Amounts): Amounts {
  const now = standing(ports);
  return Object.fromEntries(
    KINDS.flatMap((kind) => {
      const amount = more[kind];
      return amount === undefined ? [] : [[kind, Math.max(amount, -(now[kind] ?? 0))]];
    }),
  );
}

function taskProblem(ports: SteeringPorts, command: Extend): string | undefined {
  const { steering, request } = ports.state;
  const more = amountsOf(command);
  if (isOver(ports)) return tooLate(ports);
  if (more.turns !== undefined) return 'turns are those of a subtask: say of which, with its id';
  const budget = budgetOf(request.class, steering);
  for (const kind of ['tokens', 'costUsd'] as const)
    if (more[kind] !== undefined && budget[kind] === undefined) return `the task has no limit of ${WORDS[kind]}`;
  const { deadlineSeconds, tokens, costUsd } = extensionCeiling(request.class);
  return aboveCeiling('the task', standing(ports), more, {
    seconds: deadlineSeconds,
    ...(tokens === undefined ? {} : { tokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
  });
}

function extendTask(ports: SteeringPorts, command: Extend): string {
  const { steering, request } = ports.state;
  const more = amountsOf(command);
  steering.extended = plus(steering.extended, downToNothing(ports, more));
  ports.fanOut()?.limitsChanged();
  const { tokens, costUsd } = budgetOf(request.class, steering);
  const is = [
    ...(more.seconds === undefined ? [] : [`${deadlineSecondsOf(request.class, steering)} s`]),
    ...(more.tokens === undefined ? [] : [counted(tokens ?? 0, 'token')]),
    ...(more.costUsd === undefined ? [] : [`${costUsd} dollars`]),
  ];
  return `the task has ${is.join(' and ')} now`;
}

/** `4 turns and 1000 tokens more`. */
const inWords = (more: Amounts): string =>
  `${KINDS.flatMap((kind) => (more[kind] === undefined ? [] : [`${more[kind]} ${WORDS[kind]}`])).join(' and ')} more`;
