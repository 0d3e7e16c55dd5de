// event-lines.ts: one event of a task as one line for a log: `12:03:01 s1 finding: … (file.md:12)`.

import { spentOf } from '../../../protocol/budget.ts';
import type { TaskEvent } from '../../../protocol/events.ts';
import { formatCount, counted, oneLine } from '../terminal/text.ts';

/** Events that tell a developer more than the person who waits. */
const FOR_DEVELOPERS: ReadonlySet<TaskEvent['type']> = new Set(['outline.ready', 'draft.updated']);

/** True for what is shown only where everything is asked for. */
export const isDetail = ({ type }: TaskEvent): boolean => FOR_DEVELOPERS.has(type);

/** The line, without its line end. Times are local. */
export function eventLine(event: TaskEvent): string {
  return timedLine(event.at, sentence(event));
}

function sentence(event: TaskEvent): string {
  switch (event.type) {
    case 'task.accepted':
      return `task accepted, class ${event.class}: ${event.goal}`;
    case 'sources.reading':
      return `reading: ${formatCount(event.files)} of ${counted(event.of, 'file')}, ${megabytes(event.bytes)} of ${megabytes(event.ofBytes)} MB${event.skipped > 0 ? `, ${formatCount(event.skipped)} skipped` : ''}`;
    case 'sources.ready':
      return `sources ready: ${counted(event.documents, 'document')}, ${counted(event.passages, 'passage')}${event.skipped > 0 ? `, ${formatCount(event.skipped)} skipped` : ''}`;
    case 'plan.ready':
      return `plan: ${event.subtasks.map(({ id, title, needs }) => `${id} ${title}${needs.length > 0 ? ` (after ${needs.join(', ')})` : ''}`).join('; ')}`;
    case 'outline.ready':
      return `outline: ${event.headings.join('; ')}`;
    case 'subtask.started':
      return `${event.subtask} started${event.generation > 1 ? ' again' : ''}`;
    case 'subtask.resumed':
      return `${event.subtask} was interrupted and goes on, ${counted(event.turns, 'finished turn')} kept`;
    case 'subtask.finding':
      return `${event.subtask} finding${event.late ? ' (late)' : ''}: ${event.finding.claim}${event.finding.at === '' ? '' : ` (${event.finding.at})`}`;
    case 'subtask.retrying':
      return `${event.subtask} waits and tries again at ${clock(event.at)}: ${event.failure.message}`;
    case 'subtask.remark':
      return `${event.subtask} remarks: ${event.remark}`;
    case 'subtask.waiting':
      return `${event.subtask} waits for a reply from outside, until ${clock(Math.max(...event.handles.map(({ until }) => until)))} (${event.handles.map(({ handle }) => handle).join(', ')})`;
    case 'subtask.delegated':
      return `${event.subtask} hands on: ${event.subtasks.map(({ id, title }) => `${id} ${title}`).join('; ')}`;
    case 'model.failover':
      return `${event.subtask} went on with ${event.to}: ${event.from} failed (${event.reason})`;
    case 'subtask.finished':
      return `${event.subtask} ${event.state}: ${event.failure ? `${event.failure.message} (${event.failure.type}), ` : ''}${counted(event.findings, 'finding')}, ${counted(spentOf(event.usage).tokens, 'token')}`;
    case 'draft.updated':
      return `draft: ${counted(event.findings, 'finding')}, ${counted(event.chars, 'character')}`;
    case 'answer.ready':
      return `answer ready: ${counted(event.citations, 'citation')}`;
    case 'answer.verified':
      return `answer verified: ${event.dropped === 0 ? 'every claim stands' : `${counted(event.dropped, 'claim')} left out`}`;
    case 'task.closed':
      return `task ${event.outcome}${event.failure ? `: ${event.failure.message}` : ''}`;
    default:
      return unknown(event satisfies never);
  }
}

const megabytes = (bytes: number): string => formatCount(Math.round(bytes / 1e6));

/** Of a worker that is newer than this program. */
const unknown = ({ type }: { type: string }): string => `${type} (not known to this version of muster)`;

/** A line of another kind among those of events. */
export const timedLine = (at: number, words: string): string => oneLine(`${clock(at)} ${words}`);

/** 12:03:01 */
function clock(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
