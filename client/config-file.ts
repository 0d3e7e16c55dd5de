// config-file.ts: the config file as a client needs it: for its classes, and for who may be told of tasks.

import { configFile, readConfigFile, type ConfigFile } from '../protocol/schemas/config.ts';
import { readConfigValue } from '../settings/config-file.ts';
import { RequestRefusedError } from './errors.ts';

const MEND = 'Mend that file, or unset MUSTER_CONFIG; the README lists its keys.';

/** @throws RequestRefusedError when the file is no config. */
export function readConfig(path: string | undefined): ConfigFile {
  if (path === undefined) return configFile.parse({});
  const file = readConfigValue(path);
  if ('problem' in file) throw new RequestRefusedError(file.problem, MEND);
  const read = readConfigFile(file.value);
  if ('problems' in read) throw new RequestRefusedError(`${path}: ${read.problems.join('; ')}`, MEND);
  return read.config;
}
