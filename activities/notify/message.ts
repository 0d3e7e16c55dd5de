// message.ts: what is told of a task, made of what the store has: for programs less than 20 kB, whatever the texts in it
// are, and for people. Pure: the same on every try.

import { answerMarkdown, type Answer } from '../../protocol/answer.ts';
import type { Delivery } from '../../protocol/background.ts';
import { hintFor } from '../../protocol/failures.ts';
import { citationPlace } from '../../protocol/findings.ts';
import type { NotifyEvent } from '../../protocol/notify.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { NotifyMessage } from './notifier.ts';

/** What the store has of the task. */
export interface ToldTask {
  taskId: string;
  /** Absent for a task that was terminated before its first step. */
  goal?: string | undefined;
  /** Absent while it runs, and for one that was terminated. */
  result?: TaskResult | undefined;
  /** Absent when there is none. */
  answer?: Answer | undefined;
  /** Address of the gateway, without a slash at its end. */
  publicUrl?: string | undefined;
}

/** Standard Webhooks asks for less than 20 kB; kB are thousands here. */
const MAX_BODY_BYTES = 19_900;
const MAX_TEXT_CHARS = 8_000;
/** Characters, each of which can be six bytes of JSON, and bytes of JSON: together they leave room for an answer. */
const MOST = {
  goal: 500,
  quote: 300,
  source: 200,
  gap: 300,
  failure: 400,
  citationBytes: 7_000,
  gapBytes: 2_000,
  dataBytes: 4_000,
};

const WORDS: Readonly<Record<NotifyEvent, string>> = {
  'task.completed': 'Done',
  'task.failed': 'Failed',
  'task.cancelled': 'Cancelled',
  'task.demoted': 'Takes longer',
  'task.progress': 'At work',
};

const TERMINATED = 'it was terminated from outside before it could close';

export function messageOf(delivery: Delivery, task: ToldTask): NotifyMessage {
  const { id, event } = delivery;
  const url = task.publicUrl === undefined ? undefined : `${task.publicUrl}/tasks/${encodeURIComponent(task.taskId)}`;
  const { goal = task.taskId } = task;
  const percent = delivery.progress ? `${Math.round(delivery.progress.percent)} %` : WORDS[event];
  return {
    id,
    event,
    taskId: task.taskId,
    title: cut(`${percent}: ${goal.replace(/\s+/g, ' ').trim()}`, 120),
    text: textOf(delivery, task, url),
    ...(url === undefined ? {} : { url }),
    body: bodyOf(delivery, task, url),
  };
}

/** Answer or failure, in words, then where the rest is. */
function textOf({ event, progress }: Delivery, task: ToldTask, url: string | undefined): string {
  const { result } = task;
  const where = url === undefined ? `All of it: muster result ${task.taskId}` : `All of it: ${url}`;
  const failure = failureOf(event, result);
  const said = [
    ...(progress ? [`${progress.done} of ${progress.of} subtasks are done.`] : []),
    ...(failure ? [[sentence(cut(failure.message, 1_000)), failure.hint].filter(Boolean).join(' ')] : []),
    ...(result && result.coverage.failed > 0
      ? [`${result.coverage.failed} of its subtasks failed: the answer rests on the others.`]
      : []),
  ];
  const room = MAX_TEXT_CHARS - said.join('\n\n').length - where.length - 8;
  const written = markdownOf(task);
  return [...said, ...(written === '' ? [] : [cut(written, room).trimEnd()]), where].join('\n\n');
}

interface Data {
  answer?: string;
  answer_truncated?: true;
  [field: string]: unknown;
}

function bodyOf({ event, at, progress }: Delivery, task: ToldTask, url: string | undefined): string {
  const { taskId, goal, result, answer } = task;
  const failure = failureOf(event, result);
  const data: Data = {
    task_id: taskId,
    status: STATUS[event],
    ...(goal === undefined ? {} : { goal: cut(goal, MOST.goal) }),
    ...(result ? { outcome: result.outcome } : {}),
    ...(progress ? { progress: { ...progress } } : {}),
    ...(failure ? { failure: { ...failure, message: cut(failure.message, MOST.failure) } } : {}),
    ...(result ? { coverage: coverageOf(result) } : {}),
    ...dataOf(result),
    ...(answer ? { citations: citationsOf(answer), citations_total: answer.citations.length } : {}),
    links: url === undefined ? { command: `muster result ${taskId}` } : { task: url, result: `${url}/result` },
  };
  const json = (): string => JSON.stringify({ type: event, timestamp: new Date(at).toISOString(), data });
  const written = markdownOf(task);
  if (written !== '') {
    const fits = (chars: number): boolean => {
      data.answer = cut(written, chars);
      if (data.answer === written) delete data.answer_truncated;
      else data.answer_truncated = true;
      return Buffer.byteLength(json()) <= MAX_BODY_BYTES;
    };
    fits(longest(Math.min(written.length, MAX_BODY_BYTES), fits));
  }
  return json();
}

/** The largest number up to `most` for which it holds; it holds for all below that. */
function longest(most: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const STATUS: Readonly<Record<NotifyEvent, string>> = {
  'task.completed': 'completed',
  'task.failed': 'failed',
  'task.cancelled': 'cancelled',
  'task.demoted': 'running',
  'task.progress': 'running',
};

function failureOf(
  event: NotifyEvent,
  result: TaskResult | undefined,
): { type?: string; message: string; hint?: string } | undefined {
  if (result?.failure) {
    const { type, message } = result.failure;
    return { type, message, hint: hintFor(type) };
  }
  return event === 'task.failed' && !result ? { message: TERMINATED } : undefined;
}

function coverageOf({ coverage: { done, failed, skipped, gaps } }: TaskResult) {
  return {
    done,
    failed,
    skipped,
    gaps: within(
      MOST.gapBytes,
      gaps.map((gap) => cut(gap, MOST.gap)),
    ),
    gaps_total: gaps.length,
  };
}

/** The answer in the shape of the request's schema, whole or not at all: a part of it would not fit the schema. */
function dataOf({ data, dataRef }: Partial<TaskResult> = {}): { data?: unknown; data_left_out?: true } {
  if (data === undefined) return dataRef === undefined ? {} : { data_left_out: true };
  return Buffer.byteLength(JSON.stringify(data)) > MOST.dataBytes ? { data_left_out: true } : { data };
}

function citationsOf({ citations }: Answer) {
  const told = citations.slice(0, 100).map((one, at) => ({
    n: at + 1,
    source: cut(one.source, MOST.source),
    at: cut(citationPlace(one), MOST.source),
    quote: cut(one.quote, MOST.quote),
    sha256: one.sha256,
  }));
  return within(MOST.citationBytes, told);
}

/** The first of them, as many as have so many bytes of JSON together. */
function within<T>(most: number, items: readonly T[]): T[] {
  let bytes = 0;
  const end = items.findIndex((item) => (bytes += Buffer.byteLength(JSON.stringify(item)) + 1) > most);
  return items.slice(0, end < 0 ? items.length : end);
}

/** The answer; of a task that failed or was cancelled, what it had found. */
const markdownOf = ({ answer, result }: ToldTask): string => (answer ? answerMarkdown(answer) : (result?.draft ?? ''));

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** At most so many characters, with a sign where something is left out; no pair of surrogates is cut in two. */
function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const end = Math.max(0, chars - 1);
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return chars <= 0 ? '' : `${text.slice(0, isSplit ? end - 1 : end)}…`;
}
