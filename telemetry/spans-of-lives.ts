// spans-of-lives.ts: each life of a subtask as a span, under whoever handed the subtask out: made of its events and its log.

import type { TaskEvent } from '../protocol/events.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Attributes, Span, SpanEvent } from '../protocol/trace.ts';
import { spanOf, type TraceOf } from './span.ts';
import type { LogName, ReadLog } from './spans-of-log.ts';
import { spanIdOf } from './trace-context.ts';

export interface Planned {
  id: string;
  title: string;
  kind: string;
}

export interface LivesOf {
  trace: TraceOf;
  events: readonly TaskEvent[];
  logs: readonly { name: LogName; log: ReadLog }[];
  /** Of what these are part of: the task, or what goes on behind its answer. */
  parentId: string;
  /** Subtasks that others planned than these events tell of. Default: none. */
  planned?: readonly Planned[];
  isAtWork: boolean;
  /** When what has no ending is taken to end. */
  upTo: number;
}

export function spansOfLives({
  trace,
  events,
  logs: read,
  parentId: rootId,
  planned = [],
  isAtWork,
  upTo,
}: LivesOf): Span[] {
  const known = new Map<string, Omit<Planned, 'id'>>(planned.map((one) => [one.id, one]));
  const rounds = new Map<string, number>();
  const parents = new Map<string, string>();
  const byLife = new Map<string, TaskEvent[]>();
  for (const event of events) {
    if (event.type === 'plan.ready' || event.type === 'subtask.delegated')
      for (const { id, title, kind } of [
        ...event.subtasks,
        ...('background' in event ? (event.background ?? []) : []),
      ]) {
        known.set(id, { title, kind });
        if (event.type === 'subtask.delegated') parents.set(id, spanIdOf(trace.key, event.subtask, event.generation));
      }
    if (event.type === 'subtask.added') known.set(event.subtask, event);
    if (event.type === 'conflict.found' && event.asks !== undefined) {
      const { asks, title = asks, kind = 'sub-agent' } = event;
      known.set(asks, { title, kind });
    }
    if (event.type === 'round.started')
      for (const one of event.subtasks) {
        known.set(one.id, one);
        rounds.set(one.id, event.round);
      }
    if ('subtask' in event && 'generation' in event) {
      const life = lifeOf(event);
      byLife.set(life, [...(byLife.get(life) ?? []), event]);
    }
  }
  const logs = new Map(read.map(({ name, log }) => [lifeOf(name), { name, log }]));
  const names = new Map<string, LogName>();
  for (const [life, [event]] of byLife) if (event && 'generation' in event) names.set(life, event);
  for (const [life, { name }] of logs) names.set(life, name);
  return [...names].flatMap(([life, { subtask, generation }]) => {
    const said = byLife.get(life) ?? [];
    const log = logs.get(life)?.log;
    const finished = said.find((one) => one.type === 'subtask.finished');
    const started = said.find((one) => one.type === 'subtask.started');
    const begin = log?.begin ?? started?.at;
    // It was skipped, and never began.
    if (begin === undefined) return [];
    const { title = subtask, kind = 'sub-agent' } = known.get(subtask) ?? {};
    const end = log?.outcome?.endedAt ?? finished?.at;
    const failure = failureOf(finished, log?.outcome);
    return [
      spanOf(trace, {
        of: [subtask, generation],
        parentId: parents.get(subtask) ?? rootId,
        name: `invoke_agent ${kind}`,
        start: begin,
        end: end ?? Math.max(log?.last ?? 0, upTo),
        ...(end === undefined && isAtWork ? { isOpen: true } : {}),
        ...(failure ? { error: failure } : {}),
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': kind,
          'gen_ai.agent.id': subtask,
          'openinference.span.kind': 'AGENT',
          'agent.name': kind,
          'graph.node.id': `${subtask}/g${generation}`,
          'muster.subtask': subtask,
          'muster.generation': generation,
          ...(rounds.has(subtask) ? { 'muster.round': rounds.get(subtask) ?? 0 } : {}),
          ...(finished ? { 'muster.state': finished.state, 'muster.findings': finished.findings } : {}),
          ...(started ? { 'muster.queue_ms': Math.max(0, begin - started.at) } : {}),
          ...(log ? { 'muster.attempts': log.attempts, ...spentOn(log) } : {}),
        },
        content: { 'muster.title': title },
        events: [...(log?.events ?? []), ...said.flatMap(onLife)],
      }),
    ];
  });
}

const lifeOf = ({ subtask, generation }: LogName): string => `${subtask}/g${generation}`;

/** What the log of a life does not say. */
function onLife(event: TaskEvent): SpanEvent[] {
  const { at } = event;
  switch (event.type) {
    case 'subtask.replied':
      return [{ name: 'reply', at, attributes: { 'muster.from': event.from } }];
    case 'subtask.paused':
      return [{ name: 'paused', at }];
    default:
      return [];
  }
}

function failureOf(
  finished: Extract<TaskEvent, { type: 'subtask.finished' }> | undefined,
  outcome: Outcome | undefined,
): Span['error'] {
  if (finished?.state === 'done') return undefined;
  return finished?.failure ?? (outcome?.status === 'failed' ? outcome.failure : undefined);
}

export const spentOn = ({ inputTokens, outputTokens, costUsd }: ReadLog): Attributes => ({
  'muster.tokens.input': inputTokens,
  'muster.tokens.output': outputTokens,
  ...(costUsd === undefined ? {} : { 'muster.cost_usd': costUsd }),
});
