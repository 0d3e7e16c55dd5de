// counted-store.ts: counts what is kept for the first time, where it is kept: a repeat of an Activity, a replay or another worker
// counts nothing again.

import type { ClosedRows, TaskRow } from '../protocol/class-history.ts';
import type { TaskEvent } from '../protocol/events.ts';
import { observedStore } from '../store/observed-store.ts';
import type { Store } from '../store/store.ts';
import { metrics } from '../telemetry/metrics/registry.ts';

const counted = new WeakSet<Store>();

/** The store, whose keeping is counted; one that is counted already as it is. */
export function countedStore(store: Store): Store {
  if (counted.has(store)) return store;
  const made = observedStore(store, {
    noted: countRows,
    appended: (events) => events.forEach(countEvent),
    failed: (operation) => metrics.add('muster_store_errors_total', { operation }),
  });
  counted.add(made);
  return made;
}

function countRows({ task, subtasks }: ClosedRows): void {
  if (task) countTask(task);
  for (const { kind, ending: outcome, retries } of subtasks) {
    metrics.add('muster_subtasks_total', { kind, outcome });
    metrics.add('muster_retries_total', { kind }, retries);
  }
}

function countTask({ class: name, path, ending, totalMs, queueMs, firstFindingMs, wasted = {} }: TaskRow): void {
  metrics.add('muster_tasks_total', { class: name, path, outcome: ending });
  metrics.observe('muster_task_seconds', { class: name, path }, totalMs / 1e3);
  if (queueMs !== undefined) metrics.observe('muster_task_queue_seconds', { class: name, path }, queueMs / 1e3);
  if (firstFindingMs !== undefined)
    metrics.observe('muster_first_finding_seconds', { class: name }, firstFindingMs / 1e3);
  for (const reason of ['outrun', 'replaced', 'late', 'stopped'] as const)
    metrics.add('muster_wasted_tokens_total', { reason }, wasted[reason] ?? 0);
}

function countEvent(event: TaskEvent): void {
  switch (event.type) {
    case 'subtasks.merged':
      return metrics.add('muster_merged_subtasks_total', {}, event.merged.length);
    case 'round.ended': {
      const outcome = event.filled.length > 0 ? 'filled' : event.findings > 0 ? 'more' : 'nothing';
      return metrics.add('muster_rounds_total', { outcome });
    }
    case 'conflict.found':
      return metrics.add('muster_conflicts_total', { state: 'found' });
    case 'conflict.settled':
      return metrics.add('muster_conflicts_total', { state: 'settled' });
    case 'delivery.sent':
      return metrics.add('muster_deliveries_total', { kind: event.kind, outcome: 'sent' });
    case 'delivery.retrying':
      return metrics.add('muster_deliveries_total', { kind: event.kind, outcome: 'retrying' });
    case 'delivery.failed':
      if (event.state === 'dead') metrics.add('muster_dead_letters_total', {});
      return metrics.add('muster_deliveries_total', { kind: event.kind, outcome: event.state });
    default:
  }
}
