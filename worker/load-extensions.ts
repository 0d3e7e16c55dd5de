// load-extensions.ts: imports the modules under "extensions" in the config file and judges what they export. Loads the
// Activities with them, so nobody imports this file who has no extensions.

import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  defineModelProvider,
  defineNotifier,
  defineSubAgent,
  defineTool,
  type ModelProvider,
  type Notifier,
  type SubAgentKind,
  type Tool,
} from '../activities/index.ts';
import {
  definedOf,
  extensionClasses,
  extensionRouters,
  readExtension,
  type ExtensionModule,
} from '../protocol/schemas/extensions.ts';
import type { Extension } from './extension.ts';
import { kindProblems } from './kind-table.ts';
import { notifierProblems } from './notifier-table.ts';

/**
 * Loads all of them, in the file's order.
 *
 * @param files as the config file writes them.
 * @param configPath the config file: relative paths start at its folder.
 * @returns what can be used, and everything that is wrong, in sentences that name file and export.
 */
export async function loadExtensions(
  files: readonly string[],
  configPath: string,
): Promise<{ extensions: Extension[]; problems: string[] }> {
  const problems: string[] = [];
  const extensions: Extension[] = [];
  for (const file of files) {
    const { href } = pathToFileURL(resolve(dirname(configPath), file));
    const read = await readExtension(file, () => import(href));
    if ('problems' in read) problems.push(...read.problems);
    else extensions.push(extensionOf(read.module, problems));
  }
  return { extensions, problems: [...problems, ...kindProblems({ extensions }), ...notifierProblems(extensions)] };
}

/** What it adds, in a line for people: `kind forecaster; tool weather`. */
export function describeExtension({
  kinds = [],
  tools = [],
  classes = [],
  models = [],
  notifiers = [],
  routers = [],
}: Extension): string {
  const named = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}${names.length > 1 ? 's' : ''} ${names.join(', ')}`];
  return [
    ...named(
      'kind',
      kinds.map(({ name }) => name),
    ),
    ...named(
      'tool',
      tools.map(({ name }) => name),
    ),
    ...(classes.length > 0
      ? [`${classes.length > 1 ? 'classes' : 'class'} ${classes.map(({ name }) => name).join(', ')}`]
      : []),
    ...named(
      'model',
      models.map(({ model }) => model),
    ),
    ...named(
      'notifier',
      notifiers.map(({ name }) => name),
    ),
    ...named(
      'router',
      routers.map(({ name }) => name),
    ),
  ].join('; ');
}

function extensionOf(module: ExtensionModule, problems: string[]): Extension {
  const told = <T>({ values, problems: found }: { values: T[]; problems: string[] }): T[] => {
    problems.push(...found);
    return values;
  };
  return {
    from: module.file,
    classes: told(extensionClasses(module)),
    routers: told(extensionRouters(module)),
    kinds: told(definedOf<SubAgentKind>(module, 'kinds', defineSubAgent)),
    tools: told(definedOf<Tool>(module, 'tools', defineTool)),
    models: told(definedOf<ModelProvider>(module, 'models', defineModelProvider)),
    notifiers: told(definedOf<Notifier>(module, 'notifiers', defineNotifier)),
  };
}
