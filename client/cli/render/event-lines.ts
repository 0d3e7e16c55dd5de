// event-lines.ts: one event of a task as one line for a log: `12:03:01 s1 finding: … (file.md:12)`.

import { spentOf } from '../../../protocol/budget.ts';
import { openInWords, settledInWords } from '../../../protocol/conflicts.ts';
import { mergedInWords } from '../../../protocol/merged.ts';
import type { Route } from '../../../protocol/path.ts';
import type { TaskEvent } from '../../../protocol/events.ts';
import { commandPath } from '../../../protocol/wire.ts';
import { counted, cut, duration, formatCount, oneLine } from '../terminal/text.ts';

/** A goal may be a page; the rest stands in `muster status`. */
const MAX_GOAL_COLUMNS = 300;

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
      return `task accepted, class ${event.class}${event.route ? `, ${routeInWords(event.route)}` : ''}: ${cut(event.goal, MAX_GOAL_COLUMNS)}`;
    case 'session.joined':
      return `question ${event.place} of session ${event.session}, sees ${counted(event.sees.length, 'earlier answer')}${event.open ? ` and ${counted(event.open.length, 'question')} still at work` : ''}${event.resolved === undefined ? '' : `; understood as: ${event.resolved}`}`;
    case 'sources.reading':
      return `reading: ${formatCount(event.files)} of ${counted(event.of, 'file')}, ${megabytes(event.bytes)} of ${megabytes(event.ofBytes)} MB${event.skipped > 0 ? `, ${formatCount(event.skipped)} skipped` : ''}`;
    case 'sources.ready':
      return `sources ready: ${counted(event.documents, 'document')}, ${counted(event.passages, 'passage')}${event.skipped > 0 ? `, ${formatCount(event.skipped)} skipped` : ''}`;
    case 'plan.ready':
      return `plan: ${event.subtasks.map(planned).join('; ')}${event.background ? `; in the background: ${event.background.map(planned).join('; ')}` : ''}`;
    case 'plan.proposed':
      return `the plan waits for approval until ${moment(event.until, event.at)}: ${counted(event.subtasks.length, 'subtask')}, at most ${counted(event.estimate.tokens, 'token')} and ${formatCount(event.estimate.seconds)} s${event.estimate.costUsd === undefined ? '' : `, ${dollars(event.estimate.costUsd)}`} (plan ${event.hash.slice(0, 12)})`;
    case 'task.demoted':
      return event.reason === 'budget'
        ? `no answer within ${duration(event.afterMs)}: it goes on as a task that is followed`
        : `it is planned, since it could not be answered at once: ${event.why ?? 'one call does not answer it'}`;
    case 'outline.ready':
      return `outline: ${event.headings.join('; ')}`;
    case 'subtask.started':
      return `${event.subtask} started${event.generation > 1 ? ' again' : ''}`;
    case 'subtask.resumed':
      return `${event.subtask} was interrupted and goes on, ${counted(event.turns, 'finished turn')} kept`;
    case 'subtask.finding':
      return `${event.subtask} finding${event.late ? ' (late)' : ''}: ${event.finding.claim}${event.finding.at === '' ? '' : ` (${event.finding.at})`}`;
    case 'subtask.shared':
      return `${event.subtask} shares: ${event.finding.claim} (${event.finding.at})`;
    case 'subtask.retrying':
      return `${event.subtask} waits and tries again at ${clock(event.at)}: ${event.failure.message}`;
    case 'subtask.remark':
      return `${event.subtask} remarks: ${event.remark}`;
    case 'subtask.hedged':
      return `${event.subtask} is slow: a second life begins beside the first, after ${duration(event.afterMs)}`;
    case 'join.decided':
      return `enough: ${event.why}; ${counted(event.left, 'subtask')} left behind`;
    case 'subtask.waiting':
      if (event.handles.some(({ ask }) => ask)) return asksLine(event);
      return `${event.subtask} waits for a reply from outside, until ${moment(Math.max(...event.handles.map(({ until }) => until)), event.at)} (${event.handles.map(({ handle }) => handle).join(', ')})`;
    case 'subtask.replied':
      return `${event.subtask} ${repliedLine(event)}`;
    case 'reply.refused':
      return `${event.subtask} waits on: ${event.reason}`;
    case 'subtask.paused':
      return `${event.subtask} is paused: it holds no worker until it goes on`;
    case 'subtask.added':
      return `${event.subtask} joins: ${event.title}`;
    case 'subtask.delegated':
      return `${event.subtask} hands on: ${event.subtasks.map(({ id, title }) => `${id} ${title}`).join('; ')}`;
    case 'subtasks.merged':
      return event.merged.map(mergedInWords).join(' ');
    case 'model.failover':
      return `${event.subtask} went on with ${event.to}: ${event.from} failed (${event.reason})`;
    case 'subtask.finished':
      return `${event.subtask} ${event.state}: ${event.failure ? `${event.failure.message} (${event.failure.type}), ` : ''}${counted(event.findings, 'finding')}, ${counted(spentOf(event.usage).tokens, 'token')}`;
    case 'command.applied':
      return `${event.by.name}: ${commandPath(event.kind)}${event.to === undefined ? '' : ` ${event.to}`}: ${event.effect}`;
    case 'command.refused':
      return `${event.by.name}: ${commandPath(event.kind)}${event.to === undefined ? '' : ` ${event.to}`} could not be applied: ${event.reason}`;
    case 'draft.updated':
      return `draft: ${counted(event.findings, 'finding')}, ${counted(event.chars, 'character')}`;
    case 'answer.so-far':
      return event.failure
        ? `${event.by.name} asked for an answer so far, and none was written: ${event.failure.message}`
        : `answer so far for ${event.by.name}: ${counted(event.citations, 'citation')} from ${counted(event.findings, 'finding')}; the task goes on`;
    case 'round.started':
      return `round ${event.round}: ${event.subtasks.map(planned).join('; ')}; since ${event.why.join(' ')}`;
    case 'round.ended':
      return `round ${event.round} brought ${counted(event.findings, 'finding')}${event.filled.length > 0 ? `, and made up for what ${event.filled.join(', ')} left open` : ''}`;
    case 'conflict.found':
      return openInWords(event);
    case 'conflict.settled':
      return settledInWords(event);
    case 'answer.ready':
      return `answer ready: ${counted(event.citations, 'citation')}`;
    case 'answer.verified':
      return `answer verified: ${event.dropped === 0 ? 'every claim stands' : `${counted(event.dropped, 'claim')} left out`}`;
    case 'task.closed':
      return `task ${event.outcome}${event.failure ? `: ${event.failure.message}` : ''}`;
    case 'background.started':
      return `behind the answer, task ${event.outcome}: ${counted(event.receivers, 'receiver')}, ${counted(event.subtasks, 'background subtask')}`;
    case 'delivery.sent':
      return `${event.what} told to ${receiver(event)}${event.tries > 1 ? `, at try ${event.tries}` : ''} (${event.delivery})`;
    case 'delivery.retrying':
      return `${event.what} could not be told to ${receiver(event)}: ${event.reason}; try ${event.tries + 1} is at ${clock(event.retryAt)}`;
    case 'delivery.failed':
      return `${event.what} is not told to ${receiver(event)} (${event.state}): ${event.reason} (${event.delivery})`;
    case 'background.again':
      return `once more: ${event.ids.join(', ')}`;
    case 'background.settled':
      return `behind the answer all is over: ${event.delivered} told, ${event.undelivered} not told; ${counted(event.done, 'background subtask')} done, ${event.failed} failed`;
    default:
      return unknown(event satisfies never);
  }
}

/** `webhook https://example.com/…9a4d`: an address of a kind of one's own is shown as four digits alone. */
const receiver = ({ kind, to }: { kind: string; to: string }): string => `${kind} ${to}`;

const planned = ({ id, title, needs }: { id: string; title: string; needs: string[] }): string =>
  `${id} ${title}${needs.length > 0 ? ` (after ${needs.join(', ')})` : ''}`;

function asksLine({ at, subtask, handles }: Extract<TaskEvent, { type: 'subtask.waiting' }>): string {
  const asked = handles.flatMap(({ ask, until }) => {
    if (!ask) return [];
    const choices = ask.choices ? ` [${ask.choices.join(' | ')}]` : '';
    const otherwise = ask.default === undefined ? '' : `, then “${ask.default}”`;
    return [`“${ask.question}”${choices} (until ${moment(until, at)}${otherwise})`];
  });
  return `${subtask} asks: ${asked.join('; ')}`;
}

function repliedLine({ from, reply, by }: Extract<TaskEvent, { type: 'subtask.replied' }>): string {
  switch (from) {
    case 'person':
      return `was told by ${by?.name ?? 'somebody'}: ${reply ?? ''}`;
    case 'default':
      return `got no reply in time and goes on with its default: ${reply ?? ''}`;
    case 'nobody':
      return 'got no reply in time and goes on without one';
    default:
      return from satisfies never;
  }
}

const dollars = (amount: number): string => `$${amount < 0.01 ? amount.toPrecision(1) : amount.toFixed(2)}`;

const megabytes = (bytes: number): string => formatCount(Math.round(bytes / 1e6));

/** Of a worker that is newer than this program. */
const unknown = ({ type }: { type: string }): string => `${type} (not known to this version of muster)`;

/** A line of another kind among those of events. */
export const timedLine = (at: number, words: string): string => oneLine(`${clock(at)} ${words}`);

/** 12:03:01, of another day than this one 2026-01-03 12:03:01 */
function moment(at: number, now: number): string {
  const day = (ms: number): string => {
    const time = new Date(ms);
    return [time.getFullYear(), time.getMonth() + 1, time.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
  };
  return day(at) === day(now) ? clock(at) : `${day(at)} ${clock(at)}`;
}

/** 12:03:01 */
function clock(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Which way a task goes, and why. */
export const routeInWords = ({ path, why }: Route): string =>
  `${path === 'fast' ? 'answered at once' : 'planned'}, since ${why}`;
