// cli.ts: mutants of what the commands promise the person who types them.

import type { Mutant } from './mutant.ts';

const NO_SERVER = 'test/cli/no-server-needed.test.ts';

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
];
export default rows;
