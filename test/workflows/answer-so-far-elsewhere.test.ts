// The answer so far where there is no fan-out: on the fast path, of a task that failed, and while no worker is there.

import { NoWorkerError, TaskFailedError, UnreachableError } from '../../client/index.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel } from '../rig/held-model.ts';

let it_: TestDeployment;
afterEach(async () => await it_.stop());

test('on the fast path it is what the model has written by then, unchecked, and no other model is asked', async () => {
  it_ = await testDeployment();
  await it_.startWorker();
  await (await it_.client.start({ goal: 'What is in the harbour?', sources: [it_.docs] })).result();
  it_.model.requests.splice(0);
  it_.model.inject({ kind: 'stall', afterChunks: 8, ms: 3_000, match: { step: 'muster_direct' } });
  const task = await it_.client.start({
    goal: 'How often does the lighthouse poll?',
    sources: [it_.docs],
    path: 'fast',
  });
  let text: string | undefined;
  await until('a word of it is there', async () => {
    const asked = await task.answerSoFar();
    if (asked.isFinal) throw new Error('it was over before anybody saw a word');
    expect(asked).toMatchObject({ round: 0, stage: expect.stringMatching(/accepted|answering/) as string });
    ({ text } = asked);
    return text !== undefined && text !== '';
  });
  const { answer } = await task.result();
  expect(answer?.sections[0]?.claims[0]?.text.slice(0, 3)).toBe(text?.slice(0, 3));
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct']);
});

test('of a task that failed it is that, with what it left', async () => {
  it_ = await testDeployment();
  await it_.startWorker();
  it_.model.inject({ kind: 'status', status: 401, times: 99, match: { step: 'muster_findings' } });
  const task = await it_.client.start({ goal: 'Compare harbour and tidebook', sources: [it_.docs] });
  await task.result().catch(() => undefined);
  const error = await task.answerSoFar().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TaskFailedError);
  expect(error).toMatchObject({ failure: { type: 'AllSubtasksFailed' }, result: { outcome: 'failed' } });
});

test('without a worker that is said at once; an ask to stop is kept, and done when one comes', async () => {
  const model = heldModel(
    (asked) =>
      asked.includes('<subtask>') &&
      /tidebook/i.test(asked.slice(asked.indexOf('<subtask>'), asked.indexOf('</subtask>'))),
    offlineBrain,
  );
  it_ = await testDeployment({ brain: model.brain });
  const worker = await it_.spawnWorker();
  const task = await it_.client.start({
    goal: 'Compare harbour and tidebook with respect to their limits',
    sources: [it_.docs],
  });
  await until('one is done and one is at work', async () => {
    const { progress } = await task.status();
    return (progress?.coverage.done ?? 0) > 0 && model.waiting() > 0;
  });
  await killed(worker, 'SIGKILL');
  const error = await task.answerSoFar().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NoWorkerError);
  expect(error).toBeInstanceOf(UnreachableError);
  await expect(task.answerSoFar({ stop: true, id: 'end' })).rejects.toThrow('that it is to end is recorded');
  await it_.startWorker({ takesOver: true });
  // Nobody has to say it again.
  const result = await task.result();
  expect(result).toMatchObject({ outcome: 'completed', coverage: { skipped: 1 } });
  expect(await task.answerSoFar({ stop: true, id: 'end' })).toMatchObject({ isFinal: true });
  model.release();
});
