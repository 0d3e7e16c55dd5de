// cli.ts: mutants of what the commands promise the person who types them.

import type { Mutant } from './mutant.ts';

const NO_SERVER = 'test/cli/no-server-needed.test.ts';

const STACK = 'test/cli/stack-settings.test.ts';

const rows: Mutant[] = [
  {
    row: 'result, status, watch and cancel of a closed task (%s) are answered by the store, and load nothing of Temporal',
    title: 'result, status, watch and cancel of a closed task',
    file: 'cli/open.ts',
    find: 'if (listens) {',
    put: 'if (listens !== undefined) {',
    test: NO_SERVER,
    needs: 'nothing',
  },
  {
    row: 'a stack file that a dead stack left behind names no server',
    file: 'find-server.ts',
    find: "address && (await askSupervisor(home, 'status')) ? address : undefined",
    put: "address || ((await askSupervisor(home, 'status')) ? address : undefined)",
    test: NO_SERVER,
    needs: 'nothing',
  },
  {
    row: 'a command that asks a server that nobody named says which',
    file: 'client/connect.ts',
    find: 'if (settings.isDefault)',
    put: 'if (settings.isDefault && settings.address === "")',
    test: NO_SERVER,
    needs: 'nothing',
  },
  {
    row: 'is started again by run for another model while no task is at work, keeps its roots, and is left alone while one is',
    file: 'cli/local-stack.ts',
    find: "restart === 'when idle' && !(await isAtWork(io))",
    put: "restart === 'when idle'",
    test: STACK,
    needs: 'server',
  },
  {
    row: 'a terminal with %s set differs from its stack in just that, and no key is kept or shown',
    title: 'a terminal with a key that nothing uses',
    file: 'stack/started-with.ts',
    find: "!name.startsWith('OPENAI_') || ",
    put: "name !== '' || ",
    test: STACK,
    needs: 'nothing',
  },
];
export default rows;
