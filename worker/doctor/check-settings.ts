// check-settings.ts: whether a worker would start with these settings.

import { describeConfig } from '../config.ts';
import { mistypedVariables } from '../../protocol/mistyped-variables.ts';
import { broken, ok, warn, type Check } from './finding.ts';

/** The offline model where none runs: a worker starts it for itself. */
export const NO_OFFLINE_MODEL = 'http://started-with-the-worker.invalid/v1';
const THERE_ARE = 'muster worker --help names those that there are';
const AT_NONE = ` answers at ${new URL(NO_OFFLINE_MODEL).host}`;

export const checkSettings: Check = {
  name: 'settings',
  about: 'variables and config file, as muster worker reads them',
  look: async ({ settings, env }) => [
    ...('config' in settings
      ? [ok(describeConfig(settings.config).replace(AT_NONE, ': a worker starts it'))]
      : settings.problems.map((problem) => broken(problem, `mend this setting; ${THERE_ARE}`))),
    ...mistypedVariables(env).map((line) => warn(line, `take its name; ${THERE_ARE}`)),
  ],
};
