// open-questions.ts: which questions of a task wait for a person, as its history has them: for who replies while no worker is there
// that could be asked.

import { defaultPayloadConverter } from '@temporalio/common';
import type { PodOutput, Reply } from '../protocol/activities.ts';
import { askOf, replyTo, type OpenQuestion } from '../protocol/ask.ts';
import { SIGNALS } from '../protocol/names.ts';
import { isOutcome, type Outcome } from '../protocol/outcome.ts';
import { itemsOf, type Reports } from '../protocol/reports.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import type { HandleParts } from './handle-parts.ts';
import type { HistoryEvents } from './history-poll.ts';

/** @throws WorkflowNotFoundError; UnreachableError. */
export async function questionsInHistory({ client, taskId }: HandleParts): Promise<OpenQuestion[]> {
  const { events } = await translatingConnectionErrors(() => client.workflow.getHandle(taskId).fetchHistory());
  return openQuestionsIn((events ?? []) as HistoryEvents, Date.now());
}

/** Those that nobody has given a fitting reply to, and whose time is not over, in the order in which they were asked. */
export function openQuestionsIn(events: HistoryEvents, now: number): OpenQuestion[] {
  // A life's last ending says what it waits for: nothing, once it went on.
  const waits = new Map<string, OpenQuestion[]>();
  const replies: Reply[] = [];
  for (const event of events) {
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    const sent = signalName === undefined ? undefined : payloadOf(input);
    if (signalName === SIGNALS.answer && sent) replies.push(sent as Reply);
    const outcomes =
      signalName === SIGNALS.reports
        ? endingsOf(sent)
        : podOf(payloadOf(event.activityTaskCompletedEventAttributes?.result));
    for (const outcome of outcomes) waits.set(`${outcome.subtask}/${outcome.generation}`, questionsOf(outcome));
  }
  const isReplied = (one: OpenQuestion): boolean =>
    replies.some(
      ({ handle, ok, content }) =>
        handle === one.handle && (ok === false || (typeof content === 'string' && replyTo(one, content) !== undefined)),
    );
  return [...waits.values()].flat().filter((one) => one.until > now && !isReplied(one));
}

function questionsOf(outcome: Outcome): OpenQuestion[] {
  if (outcome.status !== 'waiting') return [];
  const { subtask, generation } = outcome;
  return outcome.handles.flatMap(({ handle, until, ask }) => {
    const asked = askOf(ask);
    return asked ? [{ subtask, generation, handle, until, ...asked }] : [];
  });
}

/** Anybody may send a Signal. */
const endingsOf = (sent: unknown): Outcome[] =>
  itemsOf(sent, String((sent as Partial<Reports> | undefined)?.run)).flatMap((item) =>
    item.kind === 'finished' ? [item.outcome] : [],
  );

const podOf = (result: unknown): Outcome[] => {
  const { outcomes } = (result ?? {}) as Partial<PodOutput>;
  return Array.isArray(outcomes) ? outcomes.filter(isOutcome) : [];
};

type Payloads = NonNullable<HistoryEvents[number]['workflowExecutionSignaledEventAttributes']>['input'];

function payloadOf(payloads: Payloads): unknown {
  const [first] = payloads?.payloads ?? [];
  try {
    return first ? defaultPayloadConverter.fromPayload(first) : undefined;
  } catch {
    // Of somebody else, in a form that is none of ours.
    return undefined;
  }
}
