// load-extensions.ts: imports the modules under "extensions" in the config file and judges what they export. Loads the
// Activities with them, so nobody imports this file who has no extensions.

import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import {
  defineModelProvider,
  defineSubAgent,
  defineTool,
  type ModelProvider,
  type SubAgentKind,
  type Tool,
} from '../activities/index.ts';
import { extensionClasses, readExtension, type ExtensionModule } from '../protocol/schemas/extensions.ts';
import type { Extension } from './extension.ts';
import { kindProblems } from './kind-table.ts';

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
  return { extensions, problems: [...problems, ...kindProblems({ extensions })] };
}

/** What it adds, in a line for people: `kind forecaster; tool weather`. */
export function describeExtension({ kinds = [], tools = [], classes = [], models = [] }: Extension): string {
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
  ].join('; ');
}

function extensionOf(module: ExtensionModule, problems: string[]): Extension {
  const classes = extensionClasses(module);
  problems.push(...classes.problems);
  const each = <T>(list: 'kinds' | 'tools' | 'models', shape: z.ZodType, define: (value: T) => T): T[] =>
    module[list].flatMap((value, at) => {
      const found = shapeProblems(value, shape);
      const where = `${module.file}: ${list}[${at}]${nameIn(value)}`;
      problems.push(...found.map((problem) => `${where}: ${problem}`));
      if (found.length > 0) return [];
      try {
        return [define(value as T)];
      } catch (error) {
        problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
        return [];
      }
    });
  return {
    from: module.file,
    kinds: each<SubAgentKind>('kinds', KIND, (kind) => ({
      ...defineSubAgent(kind),
      tools: kind.tools.map((tool) => defineTool(tool)),
    })),
    tools: each<Tool>('tools', TOOL, defineTool),
    classes: classes.rows,
    models: each<ModelProvider>('models', MODEL, defineModelProvider),
  };
}

function shapeProblems(value: unknown, shape: z.ZodType): string[] {
  const judged = shape.safeParse(value);
  return (judged.error?.issues ?? []).map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
}

function nameIn(value: unknown): string {
  const { name, model } = (value ?? {}) as { name?: unknown; model?: unknown };
  const shown = name ?? model;
  return typeof shown === 'string' ? ` "${shown}"` : '';
}

const aFunction = z.custom((value) => typeof value === 'function', 'must be a function');
const aSchema = z.custom(
  (value) => typeof (value as { safeParse?: unknown } | undefined)?.safeParse === 'function',
  'must be a zod schema',
);

const TOOL = z.looseObject({
  name: z.string(),
  description: z.string().min(1),
  input: aSchema,
  sideEffects: z.enum(['none', 'idempotent', 'at-most-once']),
  resource: aFunction.optional(),
  execute: aFunction,
});

const KIND = z
  .looseObject({
    name: z.string(),
    description: z.string(),
    tools: z.array(TOOL),
    mcp: z.record(z.string(), z.array(z.string())).optional(),
    prompt: z.string().min(1),
    input: aSchema.optional(),
    output: z.looseObject({ name: z.string(), zod: aSchema, schema: z.looseObject({}) }).optional(),
    delegates: z.strictObject({ depth: z.int().min(1), max: z.int().min(1) }).optional(),
    open: aFunction,
    check: aFunction.optional(),
  })
  .refine(
    ({ output, check }) => (output === undefined) === (check === undefined),
    'has one of output and check; give both, or none',
  );

const MODEL = z.looseObject({
  model: z.string(),
  offline: z.boolean(),
  note: z.string().max(500).optional(),
  prices: z.strictObject({ input: z.number().min(0), output: z.number().min(0) }).optional(),
  contextTokens: z.int().min(4_000).optional(),
  generate: aFunction,
  classify: aFunction,
});
