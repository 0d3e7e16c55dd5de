// measure.ts: `muster measure`: what closed tasks took on this deployment, by class and path.

import { measureClasses } from '../../class-reports.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { formatCount, jsonLine } from '../terminal/text.ts';
import { ofClasses, tableLines, took } from './class-command.ts';

export const command: Command<{ json?: boolean }> = {
  arguments: '[class]',
  options: [{ flags: '--json', about: 'NDJSON: one class and path a line, times in ms' }],
  examples: ['muster measure', 'muster measure quick --json | jq .p95Ms'],
  async run([name], { json }, io) {
    const all = await ofClasses(
      io,
      name,
      (client) => client.measure(name),
      (store, classes) => measureClasses(store, classes),
    );
    if (json) for (const one of all) io.out(jsonLine(one));
    else if (all.length > 0) {
      const rows = all.map((one) => [
        one.class,
        one.path,
        formatCount(one.tasks),
        ...[one.p50Ms, one.p95Ms, one.p99Ms].map((ms) => (ms === undefined ? '–' : took(ms))),
        one.queueP95Ms === undefined ? '–' : took(one.queueP95Ms),
        one.timeTold === undefined ? '–' : `${Math.round((100 * one.timeTold.within) / one.timeTold.tasks)} %`,
        one.failed === 0 ? '–' : formatCount(one.failed),
        new Date(one.sinceAt).toISOString().slice(0, 10),
      ]);
      for (const line of tableLines(
        ['class', 'path', 'tasks', 'P50', 'P95', 'P99', 'queue P95', 'in time told', 'failed', 'since'],
        rows,
        2,
      ))
        io.out(`${line}\n`);
      io.say('in time told: of the last 100, those that ended within the P90 told at their start; 90 % are meant to');
    }
    if (all.length === 0)
      io.say('no task of these classes has closed yet; muster run "what you want to know" starts one');
    return EXIT.done;
  },
};
