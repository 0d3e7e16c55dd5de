// recorded-task.ts: tasks as a store would keep them, for tests of what a trace makes of them.

import type { LogRecord } from '../../protocol/log-records.ts';
import type { TaskEvent, TaskEventBody } from '../../protocol/events.ts';
import { backgroundId } from '../../protocol/names.ts';
import type { Span } from '../../protocol/trace.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import type { TraceHead, TraceStore } from '../../telemetry/read-trace.ts';

export const T0 = 1_800_000_000_000;
export const RUN = '01a21930-0d8b-7747-b6c6-ac9393d75e95';
export const BEHIND = '01a21931-1111-7747-b6c6-ac9393d75e95';

export const reply = (more: Partial<Extract<LogRecord, { t: 'model' }>['reply']> = {}) => ({
  text: 'what the model said',
  toolCalls: [],
  inputTokens: 100,
  outputTokens: 10,
  ...more,
});

export const model = (step: string, at: number, ms: number, name = 'first', more = {}): LogRecord => ({
  t: 'model',
  step,
  reply: reply(more),
  ms,
  at: T0 + at,
  prompt: 'findings/2',
  model: name,
  cost: 0.001,
});

export const attempt = (at: number, worker = 'host/1'): LogRecord => ({ t: 'attempt', at: T0 + at, worker });

export const done = (subtask: string, startedAt: number, endedAt: number): LogRecord => ({
  t: 'outcome',
  outcome: {
    subtask,
    generation: 1,
    usage: NO_USAGE,
    turns: 1,
    startedAt: T0 + startedAt,
    endedAt: T0 + endedAt,
    records: 3,
    status: 'done',
    findingCount: 1,
    digests: [],
    missing: [],
  },
});

export const planned = (id: string) => ({ id, title: `Title of ${id}`, kind: 'researcher', needs: [] });

export const finished = (subtask: string, at: number): [number, TaskEventBody] => [
  at,
  { type: 'subtask.finished', subtask, generation: 1, state: 'done', findings: 1, usage: NO_USAGE },
];

/** Events with their times, from T0 on. */
export function numbered(events: readonly (readonly [number, TaskEventBody])[], run = RUN): TaskEvent[] {
  return events.map(([at, body], n) => ({ v: 1, run, n: n + 1, ...body, at: T0 + at }));
}

export interface Kept {
  head?: Partial<TraceHead>;
  events: TaskEvent[];
  behind?: TaskEvent[];
  /** By `s1/1`. */
  logs: Record<string, LogRecord[]>;
}

export function traceStore({ head = {}, events, behind = [], logs }: Kept): TraceStore {
  return {
    getTask: async (taskId) => ({
      taskId,
      run: taskId.endsWith('/background') ? BEHIND : RUN,
      goal: 'a secret goal',
      className: 'standard',
      tenant: 'acme',
      acceptedAt: T0,
      ...head,
    }),
    getResult: async () => undefined,
    readEvents: async (taskId) => (taskId === backgroundId('task-1') ? behind : events),
    readLog: async <R>({ run, subtask, generation }: { run: string; subtask: string; generation: number }) =>
      (logs[`${run === RUN ? '' : 'behind/'}${subtask}/${generation}`] ?? []) as R[],
  };
}

/** ms from a log's first record to its last, the outcome among them. */
export function tookOf(log: readonly LogRecord[]): number {
  const times = log.flatMap((record) =>
    'at' in record ? [record.at] : record.t === 'outcome' ? [record.outcome.endedAt] : [],
  );
  return Math.max(...times) - Math.min(...times);
}

/** What every trace must be: one root, every parent there, no span twice. */
export function expectWhole(spans: readonly Span[], rootParent?: string): Span {
  const ids = spans.map(({ spanId }) => spanId);
  expect(new Set(ids).size).toBe(ids.length);
  const roots = spans.filter(({ parentId }) => parentId === rootParent);
  expect(roots.map(({ name }) => name)).toEqual(['invoke_workflow muster']);
  const known = new Set(ids);
  const orphans = spans.filter(({ parentId }) => parentId !== rootParent && !known.has(parentId ?? ''));
  expect(orphans.map(({ name }) => name)).toEqual([]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const [root] = roots;
  if (!root) throw new Error('no root');
  return root;
}
