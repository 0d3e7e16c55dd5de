// state-row.ts: what keeping a master's state costs a subtask, with few of them and with many: it must not grow with the
// width of a task, since everything is kept in running totals.

import { BUILT_IN_CLASSES } from '../protocol/classes.ts';
import { NO_USAGE, type Usage } from '../protocol/usage.ts';
import { detailsTable } from '../workflows/details-table.ts';
import { endSubtask, setLifeState, bookVisit, type MasterContext } from '../workflows/endings.ts';
import { addEvent } from '../workflows/state/journal.ts';
import { grantReports, returnReports } from '../workflows/state/ledger.ts';
import { newState } from '../workflows/state/state.ts';
import { addSubtask, change, openCount, type Life } from '../workflows/state/tree.ts';
import type { Bench } from './row.ts';
import { median, round } from './statistics.ts';

const WIDTHS = [50, 500, 5_000];
/** Subtasks measured at each width in one sample, so that a narrow task is not lost in the clock's grain. */
const SUBTASKS = 5_000;

export function stateRow({ pairs: count, print }: Bench): void {
  const samples = new Map<number, number[]>(WIDTHS.map((width) => [width, []]));
  for (let i = 0; i <= count; i += 1) {
    for (const width of WIDTHS) {
      const us = microsecondsASubtask(width);
      // The first is the warm-up.
      if (i > 0) samples.get(width)?.push(us);
    }
  }
  const medians = WIDTHS.map((width) => median(samples.get(width) ?? []));
  print({
    row: 'state',
    widths: WIDTHS,
    microsecondsASubtask: medians.map((us) => round(us, 1)),
    ratio: round((medians.at(-1) ?? 0) / (medians[0] ?? 1), 2),
  });
}

function microsecondsASubtask(width: number): number {
  const began = performance.now();
  for (let done = 0; done < SUBTASKS; done += width) liveThrough(width);
  return ((performance.now() - began) * 1_000) / SUBTASKS;
}

/** A task of this many subtasks: each is sent, tried again, reports three findings and ends, in an activation each. */
function liveThrough(width: number): void {
  const state = newState(
    't',
    'r',
    'r',
    { v: 1, goal: 'g', sources: [], class: BUILT_IN_CLASSES.standard, tenant: 'default' },
    0,
  );
  const { tree, ledger, journal, remarks } = state;
  const context: MasterContext = {
    tree,
    ledger,
    remarks,
    isBeforeLives: false,
    emit(body) {
      addEvent(journal, body, 0);
      journal.flushed = journal.last;
    },
  };
  const subtasks = Array.from({ length: width }, (_, i) => addSubtask(tree, specOf(`s${i + 1}`)));
  for (const subtask of subtasks) {
    const life = subtask.lives[0] as Life;
    const grant = grantReports(ledger, 1, openCount(tree));
    setLifeState(context, subtask, life, 'running');
    detailsTable(state);
    bookVisit(context, subtask, life, { ...outcome(subtask.spec.id, 1), status: 'retryAt', at: 0, failure: FAILURE });
    setLifeState(context, subtask, life, 'retrying', { retryAt: 0, failure: FAILURE });
    detailsTable(state);
    for (const finding of digests(subtask.spec.id))
      change(tree, subtask, () => {
        life.findingCount += 1;
        life.digests.push(finding);
      });
    const found = { findingCount: 3, digests: digests(subtask.spec.id), missing: [] };
    endSubtask(context, subtask, life, { ...outcome(subtask.spec.id, 2), ...found, status: 'done' }, 0);
    returnReports(ledger, grant);
    detailsTable(state);
  }
}

const FAILURE = { type: 'ModelRateLimited', message: 'slow down' } as const;

const usage = (calls: number): Usage => ({
  ...NO_USAGE,
  modelCalls: calls,
  inputTokens: 1_000 * calls,
  outputTokens: 100 * calls,
  byModel: { m: { calls, inputTokens: 1_000 * calls, outputTokens: 100 * calls } },
});

const outcome = (subtask: string, calls: number) => ({
  subtask,
  generation: 1,
  usage: usage(calls),
  turns: calls,
  startedAt: 0,
  endedAt: 1,
  records: 3,
});

const digests = (subtask: string) =>
  [1, 2, 3].map((n) => ({ id: `${subtask}/g1/${n}`, claim: `claim ${n} of ${subtask}`, at: 'handbook.md:12' }));

const specOf = (id: string) => ({
  id,
  title: `Part ${id}`,
  kind: 'researcher',
  needs: [],
  mode: 'blocking' as const,
  limits: BUILT_IN_CLASSES.standard.subtask,
  timeouts: { startToCloseSeconds: 10, heartbeatSeconds: 10 },
  queue: 'q',
  retry: { maxAttempts: 3, baseMs: 1, capMs: 1 },
  priority: 3,
  inputHash: '',
});
