// On a pipe a task whose sub-agents work for long without an event says what they do, at least each minute.

import { viewerFor } from '../../client/cli/render/viewer-for.ts';
import type { Io } from '../../client/cli/terminal/io.ts';
import type { TaskStatus } from '../../client/index.ts';

const at = (id: string) => ({ id, generation: 1, records: 0, turn: 1, tokens: 358, phase: 'turn 1: asks the model' });
const status: TaskStatus = {
  taskId: 't',
  state: 'running',
  goal: 'g',
  startedAt: new Date(0),
  live: [{ ...at('s1'), writes: 'polls\nevery 15 s' }, ...['s2', 's3', 's4'].map(at)],
};

test('sub-agents that work for long are said with what they do, after a while and then at least each minute', () => {
  const said: string[] = [];
  const io = { say: (line: string) => said.push(line.replace(/^\S+ /, '')) } as unknown as Io;
  const viewer = viewerFor(io, 't', {});
  const linesAt: number[] = [];
  let now = 1_000_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 5_000));
  for (let look = 1; look <= 40; look += 1) {
    const before = said.length;
    viewer.status(status);
    if (said.length > before) linesAt.push(look);
  }
  clock.mockRestore();
  expect(linesAt).toEqual([4, 8, 16, 28, 32]);
  const [first, ...others] = ['s1', 's2', 's3'].map((id) => `${id} turn 1: asks the model (358 tokens so far)`);
  expect(said[0]).toBe([`${first} “…polls every 15 s”`, ...others, '1 more'].join('; '));
});
