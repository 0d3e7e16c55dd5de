// Which question a person means who names none, and what is refused before it is sent. Against a task that notes what it is sent.

import { defaultPayloadConverter } from '@temporalio/common';
import { sendReply } from '../../client/send-reply.ts';
import type { HandleParts } from '../../client/handle-parts.ts';
import type { HistoryEvents } from '../../client/history-poll.ts';
import { openQuestionsIn } from '../../client/open-questions.ts';
import type { OpenQuestion } from '../../protocol/ask.ts';
import { NO_USAGE } from '../../protocol/usage.ts';

const question = (handle: string, more: object = {}): OpenQuestion => ({
  subtask: 's1',
  generation: 1,
  handle,
  until: 9,
  question: `question of ${handle}`,
  ...more,
});

/** A task with these questions; undefined: no worker answers, and its history is this. */
function asked(questions: OpenQuestion[] | undefined, events: HistoryEvents = []) {
  const sent: unknown[] = [];
  const handle = {
    fetchHistory: () => Promise.resolve({ events }),
    query: () => (questions ? Promise.resolve({ questions }) : Promise.reject(new Error('no worker'))),
    describe: () => Promise.resolve({ status: { name: 'RUNNING' } }),
    signal: (_name: string, reply: unknown) => Promise.resolve(void sent.push(reply)),
  };
  const parts = {
    taskId: 't',
    client: { workflow: { getHandle: () => handle } },
    connection: { withDeadline: (_at: number, work: () => unknown) => work() },
  } as unknown as HandleParts;
  return { sent, parts };
}
const by = { name: 'anna', how: 'claimed' } as const;

test('a reply that names no handle goes to the one question that is open', async () => {
  const { sent, parts } = asked([question('h1')]);
  await sendReply(parts, undefined, 'yes', { by });
  expect(sent).toEqual([{ handle: 'h1', ok: true, content: 'yes', by }]);
});

test('a reply that names no handle is refused where none or several are open, with what there is', async () => {
  const none = asked(undefined);
  await expect(sendReply(none.parts, undefined, 'yes')).rejects.toThrow('name the handle');
  const two = asked([question('h1'), question('h2')]);
  await expect(sendReply(two.parts, undefined, 'yes')).rejects.toThrow('h1 “question of h1”; h2 “question of h2”');
  expect([none.sent, two.sent]).toEqual([[], []]);
});

test('a reply by its handle is kept where no worker answers; one that fits no choice is refused where one does', async () => {
  const away = asked(undefined);
  await sendReply(away.parts, 'h9', { data: 1 }, { by });
  expect(away.sent).toEqual([{ handle: 'h9', ok: true, content: '{"data":1}', by }]);
  const { sent, parts } = asked([question('h1', { choices: ['A', 'B'] })]);
  await expect(sendReply(parts, 'h1', 'C')).rejects.toThrow('none of the choices: “A”, “B”');
  await sendReply(parts, 'h1', 'I can’t say', { ok: false, by });
  expect(sent).toEqual([{ handle: 'h1', ok: false, content: 'I can’t say', by }]);
});

const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
const signal = (signalName: string, input: unknown) => ({
  workflowExecutionSignaledEventAttributes: { signalName, input: payloads(input) },
});
/** One visit's ending: it waits for replies under these handles, or goes on. */
const ending = (subtask: string, ...waits: { handle: string; until?: number; ask?: object }[]) => ({
  subtask,
  generation: 1,
  turns: 1,
  startedAt: 0,
  endedAt: 0,
  records: 1,
  usage: NO_USAGE,
  ...(waits.length > 0
    ? { status: 'waiting', handles: waits.map((one) => ({ until: 100, ask: { question: 'Which?' }, ...one })) }
    : { status: 'retryAt', at: 1, failure: { type: 'ModelTimedOut', message: 'm' } }),
});
const pod = (...outcomes: object[]) => ({
  activityTaskCompletedEventAttributes: { result: payloads({ outcomes }) },
});
const AB = { question: 'A or B?', choices: ['A', 'B'] };

test.each<[string, unknown[], string[]]>([
  ['a pod ended with', [pod(ending('s1', { handle: 'h1' }), ending('s2'))], ['h1']],
  [
    'a seat reported while its pod went on',
    [
      signal('reports', {
        v: 1,
        run: 'r',
        items: [
          { kind: 'finished', seq: 0, visit: 1, subtask: 's1', generation: 1, outcome: ending('s1', { handle: 'h1' }) },
        ],
      }),
    ],
    ['h1'],
  ],
  [
    'were asked after one that was replied to',
    [
      pod(ending('s1', { handle: 'h1' })),
      signal('answer', { handle: 'h1', ok: true, content: 'x' }),
      pod(ending('s1', { handle: 'h2' })),
    ],
    ['h2'],
  ],
  [
    'have a reply',
    [pod(ending('s1', { handle: 'h1' })), signal('answer', { handle: 'h1', ok: true, content: 'x' })],
    [],
  ],
  [
    'have a reply that is none of their choices',
    [pod(ending('s1', { handle: 'h1', ask: AB })), signal('answer', { handle: 'h1', ok: true, content: 'C' })],
    ['h1'],
  ],
  [
    'were said to have no answer',
    [pod(ending('s1', { handle: 'h1', ask: AB })), signal('answer', { handle: 'h1', ok: false, content: 'C' })],
    [],
  ],
  ['are over', [pod(ending('s1', { handle: 'h1', until: 50 }))], []],
  ['are calls of a system and no questions', [pod(ending('s1', { handle: 'h1', ask: undefined as never }))], []],
  [
    'come with Signals and results of anybody',
    [
      signal('answer', 7),
      signal('reports', null),
      pod(7 as never),
      pod(ending('s1', { handle: 'h1' })),
      {
        workflowExecutionSignaledEventAttributes: {
          signalName: 'answer',
          input: { payloads: [{ data: new Uint8Array([1]) }] },
        },
      },
    ],
    ['h1'],
  ],
])('of a history, questions that %s are open or not', (_what, events, open) => {
  expect(openQuestionsIn(events as HistoryEvents, 60).map(({ handle }) => handle)).toEqual(open);
});

test('a reply that names no handle goes to the one open question of the history where no worker answers', async () => {
  const later = { until: Date.now() + 60_000 };
  const away = asked(undefined, [pod(ending('s1', { handle: 'h1', ask: AB, ...later }))] as HistoryEvents);
  await expect(sendReply(away.parts, undefined, 'C')).rejects.toThrow('none of the choices: “A”, “B”');
  await sendReply(away.parts, undefined, 'b', { by });
  expect(away.sent).toEqual([{ handle: 'h1', ok: true, content: 'b', by }]);
});
