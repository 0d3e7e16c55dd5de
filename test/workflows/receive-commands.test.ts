// How commands come in without a server: how many a task takes, and what is told of those that are refused.

import { setHandler } from '@temporalio/workflow';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskEventBody } from '../../protocol/events.ts';
import type { CommandBody, TaskCommand } from '../../protocol/task-commands.ts';
import type { Controls } from '../../workflows/commands/controls.ts';
import { receiveCommands } from '../../workflows/commands/receive-commands.ts';
import { addEvent } from '../../workflows/state/journal.ts';
import { newState } from '../../workflows/state/state.ts';

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  setHandler: jest.fn(),
  patched: () => true,
}));

type Handler = (command: TaskCommand) => unknown;

/** A task that has taken so many commands, and to which nothing is too much. */
function receiver(taken: number) {
  const request = { v: 1 as const, goal: 'g', sources: [], class: BUILT_IN_CLASSES.quick, tenant: 't' };
  const state = newState('t', 'r', 'r', request, 0);
  for (let i = 0; i < taken; i += 1) state.commands[`earlier-${i}`] = { mark: 'x' } as never;
  const events: TaskEventBody[] = [];
  const controls: Controls = { refusal: () => undefined, apply: () => 'done' };
  jest.mocked(setHandler).mockClear();
  receiveCommands(state, controls, (event) => void events.push(event));
  const [update, signal] = jest.mocked(setHandler).mock.calls as unknown as [
    [unknown, Handler, { validator: Handler }],
    [unknown, Handler],
  ];
  let n = 0;
  const command = (body: CommandBody): TaskCommand => {
    n += 1;
    return { v: 1, id: `c${n}`, at: 1, by: { name: 'ada', how: 'claimed' }, ...body };
  };
  return {
    events,
    closes: () => addEvent(state.journal, { type: 'task.closed', outcome: 'completed' }, 1),
    /** Why it is refused; undefined when it is applied. */
    update: (body: CommandBody): string | undefined => {
      const whole = command(body);
      try {
        update[2].validator(whole);
      } catch (error) {
        const { message, type } = error as Error & { type: string };
        return type === 'CommandRefused' ? message : `${type}: ${message}`;
      }
      update[1](whole);
      return undefined;
    },
    signal: (body: CommandBody) => signal[1](command(body)),
  };
}

test('a task takes a thousand commands, and behind them each resume of what they paused', () => {
  const { update } = receiver(999);
  expect(update({ kind: 'pause' })).toBeUndefined();
  expect(update({ kind: 'note', text: 'x' })).toBe('a task takes 1000 commands');
  expect(update({ kind: 'resume' })).toBeUndefined();
  expect(receiver(2_000).update({ kind: 'resume' })).toBe('a task takes 1000 commands');
});

test('of Signals that are refused the log tells two hundred times at most', () => {
  const { signal, events } = receiver(1_000);
  for (let i = 0; i < 300; i += 1) signal({ kind: 'note', text: 'x' });
  expect(events).toHaveLength(200);
  expect(events.at(-1)).toMatchObject({ type: 'command.refused', id: 'c200', reason: 'a task takes 1000 commands' });
});

test('a task that closes takes no command any more, and no event follows its last one', () => {
  const { update, signal, events, closes } = receiver(0);
  closes();
  // By this type its client knows it from a command that it may send again later.
  expect(update({ kind: 'note', text: 'x' })).toBe('TaskClosed: the task has ended');
  signal({ kind: 'note', text: 'x' });
  expect(events).toEqual([]);
});
