// settings.ts: mutants of what is said of settings that can't work, and of who gets to see which tasks.

import type { Mutant } from './mutant.ts';

const SETTINGS = 'test/cli/settings.test.ts';
const OWN = 'test/workflows/own-tasks.test.ts';

const MISTYPED = 'test/cli/mistyped.test.ts';
const MEANT = 'a variable with %s is told of where a setting was probably meant';
const SAID = 'the doctor, a worker and who starts a stack say so, and never what its value is';

const rows: Mutant[] = [
  ...(
    [
      [
        MEANT,
        'protocol/mistyped-variables.ts',
        'API_KEY BASE_URL ORG_ID',
        'API_KEY ORG_ID',
        MEANT.replace('%s', 'another bar'),
      ],
      [
        MEANT,
        'protocol/mistyped-variables.ts',
        'isMeant && env[family.prefix + near] === undefined',
        'isMeant',
        MEANT.replace('%s', 'the right name beside it'),
      ],
      [MEANT, 'protocol/mistyped-variables.ts', '<= MOST_LONGER', '<= 9', MEANT.replace('%s', 'a name of its own')],
      [
        'every variable that a process reads is known as a setting',
        'protocol/mistyped-variables.ts',
        'SLOTS ',
        '',
        undefined,
      ],
      [SAID, 'worker/process.ts', 'for (const line of mistypedVariables(env)) log.warn(line);', '', undefined],
      [SAID, 'check-settings.ts', 'mistypedVariables(env).map', '[].map', undefined],
      [
        SAID,
        'client/cli/local-stack.ts',
        'for (const line of mistypedVariables(environment)) io.say(line);',
        '',
        undefined,
      ],
    ] as const
  ).map(([row, file, find, put, title]): Mutant => ({
    row,
    file,
    find,
    put,
    test: MISTYPED,
    needs: 'server',
    ...(title ? { title } : {}),
  })),
  {
    row: 'a variable that is set to %j is one that is not set, for CLI and worker',
    title: 'a variable that is set to',
    file: 'settings/variables.ts',
    find: `value !== undefined && value.trim() !== ''`,
    put: 'value !== undefined',
    test: SETTINGS,
    needs: 'server',
  },
  {
    row: 'an empty MUSTER_HOME, TEMPORAL_ADDRESS or setting of the server leaves temporal-dev.sh at its defaults',
    file: 'temporal-dev.sh',
    find: '*[![:space:]]* ]]',
    put: '* ]]',
    test: SETTINGS,
    needs: 'server',
  },
  {
    row: 'a person with %s (%s) reads what it is and what mends it',
    title: 'a person with no TLS for a server with it',
    file: 'connection-problem.ts',
    find: '(!options.tls && (secure.opened || certificate))',
    put: '(secure === undefined)',
    test: SETTINGS,
    needs: 'server',
  },
  {
    row: 'the CLI and the worker say of %s the same, with an exit code of its own',
    title: 'the CLI and the worker say of a namespace that is not there',
    file: 'worker/process.ts',
    find: 'throw namespaceProblem(settings);',
    put: 'throw error;',
    test: SETTINGS,
    needs: 'server',
  },
  {
    row: 'what stops a stack in the background is said on the terminal where it was started',
    file: 'stack/control.ts',
    find: 'if (ended) seen = forwardLog(logPath, seen, say);',
    put: '',
    test: SETTINGS,
    needs: 'server',
  },
  {
    row: 'a module that never ends to load is told of by whoever loads it, and by the process that would only try it',
    file: 'stack/ask-worker.ts',
    find: 'timeout: withinMs,',
    put: '',
    test: 'test/cli/stack-settings.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a stack is neither started nor stopped for a folder in which nothing can be read, nor stopped for a variable that is none',
    file: 'client/cli/local-stack.ts',
    find: 'if (starts || !runs) await refuseEmpty(sources, runs);',
    put: '',
    test: 'test/cli/stack-settings.test.ts',
    needs: 'server',
  },
  {
    row: '%s with a value that it can’t have is told by its name',
    title: 'MUSTER_TEMPORAL_RETENTION with a value that it can’t have is told by its name',
    file: 'settings/plain-settings.ts',
    find: '/[dh]$/.test(kept)',
    put: 'kept.length > 0',
    test: 'test/cli/stack-settings.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a background stack that ends is said where somebody waits for it, and by each command until it is up again',
    file: 'stack/stack-end.ts',
    find: "why ?? 'it was killed, or this machine was started anew'",
    put: "'somehow'",
    test: 'test/cli/stack-that-ended.test.ts',
    needs: 'server',
  },
  {
    row: 'a home in which nothing can be made is said at once',
    file: 'store/make-folder.ts',
    find: 'if (!isFolder(path)) throw error;',
    put: '',
    test: 'test/cli/command-line.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a filter by %s with a quote, a backslash or a comment in it is refused, and no other tenant’s task is listed',
    title: 'a filter by tenant',
    file: 'list-tasks.ts',
    find: 'value === undefined ? undefined : labelProblem(what, value)',
    put: 'undefined',
    test: OWN,
    needs: 'server',
  },
  {
    row: 'an id of another Workflow, deployment or tenant is no task, and nobody is told more',
    file: 'own-task.ts',
    find: '!isTask || ',
    put: '',
    test: OWN,
    needs: 'server',
  },
  {
    row: 'who resets a task before anything is in the store leaves one run to head, logs and result: the first',
    file: 'prepare-sources.ts',
    find: 'await putTaskHead(store, { taskId, run, request',
    put: 'await putTaskHead(store, { taskId, run: Context.current().info.workflowExecution?.runId ?? run, request',
    test: 'test/workflows/operator.test.ts',
    needs: 'server',
  },
  {
    row: 'names a key that can be none, without showing it (%#)',
    title: 'names a key that can be none, without showing it (0)',
    file: 'key-problem.ts',
    find: 'return `${name} has quotes around the key`;',
    put: 'return undefined;',
    test: 'test/agents/models.test.ts',
    needs: 'server',
  },
  {
    row: 'does not start with MCP tools for a kind that there is not',
    file: 'worker/config.ts',
    find: 'problems.push(...unknownKinds(settings.mcpTools, kinds));',
    put: '',
    test: 'test/agents/models.test.ts',
    needs: 'server',
  },
  {
    row: 'names the key of a config file that was probably meant: %j',
    title:
      'names the key of a config file that was probably meant: {"providers":[{"name":"a","base_url":"x","modles":[]}]}',
    file: 'near-name.ts',
    find: 'return best?.name ??',
    put: 'return',
    test: 'test/agents/models.test.ts',
    needs: 'server',
  },
];
export default rows;
