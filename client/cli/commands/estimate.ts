// estimate.ts: `muster estimate`: what a task would take, from what others took. Asks the store, or the gateway; starts nothing.

import type { EstimateRange, TaskEstimate } from '../../../protocol/estimate.ts';
import { FEWEST_ROWS } from '../../../protocol/eta.ts';
import { existingStore } from '../../../store/open-store.ts';
import { clientConfig } from '../../config.ts';
import { estimateFor } from '../../estimate.ts';
import { taskRequest } from '../../task-request.ts';
import type { Command } from '../command.ts';
import { readHttpRequest, withGateway } from '../gateway-client.ts';
import { START_OPTIONS, type StartFlags } from '../start-flags.ts';
import { readRequest } from '../start-task.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { counted, formatCount, jsonLine } from '../terminal/text.ts';
import { took } from './class-command.ts';

/** What bears on an estimate. */
const OPTIONS = START_OPTIONS.filter(({ flags }) => /--(docs|include|exclude|class|budget|tenant)\b/.test(flags));

export const command: Command<StartFlags> = {
  arguments: '[goal]',
  options: [...OPTIONS, { flags: '--json', about: 'the estimate as one line of JSON, times in ms' }],
  examples: [
    'muster estimate "Compare the two proposals" --docs ./docs',
    'muster estimate "Compare the two proposals" --docs ./docs --class thorough --budget 0.50usd --json | jq .costUsd.p90',
  ],
  async run(words, flags, io) {
    const estimate = await estimateOf(words, flags, io);
    if (flags.json) io.out(jsonLine(estimate));
    else for (const line of estimateLines(estimate)) io.out(`${line}\n`);
    return EXIT.done;
  },
};

async function estimateOf(words: string[], flags: StartFlags, io: Io): Promise<TaskEstimate> {
  const { gateway, configPath, home, environment } = clientConfig();
  if (gateway) {
    const asked = await readHttpRequest(words, flags, io);
    return await withGateway(gateway, io, flags.tenant, (client) => client.estimate(asked));
  }
  const request = await taskRequest(await readRequest(words, flags, io), configPath);
  const store = existingStore(home, environment);
  try {
    return await estimateFor(store, request);
  } finally {
    await store?.close();
  }
}

/** In words, a line for each thing that is estimated, and what it rests on. */
export function estimateLines(estimate: TaskEstimate): string[] {
  const { basis, tasks, timeMs, tokens, costUsd, subtasks, most, within, corpus, class: name, path } = estimate;
  const line = (what: string, range: EstimateRange, shown: (value: number) => string): string =>
    `${what.padEnd(10)}${shown(range.p50)}, 8 of 10 between ${shown(range.p10)} and ${shown(range.p90)}`;
  const limits = [
    ...(most.tokens === undefined ? [] : [counted(most.tokens, 'token')]),
    ...(most.costUsd === undefined ? [] : [dollars(most.costUsd)]),
  ];
  const completed = `${counted(tasks, 'completed task')} of class ${name}, ${path === 'fast' ? 'answered at once' : 'planned'}`;
  return [
    ...(basis === 'class'
      ? [`time      at most ${took(timeMs.p90)}, as class ${name} promises`, 'tokens    not known yet']
      : [
          line('time', timeMs, took),
          ...(tokens ? [line('tokens', tokens, formatCount)] : []),
          costUsd
            ? line('cost', costUsd, dollars)
            : 'cost      not known: too few of these tasks had models with prices',
          ...(subtasks ? [line('subtasks', subtasks, formatCount)] : []),
        ]),
    ...(corpus ? [`documents ${formatCount(corpus.documents)}, read before`] : []),
    `at most   ${[took(most.seconds * 1_000), counted(most.subtasks, 'subtask'), ...limits].join(', ')}${limits.length === 0 ? `, ${counted(most.subtask.tokens, 'token')} a subtask` : ''}`,
    ...(within === undefined ? [] : [`within    ${within} of ${formatCount(tasks)} such tasks took no more`]),
    basis === 'class'
      ? `from      the class alone: ${tasks === 0 ? 'no completed task is known' : `only ${completed}`}, and ${FEWEST_ROWS} are needed`
      : `from      the last ${completed}`,
  ];
}

const dollars = (value: number): string => `$${value < 0.1 ? value.toFixed(4) : value.toFixed(2)}`;
