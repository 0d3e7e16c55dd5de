// A command that the server does not hand to a worker is kept, whatever the server says of the reason. No server: its answers are
// the test's.

import { ServiceError } from '@temporalio/client';
import type { HandleParts } from '../../client/handle-parts.ts';
import { sendCommand } from '../../client/send-command.ts';

/** A task whose Update ends so; what it is signalled. */
function task(code: number) {
  const signalled: unknown[] = [];
  const handle = {
    executeUpdate() {
      const cause = Object.assign(new Error('no'), { code, details: 'no', metadata: {} });
      return Promise.reject(new ServiceError('Workflow Update failed', { cause }));
    },
    signal: (_name: string, command: unknown) => Promise.resolve(void signalled.push(command)),
  };
  const parts = {
    taskId: 't',
    client: { workflow: { getHandle: () => handle } },
    connection: { withDeadline: (_at: number, work: () => Promise<unknown>) => work() },
  } as unknown as HandleParts;
  return { parts, signalled };
}

test.each([
  [4, 'nobody answered in time'],
  [8, 'too many Updates wait'],
  [9, 'its Workflow Task fails'],
  [10, 'it was lost with a Workflow Task'],
  [14, 'the server is away'],
])('a command whose Update the server ends with code %d (%s) is recorded', async (code) => {
  const { parts, signalled } = task(code);
  expect(await sendCommand(parts, { kind: 'pause' }, { id: 'c1' })).toEqual({ applied: false, recorded: true });
  expect(signalled).toMatchObject([{ v: 1, id: 'c1', kind: 'pause' }]);
});

test('what the server refuses for another reason is no command that is kept', async () => {
  const { parts, signalled } = task(7);
  await expect(sendCommand(parts, { kind: 'pause' })).rejects.toThrow('Workflow Update failed');
  expect(signalled).toEqual([]);
});
