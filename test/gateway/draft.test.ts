// The words of an answer while they are written: readable at any moment, taken back when their writer dies, and never said
// once the answer is there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { wordsOfJson } from '../../protocol/words-of-json.ts';
import { partialTextWriter } from '../../activities/agents/partial-text.ts';
import { draftAfter, HttpClient, type StreamFrame } from '../../client/http/index.ts';
import { createGateway, serveGateway } from '../../gateway/index.ts';
import { Draft, type Seen } from '../../gateway/live/draft.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { fileStore } from '../../store/file-store.ts';
import type { PartialText } from '../../store/store.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';
import { noServer } from './no-server.ts';

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
      expect(wordsOfJson(json)).toBe(wholeDraft(answer));
      let before = '';
      for (let at = 0; at <= json.length; at += 1) {
        const now = wordsOfJson(json.slice(0, at));
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

describe('of sub-agents that write at the same moment', () => {
  const RUN = 'r';
  const log = (subtask: string) => ({ run: RUN, subtask, generation: 1 });
  const json = (...claims: string[]) => JSON.stringify({ findings: claims.map((claim) => ({ claim, citations: [] })) });

  test('each one’s words are told apart, and taken back where it begins anew; behind its end there are none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-texts-'));
    const store = fileStore(folder);
    let live = [] as { id: string; generation: number; phase: string; writes?: string }[];
    let tell: (event: TaskEvent) => void = () => undefined;
    const task = {
      taskId: 't',
      isOpen: () => Promise.resolve(true),
      status: () =>
        Promise.resolve({ taskId: 't', state: 'running', goal: 'g', startedAt: new Date(0), run: RUN, live }),
      async *events({ signal }: { signal: AbortSignal }): AsyncIterable<TaskEvent> {
        while (!signal.aborted)
          yield await new Promise<TaskEvent>((done) => {
            tell = done;
            signal.addEventListener('abort', () => done(undefined as never));
          });
      },
    };
    const gateway = createGateway({ client: { store, ...noServer, get: () => Promise.resolve(task) } as never });
    const served = await serveGateway(gateway, '127.0.0.1', [0]);
    const leaving = new AbortController();
    const frames: StreamFrame[] = [];
    const shown = (subtask?: string) => frames.reduce((draft, frame) => draftAfter(draft, frame, subtask), '');
    const reading = (async () => {
      for await (const frame of new HttpClient({ url: served.url }).task('t').stream({ signal: leaving.signal }))
        frames.push(frame);
    })().catch(() => undefined);
    const put = async (subtask: string, attempt: number, call: number, text: string): Promise<void> => {
      await store.putPartial(log(subtask), { attempt, call, offset: 0, text });
    };
    await put('s1', 1, 1, json('every 15 minutes').slice(0, -20));
    await put('s2', 1, 1, json('nightly', 'weekly'));
    live = ['s1', 's2'].map((id) => ({ id, generation: 1, phase: 'asks the model', writes: 'x' }));
    await until('both are read', () => shown('s1') !== '' && shown('s2') === '- nightly\n- weekly');
    expect('- every 15 minutes'.startsWith(shown('s1'))).toBe(true);
    await put('s1', 1, 1, json('every 15 minutes'));
    await until('the rest is read', () => shown('s1') === '- every 15 minutes');
    await put('s1', 2, 0, '');
    await until('it is taken back', () => shown('s1') === '');
    expect([shown('s2'), shown()]).toEqual(['- nightly\n- weekly', '']);
    expect(frames.filter(({ event }) => event === 'answer.reset')).toMatchObject([{ data: { subtask: 's1' } }]);
    tell({ v: 1, run: RUN, n: 1, at: 1, type: 'subtask.finished', subtask: 's1', generation: 1 } as TaskEvent);
    await until('its end is told', () => frames.some(({ event }) => event === 'subtask.finished'));
    await put('s1', 2, 1, json('too late'));
    await put('s2', 1, 1, json('nightly', 'weekly', 'monthly'));
    await until('the other one goes on', () => shown('s2').endsWith('monthly'));
    expect(shown('s1')).toBe('');
    leaving.abort();
    await reading;
    await served.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
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
