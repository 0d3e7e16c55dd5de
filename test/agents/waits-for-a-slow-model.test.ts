// Slow is not dead: what a model that is being loaded, a server with few slots and one that only says that it lives are given.

import { CallClock } from '../../activities/loop/call-clock.ts';
import { outputBound } from '../../activities/loop/output-bound.ts';
import { Places } from '../../activities/models/places.ts';
import { Repetition } from '../../activities/models/repeats.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { answer, APIS, asking, framesOf, oddServer, PLAIN } from '../model-misbehaviour/odd-server.ts';

const { subtask: STANDARD } = BUILT_IN_CLASSES.standard;

describe('a call whose first word does not come', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const silentFor = (
    seconds: number,
    patience: ConstructorParameters<typeof CallClock>[3],
    workedMs = 0,
  ): CallClock => {
    const clock = new CallClock(new AbortController().signal, STANDARD, workedMs, patience);
    clock.start();
    jest.advanceTimersByTime(seconds * 1_000);
    clock.stop();
    return clock;
  };

  test('is given twice the time with each try, up to the class’s', () => {
    expect(silentFor(59, {}).signal.aborted).toBe(false);
    expect(silentFor(61, {}).reason?.type).toBe('ModelTimedOut');
    expect(silentFor(119, { silentTries: 1 }).signal.aborted).toBe(false);
    expect(silentFor(121, { silentTries: 1 }).reason?.type).toBe('ModelTimedOut');
    expect(silentFor(419, { silentTries: 9 }, 180_000).signal.aborted).toBe(false);
    expect(silentFor(421, { silentTries: 9 }, 180_000).signal.aborted).toBe(true);
  });

  test('is given what the setting says, beyond the class’s time, and that is no work', () => {
    const clock = silentFor(899, { firstByteSeconds: 900 });
    expect(clock.signal.aborted).toBe(false);
    expect(clock.ranMs).toBeLessThanOrEqual(60_000);
    expect(silentFor(901, { firstByteSeconds: 900 }).signal.aborted).toBe(true);
  });

  test('lives by comments and keep-alives, and by words that its server sends to others', () => {
    const alive = new CallClock(new AbortController().signal, STANDARD, 0);
    alive.start();
    for (let n = 0; n < 8; n += 1) {
      jest.advanceTimersByTime(50_000);
      alive.tick(false);
    }
    expect(alive.signal.aborted).toBe(false);
    expect(alive.ticks).toBe(0);
    jest.advanceTimersByTime(61_000);
    expect(alive.signal.aborted).toBe(true);

    let heardAt = 0;
    const queued = new CallClock(new AbortController().signal, STANDARD, 0, { lastHeard: () => heardAt });
    queued.start();
    for (let n = 0; n < 5; n += 1) {
      jest.advanceTimersByTime(50_000);
      heardAt = Date.now();
    }
    expect(queued.signal.aborted).toBe(false);
    jest.advanceTimersByTime(61_000);
    expect(queued.reason?.type).toBe('ModelTimedOut');
  });
});

describe('calls at a server', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Works on so many calls at once, in order: the first word after 100 ms, the last after two seconds. */
  const slotted = (slots: number) => {
    const waiting: (() => void)[] = [];
    let busy = 0;
    let most = 0;
    let inHand = 0;
    const next = (): void => {
      while (busy < slots && waiting.length > 0) {
        busy += 1;
        waiting.shift()?.();
      }
    };
    const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
    return {
      most: () => most,
      forget: () => (most = inHand),
      call: async ({ heard }: { heard: () => void }): Promise<void> => {
        inHand += 1;
        most = Math.max(most, inHand);
        await new Promise<void>((go) => {
          waiting.push(go);
          next();
        });
        await sleep(100);
        heard();
        await sleep(1_900);
        inHand -= 1;
        busy -= 1;
        next();
      },
    };
  };

  test('with two slots are soon no more than it has slots for, and none is lost', async () => {
    const places = new Places(8);
    const server = slotted(2);
    let done = 0;
    const all = Promise.all(Array.from({ length: 40 }, () => places.take(server.call).then(() => (done += 1))));
    await jest.advanceTimersByTimeAsync(12_000);
    expect(places.limit).toBeLessThanOrEqual(3);
    await jest.advanceTimersByTimeAsync(60_000);
    await all;
    expect(done).toBe(40);
  });

  test('that takes all of them are as many as the cap says', async () => {
    const places = new Places(8);
    const server = slotted(100);
    const all = Promise.all(Array.from({ length: 40 }, () => places.take(server.call)));
    await jest.advanceTimersByTimeAsync(60_000);
    await all;
    expect(server.most()).toBe(8);
    expect(places.limit).toBe(8);
  });
});

describe.each(APIS)('through %s, a server', (api) => {
  test('that cuts answers off below the bound it was given is asked under the other name, where there is one', async () => {
    const server = await oddServer(({ body, response }) =>
      body.max_tokens === undefined
        ? answer(api, response, { text: '{"n"', finish: 'length', usage: { input: 5, output: 16 } })
        : answer(api, response),
    );
    const { ask, model, said } = asking(server.url, api);
    const first: unknown = await ask(PLAIN).catch((error: unknown) => model.classify(error));
    if (api === 'responses') expect(first).toMatchObject({ isCutShort: true });
    else {
      expect(first).toMatchObject({ again: true, spent: { inputTokens: 5, outputTokens: 16 } });
      expect(await ask(PLAIN)).toMatchObject({ text: '{"n":1}' });
      expect(said).toHaveLength(1);
    }
    await server.close();
  });

  test('that cuts answers off at the end of a small window is not said to ignore its bound, and the window is learned', async () => {
    const server = await oddServer(({ nth, response }) => {
      const input = 39 + nth;
      answer(api, response, { text: 'one, two', finish: 'length', usage: { input, output: 512 - input } });
    });
    const { ask, model, said } = asking(server.url, api);
    expect(await ask(PLAIN)).toMatchObject({ isCutShort: true });
    expect(said).toEqual([]);
    expect(await ask(PLAIN)).toMatchObject({ isCutShort: true });
    expect(model.contextTokens).toBe(512);
    expect(said).toEqual([expect.stringContaining('takes 512 tokens at once')]);
    await server.close();
  });

  test('whose comments come before its answer shows that it lives, and the answer is counted apart', async () => {
    const server = await oddServer(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': processing\n\n');
      setTimeout(() => response.write(': processing\n\n'), 20);
      setTimeout(() => response.end(framesOf(api, { text: '{"n":1}' }).join('')), 40);
    });
    const heard: boolean[] = [];
    const { model } = asking(server.url, api);
    await model.generate(PLAIN, {
      signal: new AbortController().signal,
      onBytes: (isAnswer = true) => heard.push(isAnswer),
    });
    expect(heard.indexOf(true)).toBeGreaterThan(1);
    await server.close();
  });
});

test('an answer’s bound fits its schema and its class, and grows where it was what cut it off', () => {
  const small = { type: 'object', properties: { n: { type: 'number' } } };
  const wide = { type: 'object', properties: { all: { type: 'array', items: { type: 'string' } } } };
  expect(outputBound(small, STANDARD)).toBeLessThan(outputBound(wide, STANDARD));
  expect(outputBound(wide, { tokens: 60_000, turns: 5 })).toBeLessThanOrEqual(12_000);
  expect(outputBound(wide, STANDARD, 1)).toBe(2 * outputBound(wide, STANDARD));
  expect(outputBound(wide, { tokens: 2_000, turns: 2 }, 9)).toBe(2_000);
});

test('what repeats itself is told from what is only regular', () => {
  const isFound = (text: string, asked: unknown = []): boolean => {
    const repetition = new Repetition(() => JSON.stringify(asked));
    for (let at = 7; at < text.length; at += 7) if (repetition.isIn(text.slice(0, at))) return true;
    return false;
  };
  expect(isFound('and so on '.repeat(300))).toBe(true);
  expect(isFound(`{"a": "${'0'.repeat(4_000)}`)).toBe(true);
  expect(isFound(`{"a": 1${'\n'.repeat(3_000)}`)).toBe(true);
  expect(isFound(Array.from({ length: 400 }, (_, n) => `{"claim": "number ${n}"},`).join(''))).toBe(false);
  expect(isFound('{"claim":"the same","citations":[{"source":"a.md","quote":"the same words"}]},'.repeat(40))).toBe(
    false,
  );
  // A goal of one phrase again and again comes back in its plan.
  const phrase = 'say "why" '.repeat(300);
  expect(isFound(JSON.stringify({ goal: phrase }), [{ content: phrase }])).toBe(false);
  expect(isFound(JSON.stringify({ goal: phrase.repeat(2) }), [{ content: phrase }])).toBe(true);
});
