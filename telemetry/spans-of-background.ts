// spans-of-background.ts: what goes on behind a task's answer, as spans under the task's own: one for each stretch until nothing
// more happens there, since what was given up may be sent again days later.

import { isLastEvent, type TaskEvent } from '../protocol/events.ts';
import type { Span, SpanEvent } from '../protocol/trace.ts';
import type { RecordedTask } from './spans-of-task.ts';
import { readLog } from './spans-of-log.ts';
import { spansOfLives, type Planned } from './spans-of-lives.ts';
import { spanOf, type TraceOf } from './span.ts';
import { spanIdOf } from './trace-context.ts';

export type RecordedBackground = Pick<RecordedTask, 'events' | 'logs' | 'now'> & {
  /** `key`: the background child's own. */
  trace: TraceOf;
  /** Span of the task. */
  taskSpanId: string;
  /** What of the task's plan is done here. */
  planned: readonly Planned[];
};

/** @returns the spans of each stretch, the first one first. */
export function spansOfBackground(of: RecordedBackground): Span[][] {
  const read = of.logs
    .map((log) => ({ name: log, log: readLog(of.trace, log, log.records) }))
    .filter(({ log }) => log.attempts > 0);
  return stretchesOf(of.events).map((events, at) => {
    const mine = new Set(
      events.flatMap((event) => ('generation' in event ? [`${event.subtask}/${event.generation}`] : [])),
    );
    const logs = read.filter(({ name }) => mine.has(`${name.subtask}/${name.generation}`));
    return stretch(of, events, at + 1, logs);
  });
}

function stretchesOf(events: readonly TaskEvent[]): TaskEvent[][] {
  const stretches: TaskEvent[][] = [];
  let open: TaskEvent[] | undefined;
  for (const event of events) {
    if (!open) stretches.push((open = []));
    open.push(event);
    if (isLastEvent(event)) open = undefined;
  }
  return stretches;
}

function stretch(
  { trace, taskSpanId, planned, now }: RecordedBackground,
  events: readonly TaskEvent[],
  nth: number,
  logs: Parameters<typeof spansOfLives>[0]['logs'],
): Span[] {
  const settled = events.find((event) => event.type === 'background.settled');
  const start = events[0]?.at ?? now;
  const upTo = settled?.at ?? now;
  const parentId = spanIdOf(trace.key, 'background', nth);
  const whole = spanOf(trace, {
    of: ['background', nth],
    parentId: taskSpanId,
    name: 'background',
    start,
    end: upTo,
    ...(settled ? {} : { isOpen: true }),
    attributes: {
      'openinference.span.kind': 'CHAIN',
      ...(settled
        ? {
            'muster.delivered': settled.delivered,
            'muster.undelivered': settled.undelivered,
            'muster.failed': settled.failed,
          }
        : {}),
    },
  });
  return [
    whole,
    ...deliveries(trace, parentId, events, nth, start),
    ...spansOfLives({ trace, events, logs, parentId, planned, isAtWork: settled === undefined, upTo }),
    ...logs.flatMap(({ log }) => log.spans),
  ];
}

/** Which span a receiver is told; one that is sent again later belongs to the first time. */
export const deliverySpanId = (key: string, delivery: string): string => spanIdOf(key, 'delivery', delivery, 1);

type DeliveryEvent = Extract<TaskEvent, { type: `delivery.${string}` }>;

function deliveries(
  trace: TraceOf,
  parentId: string,
  events: readonly TaskEvent[],
  nth: number,
  start: number,
): Span[] {
  const byId = new Map<string, DeliveryEvent[]>();
  for (const event of events)
    if (event.type.startsWith('delivery.')) {
      const one = event as DeliveryEvent;
      byId.set(one.delivery, [...(byId.get(one.delivery) ?? []), one]);
    }
  return [...byId].flatMap(([delivery, said]) => {
    const last = said.at(-1);
    if (!last) return [];
    return [
      spanOf(trace, {
        of: ['delivery', delivery, nth],
        parentId,
        kind: 'client',
        name: `deliver ${last.what}`,
        start,
        end: last.at,
        ...(last.type === 'delivery.sent' ? {} : { error: { type: last.type, message: last.reason } }),
        attributes: {
          'openinference.span.kind': 'CHAIN',
          'muster.delivery': delivery,
          'muster.notifier': last.kind,
          'muster.tries': last.tries,
          ...(last.type === 'delivery.sent' && last.code !== undefined
            ? { 'http.response.status_code': last.code }
            : {}),
        },
        content: { 'muster.to': last.to },
        events: said.flatMap((event): SpanEvent[] =>
          event.type === 'delivery.retrying'
            ? [{ name: 'retry', at: event.at, attributes: { 'muster.try': event.tries } }]
            : [],
        ),
      }),
    ];
  });
}
