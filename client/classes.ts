// classes.ts: resolves a class's name to its row, from the built-in table and the file that MUSTER_CONFIG names.

import { readFile } from 'node:fs/promises';
import { DEFAULT_CLASS, type RequestClass } from '../protocol/classes.ts';
import { classTable, readConfigFile } from '../protocol/schemas/config.ts';
import { RequestRefusedError } from './errors.ts';

/** @throws RequestRefusedError when the file is no config or no class has this name. */
export async function resolveClass(
  name: string = DEFAULT_CLASS,
  configPath: string | undefined = process.env.MUSTER_CONFIG,
): Promise<RequestClass> {
  const table = classTable(await readConfig(configPath));
  const row = table.get(name);
  if (!row) throw new RequestRefusedError(`there is no class "${name}"; there are ${[...table.keys()].join(', ')}`);
  return row;
}

async function readConfig(path: string | undefined) {
  if (!path) return { classes: {} };
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new RequestRefusedError(
      `MUSTER_CONFIG names ${path}, which can't be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const read = readConfigFile(value);
  if ('problems' in read) throw new RequestRefusedError(`${path}: ${read.problems.join('; ')}`);
  return read.config;
}
