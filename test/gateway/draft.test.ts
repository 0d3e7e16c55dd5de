// The words of an answer while they are written: readable at any moment, taken back when their writer dies, and never said
// once the answer is there.

import fc from 'fast-check';
import { answerDraft } from '../../activities/text/answer-draft.ts';
import { partialTextWriter } from '../../activities/agents/partial-text.ts';
import { draftAfter, HttpClient, type StreamFrame } from '../../client/http/index.ts';
import { Draft, type Seen } from '../../gateway/live/draft.ts';
import type { PartialText } from '../../store/store.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';

interface Written {
  sections: { heading: string; claims: { text: string }[] }[];
}

/** As people read it. */
const wholeDraft = ({ sections }: Written): string =>
  sections
    .flatMap(({ heading, claims }) => [`## ${heading}`, ...claims.map(({ text }) => `- ${text}`)])
    .map((line) => line.replace(/[\s\p{Cc}]/gu, ' '))
    .join('\n');

const PIECES = fc.constantFrom('\\', '\\u', '\\u12', 'ud83d', '😀', '"', ': ', '\u2028', 'a');
const plain = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/\p{Surrogate}/u.test(text));
const words = fc.oneof(
  plain,
  fc.array(PIECES, { maxLength: 8 }).map((pieces) => pieces.join('')),
);
const written = fc.record({
  sections: fc.array(
    fc.record({
      heading: words,
      claims: fc.array(fc.record({ text: words, findings: fc.array(words, { maxLength: 3 }) }), { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  gaps: fc.array(words, { maxLength: 2 }),
});

test('the words of an answer are readable while its JSON is cut off anywhere, and what was shown once stays', () => {
  fc.assert(
    fc.property(written, fc.boolean(), (answer, isPretty) => {
      const json = JSON.stringify(answer, undefined, isPretty ? 2 : 0);
      expect(answerDraft(json)).toBe(wholeDraft(answer));
      let before = '';
      for (let at = 0; at <= json.length; at += 1) {
        const now = answerDraft(json.slice(0, at));
        expect(now.startsWith(before)).toBe(true);
        before = now;
      }
    }),
    { numRuns: 100, seed: 1 },
  );
});

describe('of one draft', () => {
  const put = (draft: Draft, attempt: number, call: number, text: string, offset = 0): boolean =>
    draft.set({ attempt, call, offset, text });
  /** What a reader gets, and what it then shows. */
  function reader(draft: Draft) {
    let seen: Seen | undefined;
    let shown = '';
    const events: string[] = [];
    return {
      events,
      read(): string {
        const next = draft.after(seen);
        seen = next?.seen ?? seen;
        for (const { event, data } of next?.frames ?? []) {
          events.push(event);
          shown = draftAfter(shown, { event, data: JSON.parse(data) as StreamFrame['data'] });
        }
        return shown;
      },
    };
  }

  test('each reader gets what it has not seen, once, however often it looks', () => {
    const draft = new Draft();
    const [quick, slow] = [reader(draft), reader(draft)];
    expect(quick.read()).toBe('');
    for (const text of ['## Po', '## Polling', '## Polling\n- every']) {
      expect(put(draft, 1, 1, text)).toBe(true);
      expect(put(draft, 1, 1, text)).toBe(false);
      expect([quick.read(), quick.read()]).toEqual([text, text]);
    }
    expect(slow.read()).toBe('## Polling\n- every');
    expect([quick.events, slow.events]).toEqual([Array(3).fill('answer.delta'), ['answer.delta']]);
  });

  test('a text that is begun anew takes back what was shown of the one before, also where a look came late', () => {
    const draft = new Draft();
    const one = reader(draft);
    put(draft, 1, 1, 'Every hour');
    one.read();
    put(draft, 2, 0, '');
    expect(one.read()).toBe('');
    // What the dead one wrote last is read behind it.
    expect(put(draft, 1, 1, 'Every hour or so')).toBe(false);
    put(draft, 2, 1, 'Every 15');
    put(draft, 2, 2, 'Ev');
    expect(one.read()).toBe('Ev');
    expect(one.events).toEqual(['answer.delta', 'answer.reset', 'answer.delta']);
    draft.clear();
    expect(one.read()).toBe('Ev');
  });

  test('who is behind what is kept of a long text gets its end as a snapshot', () => {
    const draft = new Draft();
    const one = reader(draft);
    put(draft, 1, 1, 'abc');
    one.read();
    put(draft, 1, 1, 'xyz', 1_000);
    expect(one.read()).toBe('xyz');
    put(draft, 1, 1, 'xyz!', 1_000);
    expect(one.read()).toMatch(/!$/);
    expect(one.events).toEqual(['answer.delta', 'answer.snapshot', 'answer.delta']);
  });
});

test('a model that is asked again begins another text, and a later attempt says so before it writes', async () => {
  const put: PartialText[] = [];
  const store = { putPartial: async (_key: unknown, partial: PartialText) => void put.push(partial) } as never;
  const key = { run: 'r', subtask: '_synthesize', generation: 1 };
  const show = async (attempt: number, texts: string[]): Promise<void> => {
    const writer = partialTextWriter(store, { key, attempt }, { shown: String, pauseMs: 0 });
    for (const text of texts) {
      const before = put.length;
      writer.show(text);
      await until('it is put', () => put.length > before);
    }
    await writer.close();
  };
  await show(1, ['a', 'ab', 'x']);
  await show(2, ['a']);
  expect(put.map(({ attempt, call, text }) => [attempt, call, text])).toEqual([
    [1, 1, 'a'],
    [1, 1, 'ab'],
    [1, 2, 'x'],
    [2, 0, ''],
    [2, 1, 'a'],
  ]);
});

describe('over a real task', () => {
  let it_: TestDeployment;
  let api: TestGateway;
  beforeAll(async () => {
    it_ = await testDeployment({ tokenMs: 4 });
    api = await testGateway(it_);
  });
  afterAll(async () => {
    await api.close();
    await it_.stop();
  });

  test('an answer is read while it is written; its writer’s death takes back what it wrote, and the next one writes it whole', async () => {
    const dying = await it_.spawnWorker();
    it_.model.inject({ kind: 'stall', afterChunks: 6, match: { step: 'muster_answer' } });
    const task = await new HttpClient({ url: api.url }).start({
      goal: 'How often does Lighthouse poll, and what does Harbour do?',
      sources: [it_.docs],
    });
    const frames: StreamFrame[] = [];
    const drafts: string[] = [''];
    const reading = (async () => {
      for await (const frame of task.stream()) {
        frames.push(frame);
        drafts.push(draftAfter(drafts.at(-1) ?? '', frame));
      }
    })();
    await until('some of the answer is read', () => frames.some(({ event }) => event === 'answer.delta'));
    await killed(dying, 'SIGKILL');
    const next = await it_.spawnWorker();
    await reading;
    const events = frames.map(({ event }) => event);
    expect(events.filter((event) => event === 'answer.reset')).toHaveLength(1);
    const [before, after] = [events.indexOf('answer.reset'), events.lastIndexOf('answer.delta')];
    expect(before).toBeLessThan(after);
    expect(after).toBeLessThan(events.indexOf('answer.ready'));
    const { answer } = await task.result();
    const whole = wholeDraft(answer as Written);
    // As far as it was read before the answer itself was there.
    const last = drafts.at(-1) ?? '';
    expect([whole.startsWith(last), last.length > 0]).toEqual([true, true]);
    await killed(next, 'SIGTERM');
    expect(api.errors).toEqual([]);
  });
});
