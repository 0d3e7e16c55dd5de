// reports.ts: what sub-agents report to the master while they work, and how the master drops repeats and reports of others.

import type { FindingDigest } from './findings.ts';
import { isOutcome, type Outcome } from './outcome.ts';

/** One report about one life of a subtask. */
export type ReportItem = {
  subtask: string;
  generation: number;
  /** Counts from 1 within the subtask's generation; the same on a repeat. */
  seq: number;
} & (
  | { kind: 'finding'; finding: FindingDigest }
  /** A finding that is on the board. Its `seq` is among these alone. */
  | { kind: 'shared'; finding: FindingDigest }
  /** How a visit of a pod with several seats ended, as soon as it did. Its `seq` is 0; the visit counts instead. */
  | { kind: 'finished'; visit: number; outcome: Outcome }
  /** Goes on after an interruption. Its `seq` is 0; the attempts in its log count instead, from 2. */
  | { kind: 'resumed'; attempt: number; turns: number }
);

/** The Signal `reports`. */
export interface Reports {
  v: 1;
  /** The first execution's run id. */
  run: string;
  items: ReportItem[];
}

/**
 * The items of a Signal's payload that have the shape of a report of this run; who sent it is not known. The Signal
 * `report` of older workers is one item with `v` and `run`.
 */
export function itemsOf(payload: unknown, run: string): ReportItem[] {
  if (!isObject(payload) || payload.v !== 1 || payload.run !== run) return [];
  return Array.isArray(payload.items) ? payload.items.filter(isItem) : isItem(payload) ? [payload] : [];
}

function isItem(payload: unknown): payload is ReportItem {
  if (!isObject(payload)) return false;
  const { subtask, generation, seq, finding, attempt, turns, visit, outcome } = payload;
  if (typeof subtask !== 'string' || typeof generation !== 'number' || typeof seq !== 'number') return false;
  const kind = payload.kind as ReportItem['kind'];
  switch (kind) {
    case 'resumed':
      return typeof attempt === 'number' && typeof turns === 'number';
    case 'finished':
      return typeof visit === 'number' && isOutcome(outcome) && outcome.subtask === subtask;
    case 'finding':
    case 'shared':
      return isObject(finding) && [finding.id, finding.claim, finding.at].every((part) => typeof part === 'string');
    default:
      kind satisfies never;
      return false;
  }
}

const isObject = (payload: unknown): payload is Record<string, unknown> =>
  payload !== null && typeof payload === 'object';

/** Highest `seq` seen, by `subtask/generation` and, of what was shared, `…/shared`; highest attempt, by `subtask/generation/resumed`. */
export type SeenReports = Record<string, number>;

/**
 * True when the item is new; then it is marked as seen. A lower number than one seen is a repeat by a second attempt. (An
 * ending twice is one: its visit is waited for once.)
 */
export function isNew(seen: SeenReports, item: Exclude<ReportItem, { kind: 'finished' }>): boolean {
  const [key, number] = numberOf(item);
  if (number <= (seen[key] ?? 0)) return false;
  seen[key] = number;
  return true;
}

/** What a kind of report is counted by. */
function numberOf(item: Exclude<ReportItem, { kind: 'finished' }>): [key: string, number: number] {
  const log = `${item.subtask}/${item.generation}`;
  switch (item.kind) {
    case 'finding':
      return [log, item.seq];
    case 'shared':
      return [`${log}/shared`, item.seq];
    case 'resumed':
      return [`${log}/resumed`, item.attempt];
    default:
      item satisfies never;
      return [log, 0];
  }
}
