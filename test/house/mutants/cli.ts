// cli.ts: mutants of what the commands promise the person who types them.

import type { Mutant } from './mutant.ts';

const NO_SERVER = 'test/cli/no-server-needed.test.ts';

const STACK = 'test/cli/stack-settings.test.ts';

const FORMATS = 'test/cli/output-formats.test.ts';

const rows: Mutant[] = [
  {
    row: 'result, status, watch and cancel of a closed task (%s) are answered by the store, and load nothing of Temporal',
    title: 'result, status, watch and cancel of a closed task',
    file: 'cli/open.ts',
    find: 'if (listens) return',
    put: 'if (listens !== undefined) return',
    test: NO_SERVER,
    needs: 'nothing',
  },
  {
    row: 'an open task of a stopped stack (%s) is said to wait for muster up, whoever listens at the usual address',
    title: 'an open task of a stopped stack',
    file: 'cli/open.ts',
    find: 'return known === undefined || (await store.getResult(known)) ? undefined : known;',
    put: 'return undefined;',
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
  {
    row: 'in a terminal of %d columns a list fits the lines, its ids whole, and messages are broken between words',
    title: 'in a terminal of 80 columns a list fits',
    file: 'terminal/io.ts',
    find: 'stderr.isTTY ? fold',
    put: 'stderr.isTTY && text === "" ? fold',
    test: NO_SERVER,
    needs: 'nothing',
  },
  {
    row: 'Ctrl-C typed into a terminal of %d columns says on one line how to come back, and leaves with 130 while the task runs on',
    title: 'Ctrl-C typed into a terminal of 80 columns',
    file: 'render/live-tree.ts',
    find: '`\\r\\u001b[${rows}A`',
    put: '`\\u001b[${rows}A`',
    test: 'test/cli/draws-in-a-terminal.test.ts',
    needs: 'server',
  },
  {
    row: 'a worker with no model named anywhere answers with the built-in one, and reads what the stack of its folder may',
    file: 'worker/read-settings.ts',
    find: '...(stack?.startedWith?.roots ?? [])',
    put: '',
    test: 'test/cli/worker-alone.test.ts',
    needs: 'server',
  },
  {
    row: 'muster worker refuses %s, which it would leave unread',
    title: 'muster worker refuses --nope',
    file: 'worker/main.ts',
    find: 'there is no option ${odd}',
    put: 'it can’t be started',
    test: 'test/cli/command-line.test.ts',
    needs: 'nothing',
  },
  {
    row: 'with data and no format stdout is the data alone; with a format it is the answer',
    file: 'cli/result-output.ts',
    find: 'if (!dataAlone) io.out(',
    put: 'io.out(',
    test: FORMATS,
    needs: 'nothing',
  },
  {
    row: 'where the data that was asked for alone is not there, nothing is printed, it is said why, and the exit code tells',
    file: 'cli/result-output.ts',
    find: 'dataAlone && answer && result.data === undefined ? EXIT.failed : EXIT.done',
    put: 'EXIT.done',
    test: FORMATS,
    needs: 'nothing',
  },
  {
    row: 'a page of HTML loads and runs nothing that a document or a goal says',
    file: 'render/html.ts',
    find: 'escaped(claim.text)',
    put: 'claim.text',
    test: FORMATS,
    needs: 'nothing',
  },
  {
    row: 'what is no %s is refused where it is defined, in plain JavaScript, too, with all that is wrong',
    title: 'what is no a model is refused where it is defined',
    file: 'models/provider.ts',
    find: "checkDefinition('a model', provider, providerShape);",
    put: '',
    test: 'test/extending/extensions.test.ts',
    needs: 'nothing',
  },
  {
    row: 'of a master of one’s own whose child fails fails with what the child failed of',
    file: 'client/task-handle.ts',
    find: 'const cause = innermost(error.cause);',
    put: 'const { cause } = error;',
    test: 'test/workflows/several-lives-and-seats.test.ts',
    needs: 'server',
  },
];
export default rows;
