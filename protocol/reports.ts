// reports.ts: what a sub-agent tells the master while it works, and how the master keeps out strangers and repeats.

import type { FindingDigest } from './findings.ts';
import type { Outcome } from './outcome.ts';

/** The Signal `report`. */
export type Report = {
  v: 1;
  /** The first execution's run id. */
  run: string;
  subtask: string;
  generation: number;
  /** Counts from 1 within the subtask's generation; the same on a repeat. */
  seq: number;
} & (
  | { kind: 'finding'; finding: FindingDigest }
  | { kind: 'finished'; outcome: Outcome }
  /** Goes on after an interruption. Its `seq` is 0; the attempts in its log count instead, from 2. */
  | { kind: 'resumed'; attempt: number; turns: number }
);

/** Whether a Signal's payload has the shape of a report; who sent it is not known. */
export function isReport(payload: unknown): payload is Report {
  if (payload === null || typeof payload !== 'object') return false;
  const { run, subtask, seq, kind, finding, attempt, turns } = payload as Partial<Record<string, unknown>>;
  if (typeof run !== 'string' || typeof subtask !== 'string' || typeof seq !== 'number') return false;
  if (kind === 'resumed') return typeof attempt === 'number' && typeof turns === 'number';
  if (kind !== 'finding') return true;
  const { id, claim, at } = (finding ?? {}) as Partial<Record<string, unknown>>;
  return [id, claim, at].every((part) => typeof part === 'string');
}

/** Highest `seq` seen, by `subtask/generation`; highest attempt, by `subtask/generation/resumed`. */
export type SeenReports = Record<string, number>;

/**
 * True when the report is of this run, of a subtask's current generation, and new; then it is marked as seen.
 * A sub-agent sends its reports in order, so a lower number is a repeat by a second attempt.
 */
export function admitReport(
  seen: SeenReports,
  report: Report,
  run: string,
  generationOf: (id: string) => number | undefined,
): boolean {
  if (report.v !== 1 || report.run !== run || generationOf(report.subtask) !== report.generation) return false;
  const log = `${report.subtask}/${report.generation}`;
  const [key, number] = report.kind === 'resumed' ? [`${log}/resumed`, report.attempt] : [log, report.seq];
  if (number <= (seen[key] ?? 0)) return false;
  seen[key] = number;
  return true;
}
