// classes.ts: resolves a class's name to its row: a built-in one, one of the file that MUSTER_CONFIG names, or one of that
// file's extensions, which are loaded only when none of the others has the name; the router that the file names; and the names
// of its extensions' notifiers.

import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_CLASS, type RequestClass } from '../protocol/classes.ts';
import { meant } from '../protocol/near-name.ts';
import { classTable } from '../protocol/schemas/config.ts';
import {
  extensionClasses,
  extensionRouters,
  readExtension,
  type ExtensionModule,
} from '../protocol/schemas/extensions.ts';
import type { Router } from '../protocol/schemas/router.ts';
import { readConfig } from './config-file.ts';
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
  if (!found) throw noSuchClass(name, names);
  return found;
}

/** With the name that may be meant, and all that there are. */
export const noSuchClass = (name: string, names: readonly string[]): RequestRefusedError =>
  new RequestRefusedError(
    `there is no class "${name}"${meant(name, names)}; there are ${names.join(', ')}`,
    'Take one of these, or add yours: "classes" in the file that MUSTER_CONFIG names.',
  );

/** The built-in classes, those of the config file, and those of its extensions. @throws RequestRefusedError as `resolveClass`. */
export async function allClasses(configPath: string | undefined): Promise<RequestClass[]> {
  const { classes, extensions } = readConfig(configPath);
  const added = configPath === undefined ? [] : await classesOf(extensions, configPath);
  return [...classTable({ classes }).values(), ...added];
}

/**
 * The router that the config file names; undefined where it names none.
 * @throws RequestRefusedError when none of its extensions has it.
 */
export async function routerOf(configPath: string | undefined): Promise<Router | undefined> {
  if (configPath === undefined) return undefined;
  const { router: name, extensions } = readConfig(configPath);
  if (name === undefined) return undefined;
  const names: string[] = [];
  for (const file of extensions) {
    const { values: routers, problems } = extensionRouters(await moduleOf(file, configPath));
    if (problems.length > 0) throw new RequestRefusedError(`extensions: ${problems.join('; ')}`);
    const found = routers.find((one) => one.name === name);
    if (found) return found;
    names.push(...routers.map((one) => one.name));
  }
  throw new RequestRefusedError(
    `router: no extension has a router "${name}"${meant(name, names)}; there ${names.length === 0 ? 'is none' : `is ${names.join(', ')}`}`,
  );
}

/** Names of the notifiers that the config file's extensions define. @throws RequestRefusedError when one can't be loaded. */
export async function notifierNames(configPath: string | undefined): Promise<string[]> {
  if (configPath === undefined) return [];
  const names: string[] = [];
  for (const file of readConfig(configPath).extensions) {
    const { notifiers } = await moduleOf(file, configPath);
    for (const one of notifiers) {
      const { name } = (one ?? {}) as { name?: unknown };
      if (typeof name === 'string') names.push(name);
    }
  }
  return names;
}

async function classesOf(files: readonly string[], configPath: string): Promise<RequestClass[]> {
  const rows: RequestClass[] = [];
  for (const file of files) {
    const classes = extensionClasses(await moduleOf(file, configPath));
    if (classes.problems.length > 0) throw new RequestRefusedError(`extensions: ${classes.problems.join('; ')}`);
    rows.push(...classes.values);
  }
  return rows;
}

/** @throws RequestRefusedError */
async function moduleOf(file: string, configPath: string): Promise<ExtensionModule> {
  const { href } = pathToFileURL(resolve(dirname(configPath), file));
  const read = await readExtension(file, () => import(href));
  if ('problems' in read) throw new RequestRefusedError(`extensions: ${read.problems.join('; ')}`);
  return read.module;
}
