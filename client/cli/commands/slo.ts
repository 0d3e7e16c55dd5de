// slo.ts: `muster slo`: whether the promises of the classes are kept, what is left of their error budgets, and the worst tasks.

import type { SloReport } from '../../../protocol/measure.ts';
import { SLO_DAYS, sloReports } from '../../class-reports.ts';
import { wholeFromOne, type Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { counted, formatCount, jsonLine, oneLine } from '../terminal/text.ts';
import { ofClasses, tableLines, took } from './class-command.ts';

interface Flags {
  days?: number;
  json?: boolean;
}

export const command: Command<Flags> = {
  arguments: '[class]',
  options: [
    { flags: '--days <n>', about: `the window, counted back from now (default: ${SLO_DAYS})`, read: wholeFromOne },
    { flags: '--json', about: 'NDJSON: one class a line' },
  ],
  examples: ['muster slo', 'muster slo quick --days 7', "muster slo --json | jq 'select(.budgetLeft < 0) | .class'"],
  async run([name], { days = SLO_DAYS, json }, io) {
    const all = await ofClasses(
      io,
      name,
      (client) => client.slo({ days, ...(name === undefined ? {} : { class: name }) }),
      (store, classes) => sloReports(store, classes, { days }),
    );
    if (json) for (const one of all) io.out(jsonLine(one));
    else show(all, io);
    return EXIT.done;
  },
};

function show(all: readonly SloReport[], io: Io): void {
  const rows = all.map((one) => [
    one.class,
    oneLine(one.owner),
    `${one.percentile} % in ${took(one.seconds * 1_000)}`,
    formatCount(one.tasks),
    one.attained === undefined ? '–' : `${one.attained.toFixed(1)} %`,
    formatCount(one.missed),
    one.budgetLeft === undefined ? '–' : `${Math.round(one.budgetLeft * 100)} %`,
  ]);
  for (const line of tableLines(['class', 'owner', 'promise', 'tasks', 'kept', 'missed', 'budget left'], rows, 3))
    io.out(`${line}\n`);
  for (const { class: name, fromAt, worst, misroutes: wrong } of all) {
    if (fromAt !== undefined) io.out(`\n${name}: only tasks since ${new Date(fromAt).toISOString()} are known\n`);
    if (worst.length > 0) io.out(`\nworst of ${name}:\n`);
    for (const { taskId, path, ending, totalMs } of worst)
      io.out(`  ${took(totalMs)}  ${path}${ending === 'failed' ? '  failed' : ''}  ${taskId ?? 'not kept any more'}\n`);
    if (wrong.late + wrong.notEnough + wrong.wouldHaveFitted > 0)
      io.out(
        `\nroutes of ${name}: of the last ${counted(wrong.promised, 'answer')} at once ${wrong.late} came late and ${wrong.notEnough} had to be planned; of ${wrong.sentDeep} sent deep ${wrong.wouldHaveFitted} would have fitted\n`,
      );
  }
}
