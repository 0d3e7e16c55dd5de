// request-report.ts: what a simulator was asked, in figures: requests, repeats by content, tokens, faults given.
// Keeps counts, no requests, so that a soak of hours can be reported.

import type { RequestRecord } from './request-record.ts';

export interface RequestReport {
  /** Requests to the model that have ended. */
  requests: number;
  /** By step: the name of the JSON schema, `chat`, or `embeddings`. */
  byStep: Record<string, number>;
  /** By status; `none` when the client left before the first byte. */
  byStatus: Record<string, number>;
  /** Requests whose client left before the answer was complete. */
  aborted: number;
  /** Requests whose content was asked before. */
  repeats: {
    all: number;
    /** Those that were asked again although a well-formed answer had been sent to its end: paid twice. */
    ofFinished: number;
  };
  /** What clients sent, and what was sent to them in full. */
  tokens: { input: number; output: number };
  /** Faults given, by kind and what sets it apart: `status 429`. */
  faults: Record<string, number>;
}

/** Counts requests as they come and end. */
export class RequestTally {
  readonly #asked = new Set<string>();
  readonly #finished = new Set<string>();
  readonly #report: RequestReport = {
    requests: 0,
    byStep: {},
    byStatus: {},
    aborted: 0,
    repeats: { all: 0, ofFinished: 0 },
    tokens: { input: 0, output: 0 },
    faults: {},
  };

  arrived(contentSha: string): void {
    if (this.#asked.has(contentSha)) this.#report.repeats.all += 1;
    if (this.#finished.has(contentSha)) this.#report.repeats.ofFinished += 1;
    this.#asked.add(contentSha);
  }

  ended(record: RequestRecord): void {
    const report = this.#report;
    report.requests += 1;
    count(report.byStep, record.step);
    count(report.byStatus, record.status === 0 ? 'none' : String(record.status));
    if (record.aborted) report.aborted += 1;
    report.tokens.input += record.inputTokens;
    report.tokens.output += record.outputTokens;
    if (record.faultVariant !== undefined) count(report.faults, record.faultVariant);
    if (record.finished) this.#finished.add(record.messagesSha);
  }

  report(): RequestReport {
    return structuredClone(this.#report);
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** A report for people, a line a figure. */
export function reportLines(report: RequestReport): string[] {
  const { requests, byStep, byStatus, aborted, repeats, tokens, faults } = report;
  const list = (counts: Record<string, number>): string => {
    const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
    return sorted.length === 0 ? 'none' : sorted.map(([name, times]) => `${name}: ${times}`).join(', ');
  };
  return [
    `asked ${requests} times; ${aborted} clients left before the answer was complete`,
    `by step    ${list(byStep)}`,
    `by status  ${list(byStatus)}`,
    `repeats    ${repeats.all} with a content that was asked before, ${repeats.ofFinished} of them already answered`,
    `tokens     ${tokens.input} in, ${tokens.output} out`,
    `faults     ${list(faults)}`,
  ];
}
