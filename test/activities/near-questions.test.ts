// With embeddings, questions that nearly have the same words are the same where their vectors lie as near as can be; nothing that
// must be equal by words is given up for that, and a plan does without vectors where none can be had.

import { mergeSubtasks } from '../../activities/agents/merge-subtasks.ts';
import { nearQuestions } from '../../activities/agents/near-questions.ts';
import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';

const SHOWN = 'Which tax rates apply to small companies in Ireland?';
const OTHER = 'Which tax rates hold for small companies in Ireland?';
const YEAR = 'Which tax rates apply to small companies in Ireland in 2023?';
const FAR = 'Who founded Siemens in Berlin?';

/** Gives each text the vector that `vectorOf` says, and writes down what was asked. */
function provider(vectorOf: (text: string) => number[]): EmbeddingsProvider & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    name: 'test',
    model: 'test',
    embed: async (texts) => {
      asked.push(...texts);
      return { vectors: texts.map((text) => new Float32Array(vectorOf(text))), tokens: 1 };
    },
    classify: () => ({ type: 'ModelUnavailable', message: 'no' }),
  };
}
const signal = new AbortController().signal;

test('what is near by words and by vectors is the same, whatever is near by vectors alone is not', async () => {
  const same = provider(() => [1, 2, 3]);
  const near = await nearQuestions([SHOWN, OTHER, YEAR, FAR], same, signal);
  expect(near(SHOWN, OTHER)).toBe(true);
  expect(near(SHOWN, YEAR)).toBe(false);
  expect(near(SHOWN, FAR)).toBe(false);
  // No vector is paid for what no vector could make the same.
  expect(same.asked.sort()).toEqual([SHOWN, OTHER].sort());
  const one = (id: string, goal: string) => ({ id, title: id, kind: 'researcher', goal, needs: [] });
  const planned = [one('s1', SHOWN), one('s2', OTHER), one('s3', YEAR)];
  const best = { kind: 'bestEffort', min: 1 } as const;
  expect(mergeSubtasks(planned, best, near).merged).toEqual([{ title: 's2', into: 's1' }]);
  expect(mergeSubtasks(planned, best).merged).toEqual([]);
});

test('vectors that lie a little apart make nothing the same, nor do those of long questions', async () => {
  const apart = provider((text) => (text === SHOWN ? [1, 0] : [1, 0.3]));
  expect((await nearQuestions([SHOWN, OTHER], apart, signal))(SHOWN, OTHER)).toBe(false);
  const long = (name: string) =>
    `What do the terms of ${name} say about refunds, late payment, damage, insurance and transport costs?`;
  const same = provider(() => [1, 2]);
  expect((await nearQuestions([long('Acme'), long('Globex')], same, signal))(long('Acme'), long('Globex'))).toBe(false);
  expect(same.asked).toEqual([]);
});

test('without vectors, words alone tell; a task that is cancelled is not planned on', async () => {
  const broken = provider(() => {
    throw new Error('no vectors');
  });
  expect((await nearQuestions([SHOWN, OTHER], broken, signal))(SHOWN, OTHER)).toBe(false);
  expect((await nearQuestions([SHOWN, OTHER], undefined, signal))(SHOWN, OTHER)).toBe(false);
  await expect(nearQuestions([SHOWN, OTHER], broken, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow(
    'cancelled',
  );
});
