// plan.ts: a plan as lines for a person who is to approve it.

import type { TaskPlan } from '../../../protocol/plan.ts';
import { counted, duration, formatCount, oneLine, wrap } from '../terminal/text.ts';

/** Lines without line ends, no wider than the terminal where that can be. */
export function planLines({ hash, subtasks, estimate, until }: TaskPlan, columns: number): string[] {
  const width = Math.max(40, columns - INDENT.length);
  const waits = until ? `, waits for approval until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
  return [
    `plan ${hash}${waits}`,
    ...subtasks.flatMap(({ id, title, kind, goal, needs, background, limits }) => [
      '',
      `${oneLine(id)}  ${oneLine(`${title} (${kind})${needs.length > 0 ? `, after ${needs.join(', ')}` : ''}${background ? ', in the background' : ''}`)}`,
      ...wrap(oneLine(goal), width).map((line) => `${INDENT}${line}`),
      `${INDENT}at most ${counted(limits.turns, 'turn')}, ${counted(limits.tokens, 'token')}, ${duration(limits.seconds * 1_000)}${dollars(limits.costUsd)}`,
    ]),
    ...(estimate
      ? [
          '',
          `${counted(estimate.subtasks, 'subtask')}, together at most ${formatCount(estimate.tokens)} tokens, ${duration(estimate.seconds * 1_000)}${dollars(estimate.costUsd)}`,
        ]
      : []),
  ];
}

const INDENT = '    ';

const dollars = (amount: number | undefined): string =>
  amount === undefined ? '' : `, $${amount < 0.01 ? amount.toPrecision(1) : amount.toFixed(2)}`;
