// class-gauges.ts: whether the classes keep what is promised of them, how often the router was wrong, and how often the time told was
// kept: read of the class history when somebody asks for metrics, once a minute at most.

import type { TaskRow, TaskRowsOf } from '../../protocol/class-history.ts';
import { MOST_ROWS } from '../../protocol/class-history.ts';
import type { RequestClass } from '../../protocol/classes.ts';
import { etaCoverage } from '../../protocol/eta-coverage.ts';
import { attainment } from '../../protocol/measure.ts';
import type { Path } from '../../protocol/path.ts';
import type { Registry } from './registry.ts';

/** Rows are thousands of files, and such shares move slowly. */
const FRESH_MS = 60_000;
/** As `muster slo` has it where nobody says another. */
const WINDOW_MS = 28 * 86_400_000;

/** What is used of a store; it has more. */
export interface RowReader {
  outcomes(of: TaskRowsOf, most: number): Promise<TaskRow[]>;
}

const PATHS = ['fast', 'deep'] as const satisfies readonly Path[];
const GAUGES = [
  'muster_slo_seconds',
  'muster_slo_target_ratio',
  'muster_slo_attained_ratio',
  'muster_slo_budget_left_ratio',
  'muster_slo_tasks',
  'muster_misroutes',
  'muster_eta_coverage_ratio',
  'muster_eta_coverage_tasks',
] as const;

/** @returns what ends it. */
export function watchClasses(metrics: Registry, reader: RowReader, classes: readonly RequestClass[]): () => void {
  let looked: { at: number; done: Promise<void> } | undefined;
  const look = async (): Promise<void> => {
    try {
      const all = await Promise.all(classes.map((row) => read(row, reader)));
      for (const name of GAUGES) metrics.clear(name);
      for (const one of all) {
        showPromise(metrics, one);
        for (const path of PATHS) showCoverage(metrics, one, path);
      }
    } catch {
      // An old number would look like a true one.
      for (const name of GAUGES) metrics.clear(name);
    }
  };
  return metrics.onScrape(async () => {
    const now = Date.now();
    if (!looked || now - looked.at >= FRESH_MS) looked = { at: now, done: look() };
    await looked.done;
  });
}

interface Known {
  row: RequestClass;
  rows: Record<Path, TaskRow[]>;
}

async function read(row: RequestClass, reader: RowReader): Promise<Known> {
  const rows = (path: Path): Promise<TaskRow[]> => reader.outcomes({ class: row.name, path }, MOST_ROWS);
  const [fast, deep] = await Promise.all(PATHS.map(rows));
  return { row, rows: { fast: fast ?? [], deep: deep ?? [] } };
}

function showPromise(metrics: Registry, { row, rows }: Known): void {
  const one = attainment(row, rows, Date.now() - WINDOW_MS);
  const labels = { class: one.class };
  metrics.set('muster_slo_seconds', labels, one.seconds);
  metrics.set('muster_slo_target_ratio', labels, one.percentile / 100);
  metrics.set('muster_slo_tasks', labels, one.tasks);
  if (one.attained === undefined || one.budgetLeft === undefined) return;
  metrics.set('muster_slo_attained_ratio', labels, one.attained / 100);
  metrics.set('muster_slo_budget_left_ratio', labels, one.budgetLeft);
  const { late, notEnough, wouldHaveFitted } = one.misroutes;
  const wrong = { late, not_enough: notEnough, would_have_fitted: wouldHaveFitted } as const;
  for (const kind of ['late', 'not_enough', 'would_have_fitted'] as const)
    metrics.set('muster_misroutes', { class: one.class, kind }, wrong[kind]);
}

function showCoverage(metrics: Registry, { row, rows }: Known, path: Path): void {
  const { tasks, within } = etaCoverage(rows[path], row);
  if (tasks === 0) return;
  const labels = { class: row.name, path };
  metrics.set('muster_eta_coverage_ratio', labels, within / tasks);
  metrics.set('muster_eta_coverage_tasks', labels, tasks);
}
