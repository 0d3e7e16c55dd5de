// What a master keeps of what is said to it from outside: whoever is waited for is heard, however many strangers speak.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { expectAnswer, newState, takeAnswer } from '../../workflows/state.ts';

const REQUEST = { v: 1 as const, goal: 'g', sources: [], class: BUILT_IN_CLASSES.standard, tenant: 'default' };
const answer = (handle: string, content = 'x') => ({ handle, ok: true, content });

test('an answer that is waited for is kept behind a thousand that are not, and behind ten thousand that were', () => {
  const state = newState('t', 'r', 'r', REQUEST, 0);
  for (let i = 0; i < 10_000; i += 1) {
    expectAnswer(state, `h${i}`);
    takeAnswer(state, answer(`h${i}`));
  }
  for (let i = 0; i < 5_000; i += 1) takeAnswer(state, answer(`stranger-${i}`));
  expect(Object.keys(state.answers)).toHaveLength(11_000);
  expectAnswer(state, 'mine');
  takeAnswer(state, answer('mine', 'first'));
  takeAnswer(state, answer('mine', 'second'));
  expect(state.answers.mine?.content).toBe('first');
});

test('an early answer is found by who waits later, and makes room for another', () => {
  const state = newState('t', 'r', 'r', REQUEST, 0);
  for (let i = 0; i < 1_000; i += 1) takeAnswer(state, answer(`early-${i}`));
  takeAnswer(state, answer('too-early'));
  expect(state.answers).not.toHaveProperty('too-early');
  expectAnswer(state, 'early-7');
  expect(state.answers).toHaveProperty('early-7');
  takeAnswer(state, answer('again'));
  expect(state.answers).toHaveProperty('again');
});
