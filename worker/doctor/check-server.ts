// check-server.ts: whether Temporal answers, which version it is of, and whether it has the namespace.

import { namespaceProblem } from '../../settings/connection-problem.ts';
import { broken, ok, warn, type Check } from './finding.ts';

/** Minor version of the server that Muster is built against. */
const TESTED_MINOR = 31;
const SLOW_MS = 500;
/** gRPC's. */
const NOT_FOUND = 5;

export const checkServer: Check = {
  name: 'server',
  about: 'the Temporal server answers, its version, the namespace',
  async look(subject) {
    const problem = await subject.noServer();
    if (problem) return [broken(problem.message, problem.hint)];
    const guessed = await subject.guessed();
    if (guessed !== undefined)
      return [
        warn(
          `a Temporal server answers at ${guessed}, which nobody named and which this folder did not start: it may be another project’s, so nothing is run on it`,
          'muster up starts one of this folder; if that one is meant, name it in TEMPORAL_ADDRESS and look again',
          { address: guessed },
        ),
      ];
    const { address, answerMs, version, namespace, ask } = await subject.server();
    const answers = `Temporal ${version} at ${address} answers in ${answerMs} ms`;
    const data = { address, version, answerMs };
    const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
    const isOld = Number(major) < 1 || (Number(major) === 1 && Number(minor) < TESTED_MINOR);
    return [
      answerMs > SLOW_MS
        ? warn(answers, 'run workers nearer to the server, or see what keeps it busy', data)
        : ok(answers, data),
      ...(isOld
        ? [
            warn(
              `Temporal ${version} is older than 1.${TESTED_MINOR}, which Muster is tested with`,
              'update the server',
            ),
          ]
        : []),
      await ask(({ workflowService }) => workflowService.describeNamespace({ namespace })).then(
        () => ok(`it has the namespace ${namespace}`),
        (error: unknown) => {
          if ((error as { code?: unknown }).code !== NOT_FOUND) throw error;
          const { message, hint } = namespaceProblem({ address, namespace });
          return broken(message, hint);
        },
      ),
    ];
  },
};
