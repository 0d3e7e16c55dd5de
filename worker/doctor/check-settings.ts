// check-settings.ts: whether a worker would start with these settings.

import { resolve } from 'node:path';
import { mistypedVariables } from '../../protocol/mistyped-variables.ts';
import type { Environment } from '../../settings/variables.ts';
import { isAlive, type StackFile } from '../../store/stack-file.ts';
import { describeConfig } from '../config.ts';
import { broken, ok, warn, type Check, type Finding } from './finding.ts';

/** The offline model where none runs: a worker starts it for itself. */
export const NO_OFFLINE_MODEL = 'http://started-with-the-worker.invalid/v1';
const THERE_ARE = 'muster worker --help names those that there are';
const AT_NONE = ` answers at ${new URL(NO_OFFLINE_MODEL).host}`;

export const checkSettings: Check = {
  name: 'settings',
  about: 'variables and config file, as muster worker reads them',
  look: async ({ settings, env, stack }) => [
    ...otherThanStack(env, stack),
    ...('config' in settings
      ? [ok(describeConfig(settings.config).replace(AT_NONE, ': a worker starts it'))]
      : settings.problems.map((problem) => broken(problem, `mend this setting; ${THERE_ARE}`))),
    ...mistypedVariables(env).map((line) => warn(line, `take its name; ${THERE_ARE}`)),
  ],
};

/** What is looked at is this terminal's; a stack that runs may have been started with something else. */
export function otherThanStack(env: Environment, stack: StackFile | undefined): Finding[] {
  if (!stack?.startedWith || !isAlive(stack.supervisor)) return [];
  const { MUSTER_MODEL: model, MUSTER_CONFIG: config } = stack.startedWith.shown;
  const here = env.MUSTER_CONFIG === undefined ? undefined : resolve(env.MUSTER_CONFIG);
  const differ = [
    ...(model === env.MUSTER_MODEL ? [] : [['MUSTER_MODEL', model, env.MUSTER_MODEL] as const]),
    ...(config === here ? [] : [['MUSTER_CONFIG', config, here] as const]),
  ];
  return differ.map(([name, there, now]) =>
    warn(
      `the stack that runs was started ${there === undefined ? `without ${name}` : `with ${name} ${there}`}, and here it is ${now ?? 'not set'}: what is looked at are the settings of this terminal`,
      `set ${name} as the stack has it, and look again; or muster up --restart takes over the settings of this terminal`,
    ),
  );
}
