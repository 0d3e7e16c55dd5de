// classes.ts: resolves a class's name to its row: a built-in one, one of the file that MUSTER_CONFIG names, or one of that
// file's extensions, which are loaded only when none of the others has the name.

import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_CLASS, type RequestClass } from '../protocol/classes.ts';
import { classTable, readConfigFile } from '../protocol/schemas/config.ts';
import { extensionClasses, readExtension } from '../protocol/schemas/extensions.ts';
import { readConfigValue } from '../settings/config-file.ts';
import { RequestRefusedError } from './errors.ts';

/**
 * @param configPath the config file; undefined: there is none.
 * @throws RequestRefusedError when the file is no config, an extension can't be loaded, or no class has this name.
 */
export async function resolveClass(
  name: string = DEFAULT_CLASS,
  configPath: string | undefined,
): Promise<RequestClass> {
  const { classes, extensions } = readConfig(configPath);
  const table = classTable({ classes });
  const row = table.get(name);
  if (row) return row;
  const added = configPath === undefined ? [] : await classesOf(extensions, configPath);
  const names = [...table.keys(), ...added.map((one) => one.name)];
  const found = added.find((one) => one.name === name);
  if (!found) throw new RequestRefusedError(`there is no class "${name}"; there are ${names.join(', ')}`);
  return found;
}

function readConfig(path: string | undefined) {
  if (path === undefined) return { classes: {}, extensions: [] };
  const file = readConfigValue(path);
  if ('problem' in file) throw new RequestRefusedError(file.problem);
  const read = readConfigFile(file.value);
  if ('problems' in read) throw new RequestRefusedError(`${path}: ${read.problems.join('; ')}`);
  return read.config;
}

async function classesOf(files: readonly string[], configPath: string): Promise<RequestClass[]> {
  const rows: RequestClass[] = [];
  for (const file of files) {
    const { href } = pathToFileURL(resolve(dirname(configPath), file));
    const read = await readExtension(file, () => import(href));
    const classes = 'problems' in read ? { ...read, rows: [] } : extensionClasses(read.module);
    if (classes.problems.length > 0) throw new RequestRefusedError(`extensions: ${classes.problems.join('; ')}`);
    rows.push(...classes.rows);
  }
  return rows;
}
