// symptoms.ts: the catalogue of what models and their servers do wrong, by symptom: what causes it, what comes of
// it and what it wastes. A new one is a row here.

import type { TaskResult } from '../../protocol/result.ts';
import type { BadOutput, BadToolCall } from '../../simulator/faults.ts';
import type { Fault, RequestRecord } from '../../simulator/server.ts';
import { call, scripted } from '../agents/scripted.ts';

export const GOAL = 'How often does Lighthouse poll the harbour service?';
/** The model's first turn calls a tool, its second has the findings. */
export const FIRST = { match: { step: 'muster_findings' } };
const SECOND = { match: { step: 'muster_findings', nth: 2 } };
const ANSWER = 'It polls every 15 seconds.';
const finding = (claim: string, source: string, quote: string) => ({ claim, citations: [{ source, quote }] });

export interface Outcome {
  result: TaskResult;
  /** Requests of this task alone. */
  asked: RequestRecord[];
}

export interface Symptom {
  /** What the model does, for the title: `… is …`. */
  name: string;
  faults: Fault[];
  /** Model calls beyond those of a task without the fault. */
  more: number;
  /** Whether tokens were paid for nothing. */
  wastes: boolean;
  /** What else must hold. Default: the right answer. */
  holds?: (outcome: Outcome) => void;
}

export const hasRightAnswer = ({ result }: Outcome): void => {
  expect(result.outcome).toBe('completed');
  expect(result.coverage).toMatchObject({ done: 1 });
  expect(result.answer?.citations.map(({ quote }) => quote).join()).toContain(ANSWER);
};

/** These can't be done to a turn that calls tools, and wait for one that does not. */
const OF_WORDS: readonly BadOutput[] = ['fenced', 'prose', 'cut-short'];
const says = (output: BadOutput): Fault => ({
  kind: 'bad-output',
  output,
  ...(OF_WORDS.includes(output) ? FIRST : SECOND),
});
const calls = (call: BadToolCall): Fault => ({ kind: 'bad-tool-call', call, ...FIRST });
const given = (value: unknown, times = 1): Fault => ({
  kind: 'bad-output',
  content: typeof value === 'string' ? value : JSON.stringify(value),
  times,
  ...SECOND,
});

/** What the model was told of its tool calls. */
const toolResults = ({ asked }: Outcome): string =>
  asked
    .flatMap(({ body }) =>
      (body?.messages ?? []).flatMap(({ role, content }) =>
        role === 'tool' && typeof content === 'string' ? [content] : [],
      ),
    )
    .join('\n');
const toldAgain = ({ asked }: Outcome): string =>
  JSON.stringify(asked.map(({ body }) => body?.messages.filter(({ role }) => role === 'user').slice(1)));
const callsIn = ({ asked }: Outcome): string[][] =>
  asked.flatMap(({ body }) =>
    (body?.messages ?? []).flatMap(({ tool_calls: made = [] }) => (made.length > 0 ? [made.map(({ id }) => id)] : [])),
  );

const QUOTES = {
  findings: [
    finding('invented', 'lighthouse.md', 'Lighthouse polls whenever it feels like it.'),
    finding('bent', 'lighthouse.md', 'It polls every 16 seconds.'),
    finding('misplaced', 'harbour.md', ANSWER),
    finding('begun within a word', 'lighthouse.md', 'olls every 15 seconds.'),
    finding('right', 'lighthouse.md', 'It polls every 15\nseconds.'),
  ],
  missing: [],
};
const RIGHT = { findings: [finding('Lighthouse polls every 15 seconds.', 'lighthouse.md', ANSWER)], missing: [] };

/** Searches once, then says what it found; asked again, it says it again. */
export const DILIGENT = scripted({
  turn: (_goal, results) =>
    results.length === 0
      ? [call('search_documents', { query: 'poll', limit: 2 }), call('calculate', { expression: '60 / 15' })]
      : undefined,
  findings: () => RIGHT,
});

export const SYMPTOMS: Symptom[] = [
  // What it writes
  {
    name: 'malformed JSON',
    faults: [says('broken-json')],
    more: 1,
    wastes: true,
    holds: (it_) => (hasRightAnswer(it_), expect(toldAgain(it_)).toContain('no complete JSON object')),
  },
  { name: 'JSON in a code fence', faults: [says('fenced')], more: 0, wastes: false },
  { name: 'JSON among words', faults: [says('prose')], more: 0, wastes: false },
  {
    name: 'JSON with a comma too many and a bare key',
    faults: [given(JSON.stringify(RIGHT).replace('"missing":[]}', 'missing: [],}'))],
    more: 0,
    wastes: false,
  },
  {
    name: 'JSON of another shape',
    faults: [says('wrong-schema')],
    more: 1,
    wastes: true,
    holds: (it_) => (hasRightAnswer(it_), expect(toldAgain(it_)).toMatch(/findings: Invalid input/)),
  },
  {
    name: 'nothing',
    faults: [says('empty')],
    more: 1,
    wastes: true,
    holds: (it_) => (hasRightAnswer(it_), expect(toldAgain(it_)).toContain('the output is empty')),
  },
  {
    name: 'a refusal',
    faults: [says('refusal')],
    more: 1,
    wastes: true,
    holds: (it_) => (hasRightAnswer(it_), expect(toldAgain(it_)).toContain('is not JSON')),
  },
  {
    name: 'an answer that is cut off at its most tokens',
    faults: [says('cut-short')],
    more: 1,
    wastes: true,
    // Where a bound has two names, it may have gone under the wrong one; else a shorter one is asked for.
    holds: (it_) => (
      hasRightAnswer(it_),
      expect(`${toldAgain(it_)}${JSON.stringify(it_.asked.map(({ body }) => body))}`).toMatch(
        /was cut off|"max_tokens"/,
      )
    ),
  },
  {
    name: 'an answer of more than a million characters',
    faults: [given(Array.from({ length: 160_000 }, (_, n) => `on ${n} `).join(''))],
    more: 1,
    wastes: true,
  },
  {
    name: 'the same words again and again',
    faults: [given('on and on '.repeat(120_000))],
    more: 1,
    wastes: true,
    holds: (it_) => (hasRightAnswer(it_), expect(toldAgain(it_)).toContain('again and again')),
  },
  {
    name: 'the same finding again and again',
    faults: [given({ ...RIGHT, findings: Array.from({ length: 40 }, () => RIGHT.findings[0]) })],
    more: 0,
    wastes: false,
    holds: (it_) => {
      hasRightAnswer(it_);
      expect(it_.result.coverage.subtasks[0]?.findings).toBe(1);
    },
  },
  {
    name: 'no findings, ever',
    faults: [given({ findings: [], missing: ['Nothing is said about it.'] }, 9)],
    // No answer is asked for of nothing.
    more: -1,
    wastes: false,
    holds: ({ result }) => {
      expect(result.answer?.sections).toEqual([]);
      expect(result.coverage.gaps.join()).toContain('Nothing is said about it.');
    },
  },
  {
    name: 'quotes that are invented, bent, from another file or from within a word',
    faults: [given(QUOTES, 2)],
    more: 1,
    wastes: true,
    holds: (it_) => {
      expect(it_.result.answer?.citations.map(({ quote }) => quote)).toEqual([ANSWER.replace('15 ', '15 ')]);
      expect(it_.result.coverage.gaps.join('\n')).toMatch(/invented[^]*bent[^]*misplaced[^]*within a word/);
      expect(toldAgain(it_)).toContain('does not stand in harbour.md');
    },
  },
  {
    name: 'a claim that rests on findings there are not',
    faults: [
      {
        kind: 'bad-output',
        content: JSON.stringify({
          sections: [
            {
              heading: 'All',
              claims: [
                { text: 'made up', findings: ['s9/g1/9'] },
                { text: 'found', findings: ['s1/g1/1'] },
              ],
            },
          ],
          gaps: [],
        }),
        times: 2,
        match: { step: 'muster_answer' },
      },
    ],
    more: 1,
    wastes: true,
    holds: (it_) => {
      hasRightAnswer(it_);
      expect(JSON.stringify(it_.result.answer?.sections)).not.toContain('made up');
    },
  },
  // How it calls tools
  {
    name: 'each tool call twice',
    faults: [calls('duplicated')],
    more: 0,
    wastes: false,
    holds: (it_) => (hasRightAnswer(it_), expectEachOnce(it_)),
  },
  {
    name: 'each tool call twice with one id for all',
    faults: [calls('same-ids')],
    more: 0,
    wastes: false,
    holds: (it_) => (hasRightAnswer(it_), expectEachOnce(it_)),
  },
  {
    name: 'a call of a tool that there is not',
    faults: [calls('unknown')],
    more: 0,
    wastes: false,
    holds: (it_) => expect(toolResults(it_)).toContain('there is no tool'),
  },
  { name: 'tool arguments as an object', faults: [calls('object-arguments')], more: 0, wastes: false },
  {
    name: 'tool arguments that are no JSON',
    faults: [calls('broken-arguments')],
    more: 0,
    wastes: false,
    holds: (it_) => expect(toolResults(it_)).toMatch(/"error":"the arguments/),
  },
  // What it leaves out
  {
    name: 'an answer without usage',
    faults: [{ kind: 'no-usage', times: 99 }],
    more: 0,
    wastes: false,
    holds: (it_) => (hasRightAnswer(it_), expect(it_.result.usage.inputTokens).toBeGreaterThan(500)),
  },
  {
    name: 'an answer that does not say why it ended',
    faults: [{ kind: 'no-finish-reason', times: 99 }],
    more: 0,
    wastes: false,
  },
  // How its server breaks
  {
    name: 'a connection that drops in the middle of a stream',
    faults: [{ kind: 'cut', afterChunks: 3, ...FIRST }],
    more: 1,
    wastes: false,
  },
  {
    name: 'silence before the first byte',
    faults: [{ kind: 'stall', ...FIRST }],
    more: 1,
    wastes: false,
    holds: (it_) => (hasRightAnswer(it_), expect(it_.asked.filter(({ aborted }) => aborted)).toHaveLength(1)),
  },
  {
    name: 'silence in the middle of a stream',
    faults: [{ kind: 'stall', afterChunks: 3, ...FIRST }],
    more: 1,
    wastes: false,
    holds: (it_) => (hasRightAnswer(it_), expect(it_.asked.filter(({ aborted }) => aborted)).toHaveLength(1)),
  },
  { name: 'something else than JSON in a 200', faults: [{ kind: 'garbage', ...FIRST }], more: 1, wastes: false },
  { name: 'a 503', faults: [{ kind: 'status', status: 503, ...FIRST }], more: 1, wastes: false },
];

function expectEachOnce(outcome: Outcome): void {
  const turns = callsIn(outcome);
  expect(turns.length).toBeGreaterThan(0);
  for (const ids of turns) expect(new Set(ids).size).toBe(ids.length);
  const made =
    outcome.asked
      .at(-2)
      ?.body?.messages.flatMap(({ tool_calls: all = [] }) =>
        all.map(({ function: one }) => `${one.name} ${one.arguments}`),
      ) ?? [];
  expect(new Set(made).size).toBe(made.length);
  expect(outcome.result.usage.toolCalls).toBe(made.length);
}
