// What tells two commands of one id apart: what they say, whoever says it and when, and in whichever order it is written down.

import { commandMark } from '../../protocol/command-mark.ts';
import { COMMAND_KINDS, type CommandBody, type TaskCommand } from '../../protocol/task-commands.ts';
import { SAMPLES } from '../rig/command-samples.ts';

const command = (body: CommandBody, more: Partial<TaskCommand> = {}): TaskCommand =>
  ({ v: 1, id: 'c1', at: 1, by: { name: 'ada', how: 'claimed' }, ...body, ...more }) as TaskCommand;

test('the same words from another sender, later and in another order have the same mark', () => {
  const body = { kind: 'note', text: 'mind the tide', to: 's2' } as const;
  const other = command(
    { to: 's2', text: 'mind the tide', kind: 'note' },
    { id: 'c2', at: 2, by: { name: 'b', how: 'key' } },
  );
  expect(commandMark(other)).toBe(commandMark(command(body)));
  expect(commandMark(command({ kind: 'pause', to: undefined } as never))).toBe(commandMark(command({ kind: 'pause' })));
  // In the ids of Updates: another form would make one command two.
  expect(commandMark(command(body))).toMatchInlineSnapshot(`"28bcc1455bb7d028"`);
});

test('commands that say anything else have other marks', () => {
  const others: CommandBody[] = [
    ...COMMAND_KINDS.map((kind) => SAMPLES[kind].body),
    ...Array.from({ length: 5_000 }, (_, i) => ({ kind: 'note' as const, text: `note ${i}` })),
    { kind: 'note', text: 'a', to: 's1' },
    { kind: 'note', text: 'a', to: 's2' },
    { kind: 'swapModel', models: ['a', 'b'] },
    { kind: 'swapModel', models: ['b', 'a'] },
    { kind: 'swapModel', models: ['a,b'] },
    { kind: 'approve', plan: '5b41c0de', approved: true, edit: { drop: ['s1'] } },
    { kind: 'approve', plan: '5b41c0de', approved: true, edit: { drop: ['s2'] } },
  ];
  expect(new Set(others.map((body) => commandMark(command(body)))).size).toBe(others.length);
});

test('one that is nested without end has a mark, too', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
  expect(commandMark(command({ kind: 'pause' }, { edit: deep } as never))).toMatch(/^[0-9a-f]{16}$/);
});
