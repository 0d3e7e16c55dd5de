// The fast path: one call over what is indexed, cited as everywhere; what that does not answer, or not in time, goes on as a task
// that is followed, with nothing paid a second time.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskHandle, TaskInput } from '../../client/index.ts';
import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import { answerMarkdown } from '../../protocol/answer.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { killed, testDeployment, until, untilAnswersAtOnce, type TestDeployment } from '../rig/deployment.ts';
import { testGateway } from '../rig/gateway.ts';
import { startReceiver } from '../rig/receiver.ts';

const QUESTION = 'How often does the lighthouse poll?';

let it_: TestDeployment;
afterEach(async () => await it_.stop());

const ask = (goal = QUESTION, more: Partial<TaskInput> = {}): Promise<TaskHandle> =>
  it_.client.start({ goal, sources: [it_.docs], path: 'fast', ...more });
const eventsOf = async (handle: TaskHandle): Promise<string[]> => {
  const types: string[] = [];
  for await (const { type } of handle.events()) types.push(type);
  return types;
};
/** The documents are read and indexed, by a task that is none of these tests'. */
async function indexed(): Promise<void> {
  await (await it_.client.start({ goal: 'What is in the harbour?', sources: [it_.docs] })).result();
  it_.model.requests.splice(0);
}

test('a question over indexed documents is answered by one call, with citations and without a plan', async () => {
  it_ = await testDeployment();
  await it_.startWorker();
  await indexed();
  const handle = await ask();
  const result = await handle.result();
  expect(await eventsOf(handle)).toEqual(['task.accepted', 'answer.ready', 'task.closed']);
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct']);
  const { answer } = result;
  expect(answer?.sections.flatMap(({ claims }) => claims).some(({ citations }) => citations.length > 0)).toBe(true);
  for (const { sha256, quote } of answer!.citations)
    expect(Buffer.from(await it_.store.getBlob(sha256)).toString()).toContain(quote);
  expect(result).toMatchObject({ model: { name: 'muster-offline' }, corpusRef: expect.any(String) });
  const workflow = it_.client.temporal.workflow.getHandle(handle.taskId);
  expect(await it_.store.getResult(handle.taskId)).toEqual(await workflow.result());
  await until(
    'its row is kept',
    async () => (await it_.store.outcomes({ class: 'standard', path: 'fast' }, 9)).length === 1,
  );
});

test('an answer at once whose documents disagree tells both sides, and asks nobody for it', async () => {
  it_ = await testDeployment();
  const said = (minutes: number): string => `A reserved seat is held for ${minutes} minutes.`;
  for (const [name, minutes] of [
    ['office.md', 30],
    ['machine.md', 45],
  ] as const)
    writeFileSync(join(it_.docs, name), `${said(minutes)}\n`);
  await it_.startWorker();
  await indexed();
  const { answer, coverage } = await (await ask('How long is a reserved seat held?')).result();
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct']);
  expect([coverage.subtasks, answer?.conflicts?.length]).toEqual([[], 1]);
  const sides = answer?.conflicts?.[0]?.sides ?? [];
  expect(new Set(sides.map(({ value }) => value))).toEqual(new Set(['30 minutes', '45 minutes']));
  for (const { claim, citations } of sides)
    expect(citations.map((n) => answer?.citations[n - 1]?.quote)).toEqual([claim]);
});

test('what is not indexed is planned, and why it was not answered at once is told', async () => {
  it_ = await testDeployment();
  await it_.startWorker();
  await untilAnswersAtOnce(it_);
  const handle = await ask();
  expect(await handle.result()).toMatchObject({ outcome: 'completed', coverage: { done: 1 } });
  const events: TaskEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  expect(events.find(({ type }) => type === 'task.demoted')).toMatchObject({
    reason: 'not enough',
    why: 'the documents have to be read and indexed first',
  });
  expect(it_.model.requests.map(({ step }) => step)).not.toContain('muster_direct');
});

test('what one call does not answer is planned, and the words without a source are no answer', async () => {
  it_ = await testDeployment();
  it_.model.inject({
    kind: 'bad-output',
    content: JSON.stringify({
      text: 'It polls at noon [1].',
      quotes: [{ passage: 1, quote: 'It polls at noon, never at night' }],
      enough: true,
      missing: [],
    }),
    match: { step: 'muster_direct' },
  });
  await it_.startWorker();
  await indexed();
  const handle = await ask();
  const result = await handle.result();
  expect(await eventsOf(handle)).toEqual(expect.arrayContaining(['task.demoted', 'plan.ready', 'answer.ready']));
  expect(answerMarkdown(result.answer!)).not.toContain('at noon');
  // What the first call cost is in its books.
  expect(result.usage.modelCalls).toBe(it_.model.requests.length);
});

test('whose passages are not found in time is planned at once, and no model is asked for them', async () => {
  it_ = await testDeployment();
  let isQuestion = false;
  let held = 0;
  const embed: EmbeddingsProvider['embed'] = async (texts, { signal }) => {
    // The question's own vector alone does not come.
    if (isQuestion && held === 0) {
      held += 1;
      await new Promise((_done, failed) => signal.addEventListener('abort', () => failed(signal.reason)));
    }
    return { vectors: texts.map((text) => Float32Array.from([text.length, 1])), tokens: 1 };
  };
  const classify = (error: unknown) => ({ type: 'ModelUnavailable' as const, message: String(error) });
  await it_.startWorker({ embeddings: { name: 'held', model: 'held', embed, classify } });
  await indexed();
  isQuestion = true;
  const handle = await ask(QUESTION, { class: { ...BUILT_IN_CLASSES.standard, fastBudgetMs: 1_000 } });
  expect(await handle.result()).toMatchObject({ outcome: 'completed', coverage: { done: 1 } });
  const events: TaskEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  expect(events.find(({ type }) => type === 'task.demoted')).toMatchObject({
    reason: 'busy',
    why: 'finding passages took longer than 333 ms',
  });
  expect(held).toBe(1);
  expect(it_.model.requests.map(({ step }) => step)).not.toContain('muster_direct');
});

test('an answer that takes longer than an answer at once may is told of, and its call goes on and is paid once', async () => {
  it_ = await testDeployment();
  await it_.startWorker();
  await indexed();
  it_.model.inject({ kind: 'stall', afterChunks: 1, ms: 2_000, match: { step: 'muster_direct' } });
  const receiver = await startReceiver();
  const events = ['task.demoted', 'task.completed'] as const;
  const notify = [{ kind: 'webhook', to: receiver.url, events: [...events] }];
  const handle = await ask(QUESTION, { notify });
  await until('its model writes', async () => it_.model.inFlight > 0);
  await handle.demote();
  await handle.demote();
  await handle.result();
  // Who is told elsewhere hears of it once, and before the end.
  await until('the end is told', () => receiver.told.some(({ type }) => type === 'task.completed'));
  expect(receiver.told.map(({ type, body }) => [type, body.data.status])).toEqual([
    ['task.demoted', 'running'],
    ['task.completed', 'completed'],
  ]);
  await receiver.close();
  expect(await eventsOf(handle)).toEqual(['task.accepted', 'task.demoted', 'answer.ready', 'task.closed']);
  expect(it_.model.requests).toHaveLength(1);
  // Of one that has closed nothing is said.
  await handle.demote();
});

test('a worker that is killed while it answers leaves a task that the next one answers', async () => {
  it_ = await testDeployment();
  const first = await it_.spawnWorker();
  await indexed();
  it_.model.inject({ kind: 'stall', afterChunks: 1, ms: 60_000, match: { step: 'muster_direct' } });
  const handle = await ask();
  await until('its model writes', async () => it_.model.inFlight > 0);
  await killed(first, 'SIGKILL');
  await it_.spawnWorker();
  expect(await handle.result()).toMatchObject({ outcome: 'completed', coverage: { subtasks: [] } });
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct', 'muster_direct']);
});

test('without documents it is answered without sources, and says so; over HTTP as it is written', async () => {
  it_ = await testDeployment({ tokenMs: 5 });
  await it_.startWorker();
  const handle = await ask('Hello, who are you?', { sources: [] });
  const { answer } = await handle.result();
  expect(answer?.citations).toEqual([]);
  expect(answerMarkdown(answer!)).toMatch(/\(without a source\)[^]*No documents were named/);
  await indexed();
  const gateway = await testGateway(it_);
  const refused = await gateway.post('/tasks', { goal: 'Hello', sources: [] });
  expect([refused.status, refused.json.errors[0].pointer]).toEqual([422, '/sources']);
  const body = { goal: QUESTION, sources: [{ kind: 'path', path: it_.docs }], path: 'fast' };
  const response = await fetch(`${gateway.url}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
  });
  const frames = [...(await response.text()).matchAll(/^event: (.+)$/gm)].map(([, name]) => name);
  expect(frames).toEqual(expect.arrayContaining(['answer.delta', 'answer.ready', 'done']));
  expect(frames.indexOf('answer.delta')).toBeLessThan(frames.indexOf('answer.ready'));
  await gateway.close();
});
