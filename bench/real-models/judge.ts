// judge.ts: what of a run must not be: a crash, a hang, a long silence, or something false that was believed. A model that is
// too weak is no fault; a result that hides it is.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskResult } from '../../client/index.ts';
import { EXIT } from '../../client/cli/terminal/exit-codes.ts';

export interface Ran {
  exit: number | null;
  seconds: number;
  /** Longest time without a line on the terminal. */
  silentSeconds: number;
  stderr: string;
  result?: TaskResult;
}

/** With the model's calls of minutes on a busy machine, still far below what a person takes for a hang. */
const LONGEST_SILENCE_SECONDS = 90;

/** What is wrong with the run, in sentences; none when it is as it must be. */
export function faultsOf(ran: Ran, docs: string, wantsData: boolean): string[] {
  const { exit, silentSeconds, stderr, result } = ran;
  const faults: string[] = [];
  if (exit === EXIT.stillRunning || exit === null) faults.push('hung: it did not end within its time');
  else if (exit !== EXIT.done && exit !== EXIT.failed) faults.push(`crashed: exit ${exit}: ${stderr.slice(-300)}`);
  if (/please report|^\s+at .*:\d+:\d+\)?$/m.test(stderr)) faults.push(`crashed: ${stderr.slice(-300)}`);
  if (silentSeconds > LONGEST_SILENCE_SECONDS) faults.push(`silent for ${Math.round(silentSeconds)} s`);
  if (!result) return exit === EXIT.done ? [...faults, 'exit 0 without a result'] : faults;

  const { outcome, answer, failure } = result;
  if ((outcome === 'completed') !== (exit === EXIT.done)) faults.push(`exit ${exit}, but the task is ${outcome}`);
  const claims = answer?.sections.flatMap((section) => section.claims) ?? [];
  if (outcome === 'completed' && claims.length === 0) faults.push('completed with nothing');
  if (outcome === 'failed' && !/\w{3,} \w+/.test(failure?.message ?? '')) faults.push('failed without a word why');
  for (const claim of claims) if (claim.citations.length === 0) faults.push(`a claim without a source: ${claim.text}`);
  for (const { source, quote } of answer?.citations ?? [])
    if (!stands(docs, source, quote)) faults.push(`not in ${source}: “${quote}”`);
  if (wantsData && outcome === 'completed' && !isAsAsked(result.data) && (result.notes ?? []).length === 0)
    faults.push(
      `the answer is not in the form that was asked for, and nothing says so: ${JSON.stringify(result.data)}`,
    );
  return faults;
}

const plain = (text: string): string => text.replace(/[#*`\s]+/g, ' ').trim();

function stands(docs: string, source: string, quote: string): boolean {
  try {
    return plain(readFileSync(join(docs, source), 'utf8')).includes(plain(quote));
  } catch {
    return false;
  }
}

/** The shape of `SCHEMA`, looked at by hand: the product's own check is what is being tried. */
export const SCHEMA = {
  type: 'object',
  properties: {
    services: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, retries: { type: 'boolean' } },
        required: ['name', 'retries'],
        additionalProperties: false,
      },
    },
  },
  required: ['services'],
  additionalProperties: false,
};

function isAsAsked(data: unknown): boolean {
  const { services } = (data ?? {}) as { services?: unknown };
  return (
    Array.isArray(services) &&
    services.every(
      (one: { name?: unknown; retries?: unknown } | null) =>
        typeof one?.name === 'string' && typeof one.retries === 'boolean',
    )
  );
}
