// A model call that leaves before its task is there: taken over by the same request alone, once, and given up where nobody comes.

import { CallAhead } from '../../activities/loop/call-ahead.ts';
import { firstRequest } from '../../activities/loop/first-request.ts';
import { modelLine, providerGate, type ModelLine } from '../../activities/models/model-line.ts';
import { Places, PlacesTakenError } from '../../activities/models/places.ts';
import type { CallOptions, ModelProvider, ModelReply, ModelRequest } from '../../activities/models/provider.ts';
import { directShape } from '../../activities/text/prompts/direct-prompt.ts';
import { BUILT_IN_CLASSES, writingLimits } from '../../protocol/classes.ts';

const LIMITS = writingLimits(BUILT_IN_CLASSES.standard);
const MESSAGES = [{ role: 'user' as const, content: 'how often?' }];

/** A provider whose calls are answered by hand. It has a private part, as a class of somebody's own may. */
class ByHand implements ModelProvider {
  readonly model = 'by-hand';
  readonly offline = true;
  readonly #window = 9_000;
  readonly calls: { request: ModelRequest; options: CallOptions; answer: (text: string) => void }[] = [];
  get contextTokens(): number {
    return this.#window;
  }
  generate(request: ModelRequest, options: CallOptions): Promise<ModelReply> {
    return new Promise((done, failed) => {
      const answer = (text: string): void => done({ text, toolCalls: [], inputTokens: 1, outputTokens: 1 });
      options.signal.addEventListener('abort', () => failed(options.signal.reason));
      this.calls.push({ request, options, answer });
    });
  }
  classify(error: unknown): ReturnType<ModelProvider['classify']> {
    return { type: 'ModelUnavailable', message: `${this.#window} ${String(error)}` };
  }
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
const optionsOf = (heard: string[], signal = new AbortController().signal): CallOptions => ({
  signal,
  onBytes: () => heard.push('byte'),
  onText: (text) => heard.push(text),
});
const through = (line: ModelLine, request: ModelRequest, options: CallOptions): Promise<ModelReply> =>
  line.call(
    options.signal,
    () => line.provider.generate(request, options),
    () => undefined,
  );

function begun(): { provider: ByHand; line: ModelLine; ahead: CallAhead; request: ModelRequest } {
  const provider = new ByHand();
  const line = modelLine(provider);
  const ahead = new CallAhead([line], MESSAGES, directShape, LIMITS);
  return { provider, line, ahead, request: firstRequest(MESSAGES, directShape, LIMITS, [line]) };
}

test('a call that left ahead is taken over by the same request, with all words that came before', async () => {
  const { provider, ahead, request } = begun();
  await settled();
  expect(provider.calls).toHaveLength(1);
  const [call] = provider.calls;
  call!.options.onBytes();
  call!.options.onText?.('Every');
  const heard: string[] = [];
  const line = ahead.asLine();
  const reply = through(line, request, optionsOf(heard));
  await settled();
  call!.options.onText?.('Every ten');
  call!.answer('Every ten seconds');
  expect((await reply).text).toBe('Every ten seconds');
  expect(heard).toEqual(['byte', 'Every', 'Every ten']);
  expect(provider.calls).toHaveLength(1);
  expect(ahead.giveUp()).toBe(0);
  // It is one call: the next one is asked as any other.
  void through(line, request, optionsOf([])).catch(() => undefined);
  await settled();
  expect(provider.calls).toHaveLength(2);
});

test('another request gives it up and is asked itself', async () => {
  const { provider, ahead, request } = begun();
  await settled();
  const reply = through(ahead.asLine(), { ...request, maxOutputTokens: 7 }, optionsOf([]));
  await settled();
  expect(provider.calls.map(({ request: { maxOutputTokens } }) => maxOutputTokens)).toEqual([
    request.maxOutputTokens,
    7,
  ]);
  expect(provider.calls[0]!.options.signal.aborted).toBe(true);
  provider.calls[1]!.answer('other');
  expect((await reply).text).toBe('other');
});

test('nobody who comes costs about what was asked and said; who gives up its taker’s work ends it', async () => {
  const { provider, ahead } = begun();
  await settled();
  expect(ahead.giveUp()).toBeGreaterThan(0);
  expect(provider.calls[0]!.options.signal.aborted).toBe(true);
  const other = begun();
  await settled();
  const stop = new AbortController();
  const taken = through(other.ahead.asLine(), other.request, optionsOf([], stop.signal));
  taken.catch(() => undefined);
  await settled();
  stop.abort(new Error('cancelled'));
  await expect(taken).rejects.toThrow('cancelled');
  expect(other.provider.calls[0]!.options.signal.aborted).toBe(true);
});

test('a call that failed ahead is a failed call of who takes it over, in the provider’s own words', async () => {
  const { provider, ahead, request } = begun();
  await settled();
  provider.calls[0]!.options.signal.dispatchEvent(new Event('abort'));
  const line = ahead.asLine();
  expect(line.provider.contextTokens).toBe(9_000);
  await expect(through(line, request, optionsOf([]))).rejects.toMatchObject({
    fault: { type: 'ModelUnavailable', message: expect.stringContaining('9000') },
  });
});

test('who must not wait has places of its own beside a full queue, and is refused beyond them', async () => {
  const places = new Places(4);
  const ends: (() => void)[] = [];
  const hold = (): Promise<void> => new Promise((done) => ends.push(done));
  const all = Array.from({ length: 6 }, () => places.take(hold));
  await settled();
  expect(ends).toHaveLength(4);
  const own = places.takeOwn(hold);
  await settled();
  expect(ends).toHaveLength(5);
  await expect(places.takeOwn(hold)).rejects.toBeInstanceOf(PlacesTakenError);
  ends[4]!();
  await own;
  await Promise.all([...all.keys()].map(async () => (await settled(), ends.forEach((end) => end()))));
  await Promise.all(all);

  const gate = providerGate({ concurrency: 1 });
  const provider = new ByHand();
  const line = modelLine(provider, gate).atOnce();
  void through(line, { messages: MESSAGES }, optionsOf([])).catch(() => undefined);
  await settled();
  await expect(through(line, { messages: MESSAGES }, optionsOf([]))).rejects.toMatchObject({
    fault: { type: 'ModelRateLimited' },
    wasMade: false,
  });
});
