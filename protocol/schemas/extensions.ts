// extensions.ts: what a module under "extensions" may export, and the words in which it is refused; shared because workers
// use all of it and clients its classes. Imports no module itself: whoever needs one hands the import in.

import { z } from 'zod';
import type { RequestClass } from '../classes.ts';
import { joinProblem, type JoinPolicy } from '../join.ts';
import { meant, nearName } from '../near-name.ts';
import { classOf, type ClassDefinition } from './config.ts';
import { checkDefinition, DefinitionError } from './definition.ts';
import { defineRouter, type Router } from './router.ts';

const LOADED_WITHIN_MS = 30_000;
const EXPORTS = ['kinds', 'tools', 'classes', 'models', 'notifiers', 'routers'] as const;

/** Lists as a module exports them, each value not yet judged. */
export interface ExtensionModule extends Record<(typeof EXPORTS)[number], readonly unknown[]> {
  /** Its path as the config file writes it. */
  file: string;
}

/**
 * Loads one module. Its lists are named exports, or stand in an object that it exports as default.
 *
 * @param file its path as the config file writes it, for messages.
 * @param load imports it.
 * @param withinMs how long that may take: a module that waits for something at its top level may never be loaded. Default: 30 s.
 * @returns why it can't be used, in sentences that name the file; or its lists.
 */
export async function readExtension(
  file: string,
  load: () => Promise<unknown>,
  withinMs = LOADED_WITHIN_MS,
): Promise<{ module: ExtensionModule } | { problems: string[] }> {
  let loaded: Record<string, unknown>;
  try {
    loaded = (await inTime(load(), withinMs)) as Record<string, unknown>;
  } catch (error) {
    return { problems: [`${file} can't be loaded: ${loadProblem(error, file)}`] };
  }
  const exported: Record<string, unknown> = { ...asObject(loaded.default), ...loaded };
  const mistyped = mistypedLists(exported);
  if (EXPORTS.every((name) => exported[name] === undefined)) {
    const instead = mistyped.map((name) => `; it exports "${name}"${meant(name, EXPORTS)}`).join('');
    return {
      problems: [`${file} exports none of ${EXPORTS.join(', ')}; export at least one of these lists${instead}`],
    };
  }
  // What is no list is the module's own.
  const unused = mistyped.filter((name) => Array.isArray(exported[name]));
  if (unused.length > 0)
    return {
      problems: unused.map(
        (name) => `${file} exports a list "${name}", of which nothing is used${meant(name, EXPORTS)}`,
      ),
    };
  const noLists = EXPORTS.filter((name) => exported[name] !== undefined && !Array.isArray(exported[name]));
  if (noLists.length > 0) {
    return { problems: noLists.map((name) => `${file} exports ${name}, which must be a list: [ … ]`) };
  }
  const list = (name: (typeof EXPORTS)[number]) => (exported[name] ?? []) as unknown[];
  return {
    module: {
      file,
      kinds: list('kinds'),
      tools: list('tools'),
      classes: list('classes'),
      models: list('models'),
      notifiers: list('notifiers'),
      routers: list('routers'),
    },
  };
}

/** @throws LateError; what `work` throws. */
async function inTime<T>(work: Promise<T>, withinMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, failed) => {
    const words = `it was not loaded within ${withinMs / 1_000} seconds: something at its top level does not end`;
    timer = setTimeout(() => failed(new LateError(words)), withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class LateError extends Error {}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/** Exports by which nothing is done, each near the name of a list that is not there. */
function mistypedLists(exported: Record<string, unknown>): string[] {
  const missing = EXPORTS.filter((name) => exported[name] === undefined);
  return Object.keys(exported).filter(
    (name) => !EXPORTS.some((one) => one === name) && nearName(name, missing) !== undefined,
  );
}

/** What Node says of a module that it could not load. */
function loadProblem(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  if (error instanceof LateError) return error.message;
  if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return 'Node does not run such a file; compile it, and name what that makes (.js, .mjs)';
  const where = error instanceof SyntaxError ? ` (node --check ${file} shows where)` : '';
  return `${error.name}: ${error.message.split('\n')[0]}${where}`;
}

/**
 * Each value of one of a module's lists, defined.
 *
 * @param define throws DefinitionError for what can't be used.
 * @returns what can be used, and what is wrong with the others, in sentences that name file and export.
 */
export function definedOf<T>(
  module: ExtensionModule,
  list: (typeof EXPORTS)[number],
  define: (value: T) => T,
): { values: T[]; problems: string[] } {
  const problems: string[] = [];
  const values = module[list].flatMap((value, at) => {
    try {
      return [define(value as T)];
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      problems.push(...error.problems.map((problem) => `${module.file}: ${list}[${at}]${nameIn(value)}: ${problem}`));
      return [];
    }
  });
  return { values, problems };
}

function nameIn(value: unknown): string {
  const { name, model } = (value ?? {}) as { name?: unknown; model?: unknown };
  const shown = name ?? model;
  return typeof shown === 'string' ? ` "${shown}"` : '';
}

/** The classes of a module: each what `defineClass` gave, or its definition with a `name`. */
export const extensionClasses = (module: ExtensionModule) =>
  definedOf<RequestClass>(module, 'classes', (value) => {
    checkDefinition('a class', value, z.looseObject({ name: z.string() }));
    // What defineClass gave has the hedge in its join.
    const { name, join, ...definition } = value as { name: string; join?: JoinPolicy } & ClassDefinition;
    const made = { ...classOf(name, definition), ...(join ? { join } : {}) };
    const problem = joinProblem(made.join, made);
    if (problem !== undefined) throw new DefinitionError(`a class "${name}"`, [problem]);
    return made;
  });

/** The routers of a module. */
export const extensionRouters = (module: ExtensionModule) => definedOf<Router>(module, 'routers', defineRouter);

/**
 * Says of each name that is used twice who uses it.
 *
 * @param what plural, e.g. `classes`.
 * @param owned each name with its owner: `built in`, `from ./my-kinds.mjs`.
 */
export function namesUsedTwice(what: string, owned: readonly { name: string; from: string }[]): string[] {
  const owners = new Map<string, string>();
  return owned.flatMap(({ name, from }) => {
    const other = owners.get(name);
    owners.set(name, other ?? from);
    return other === undefined ? [] : [`two ${what} are named "${name}": one ${other}, one ${from}`];
  });
}
