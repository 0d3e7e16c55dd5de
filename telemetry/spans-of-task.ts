// spans-of-task.ts: the tree of one task: a pure view of its events and logs. Nothing is measured for it while the task works, so
// a process that is killed loses nothing of it, and whoever looks sees the same.

import { answerMarkdown } from '../protocol/answer.ts';
import type { TaskEvent } from '../protocol/events.ts';
import type { LogRecord } from '../protocol/log-records.ts';
import { STEP_LOGS } from '../protocol/names.ts';
import type { Route } from '../protocol/path.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Attributes, Span, SpanEvent } from '../protocol/trace.ts';
import { spentOn, spansOfLives } from './spans-of-lives.ts';
import { spanOf, type TraceOf } from './span.ts';
import { readLog, type LogName, type ReadLog } from './spans-of-log.ts';
import { spanIdOf } from './trace-context.ts';

export interface RecordedTask {
  trace: TraceOf;
  /** Span of a caller from outside. */
  callerId?: string;
  goal: string;
  tenant: string;
  className: string;
  acceptedAt: number;
  /** Of one run, in their order. */
  events: readonly TaskEvent[];
  logs: readonly (LogName & { records: readonly LogRecord[] })[];
  result?: TaskResult;
  /** Of a task that was ended from outside, and could not say so. */
  terminatedAt?: number;
  now: number;
}

/** Names of the master's steps in a trace, by those of their logs. */
const NAMES: Readonly<Record<(typeof STEP_LOGS)[keyof typeof STEP_LOGS], string>> = {
  _plan: 'plan',
  _synthesize: 'synthesize',
  _verify: 'verify',
  _shape: 'shape',
  _direct: 'answer at once',
  '_so-far': 'answer so far',
  _conflicts: 'find conflicts',
  _settle: 'settle conflicts',
  _round: 'plan round',
};
const STEPS: Readonly<Record<string, string>> = NAMES;

export function spansOfTask(task: RecordedTask): Span[] {
  const { trace, events, logs, callerId } = task;
  const rootId = spanIdOf(trace.key);
  const first = ofType(events, 'task.accepted');
  const start = first?.at ?? task.acceptedAt;
  const closed = ofType(events, 'task.closed');
  const end = closed?.at ?? task.terminatedAt;
  const isOpen = end === undefined;
  const upTo = end ?? task.now;
  const read = logs
    .map((log) => ({ name: log, log: readLog(trace, log, log.records) }))
    .filter(({ log }) => log.attempts > 0);
  const steps = read.flatMap(({ name, log }) => stepSpan(task, rootId, name, log, upTo));
  const lives = spansOfLives({
    trace,
    events,
    logs: read.filter(({ name }) => STEPS[name.subtask] === undefined),
    parentId: rootId,
    isAtWork: isOpen,
    upTo,
  });
  const failure = closed?.failure;
  const error = failure ?? (closed || task.terminatedAt === undefined ? undefined : TERMINATED);
  const root = spanOf(trace, {
    of: [],
    ...(callerId === undefined ? {} : { parentId: callerId }),
    name: 'invoke_workflow muster',
    kind: 'server',
    start,
    end: upTo,
    ...(isOpen ? { isOpen } : {}),
    ...(error ? { error } : {}),
    attributes: {
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'muster',
      'openinference.span.kind': 'CHAIN',
      'muster.class': task.className,
      'muster.tenant': task.tenant,
      ...(first?.route ? { ...routeOf(first.route), ...whyOf(first.route, 'muster.route.why').attributes } : {}),
      ...(isOpen ? {} : { 'muster.outcome': closed?.outcome ?? 'terminated' }),
      ...(task.result ? usageOf(task.result.usage) : {}),
    },
    content: {
      'input.value': task.goal,
      ...(first?.route ? whyOf(first.route, 'muster.route.why').content : {}),
      ...(task.result?.answer ? { 'output.value': answerMarkdown(task.result.answer) } : {}),
    },
    events: events.flatMap(onRoot),
  });
  return [
    root,
    ...sourcesSpan(task, rootId, start),
    ...approvalSpan(task, rootId, upTo),
    ...steps,
    ...lives,
    ...read.flatMap(({ log }) => log.spans),
  ].sort((a, b) => a.start - b.start);
}

const TERMINATED = { type: 'terminated', message: 'it was ended from outside' };

function ofType<T extends TaskEvent['type']>(events: readonly TaskEvent[], type: T) {
  return events.find((event): event is Extract<TaskEvent, { type: T }> => event.type === type);
}

/** What people and steps did to the task as a whole. */
function onRoot(event: TaskEvent): SpanEvent[] {
  const { type, at } = event;
  switch (type) {
    case 'command.applied':
      return [{ name: `command ${event.kind}`, at, attributes: { 'muster.command.to': event.to ?? 'task' } }];
    case 'command.refused':
      return [{ name: `command refused ${event.kind}`, at }];
    case 'answer.ready':
    case 'answer.verified':
      return [{ name: type, at, attributes: { 'muster.citations': event.citations } }];
    case 'answer.so-far':
      return [{ name: type, at, attributes: { 'muster.citations': event.citations } }];
    case 'task.accepted':
      return event.route ? [{ name: `route ${event.route.path}`, at, ...whyOf(event.route, 'muster.reason') }] : [];
    case 'conflict.found':
      return [{ name: type, at, content: { 'muster.conflict.about': event.about } }];
    case 'conflict.settled':
      return [
        { name: type, at, content: { 'muster.conflict.about': event.about, 'muster.conflict.holds': event.value } },
      ];
    case 'round.started':
      return [
        { name: type, at, attributes: { 'muster.round': event.round, 'muster.subtasks': event.subtasks.length } },
      ];
    case 'round.ended':
      return [{ name: type, at, attributes: { 'muster.round': event.round, 'muster.findings': event.findings } }];
    case 'task.demoted':
      return [{ name: type, at, attributes: { 'muster.reason': event.reason } }];
    case 'outline.ready':
      return [{ name: type, at }];
    default:
      return [];
  }
}

function sourcesSpan({ trace, events }: RecordedTask, parentId: string, start: number): Span[] {
  const ready = ofType(events, 'sources.ready');
  if (!ready) return [];
  const { documents, passages, skipped, at } = ready;
  return [
    spanOf(trace, {
      of: ['sources'],
      parentId,
      name: 'read sources',
      start,
      end: at,
      attributes: {
        'openinference.span.kind': 'CHAIN',
        'muster.documents': documents,
        'muster.passages': passages,
        'muster.skipped': skipped,
      },
    }),
  ];
}

/** A plan waits for a person. */
function approvalSpan({ trace, events }: RecordedTask, parentId: string, upTo: number): Span[] {
  const proposed = ofType(events, 'plan.proposed');
  if (!proposed) return [];
  const ready = ofType(events, 'plan.ready');
  return [
    spanOf(trace, {
      of: ['approval'],
      parentId,
      name: 'await approval',
      start: proposed.at,
      end: ready?.at ?? upTo,
      ...(ready || ofType(events, 'task.closed') ? {} : { isOpen: true }),
      attributes: { 'openinference.span.kind': 'CHAIN' },
    }),
  ];
}

function stepSpan({ trace, events }: RecordedTask, parentId: string, of: LogName, log: ReadLog, upTo: number): Span[] {
  const name = STEPS[of.subtask];
  if (name === undefined) return [];
  const start = log.begin ?? upTo;
  return [
    spanOf(trace, {
      of: [of.subtask, of.generation],
      parentId,
      name,
      start,
      end: endOfStep(of, events) ?? log.last ?? upTo,
      ...(ofType(events, 'task.closed') === undefined && log.last === undefined ? { isOpen: true } : {}),
      attributes: {
        ...(name === 'plan' ? { 'gen_ai.operation.name': 'plan' } : {}),
        'openinference.span.kind': 'CHAIN',
        ...spentOn(log),
      },
      events: log.events,
    }),
  ];
}

/** Of an answer at once that was none: when that was told. One that was only late goes on. */
function endOfStep({ subtask }: LogName, events: readonly TaskEvent[]): number | undefined {
  const demoted = subtask === STEP_LOGS.direct ? ofType(events, 'task.demoted') : undefined;
  return demoted && demoted.reason !== 'budget' ? demoted.at : undefined;
}

/** The rules have sentences of their own; a router may use words of the question, or of a model. */
const whyOf = ({ why, router }: Route, name: string): Pick<SpanEvent, 'attributes' | 'content'> =>
  router === undefined ? { attributes: { [name]: why } } : { content: { [name]: why } };

const routeOf = ({ path, by, numbers, router }: Route): Attributes => ({
  'muster.path': path,
  'muster.route.by': by,
  ...(router === undefined ? {} : { 'muster.route.router': router }),
  ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`muster.route.${name}`, value])),
});

const usageOf = ({ modelCalls, toolCalls, wastedTokens, ...usage }: TaskResult['usage']): Attributes => ({
  ...spentOn({ ...usage, spans: [], events: [], attempts: 0 }),
  'muster.tokens.wasted': wastedTokens,
  'muster.model_calls': modelCalls,
  'muster.tool_calls': toolCalls,
});
