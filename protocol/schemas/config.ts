// config.ts: the config file that MUSTER_CONFIG names, as worker and client read it. Unknown keys are errors.

import { z } from 'zod';
import { BUILT_IN_CLASSES, type RequestClass } from '../classes.ts';
import type { Hedge, JoinPolicy } from '../join.ts';
import { gatewaySettings } from './gateway.ts';
import { aName, checkDefinition } from './definition.ts';
import { inWords } from './in-words.ts';
import { hedgeShape, joinShape } from './join.ts';
import { meant } from '../near-name.ts';
import { MAX_ROUNDS } from '../rounds.ts';
import { MOST_SESSION_CHARS, MOST_SESSION_TURNS } from '../session.ts';
import { emailSettings, notifierSettings, ntfySettings, webhookSettings } from './notify.ts';
import { mcpServers, webSettings } from './tools.ts';

/** No deadline is farther away: what waits longer is no task. */
const seconds = z
  .number()
  .positive()
  .max(365 * 86_400);

const limits = z.strictObject({
  turns: z.int().min(2).max(200),
  tokens: z.int().min(1_000),
  seconds,
  callIdleSeconds: seconds,
  costUsd: z.number().positive().optional(),
});

const model = z.strictObject({
  /** What Muster calls it; unique in the file. */
  name: z.string().min(1),
  /** What the provider calls it. Default: the same. */
  model: z.string().min(1).optional(),
  /** Dollars for a million tokens. */
  prices: z.strictObject({ input: z.number().min(0), output: z.number().min(0) }).optional(),
  /** Tokens that a request and its answer may have together. */
  contextTokens: z.int().min(4_000).optional(),
});

/** What a provider's server takes, where it is known: it is not found out then, and what was learned does not count. */
const supports = z
  .strictObject({
    /** How the shape of an answer is asked for. `none`: in words. */
    format: z.enum(['json_schema', 'json_object', 'none']),
    tools: z.boolean(),
    toolChoice: z.boolean(),
    /** Usage at the end of a stream. */
    streamUsage: z.boolean(),
    /** System messages behind others. */
    systemAnywhere: z.boolean(),
    /** The name under which the most tokens of an answer go. */
    outputBound: z.enum(['max_completion_tokens', 'max_tokens', 'none']),
  })
  .partial();

const provider = z.strictObject({
  name: z.string().min(1),
  /** Default: OpenAI's own. */
  baseURL: z.url({ protocol: /^https?$/ }).optional(),
  /** Environment variable that holds the key; the key itself never stands in a file. Without one, none is sent. */
  keyFrom: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'name an environment variable here, never a key')
    .optional(),
  /** How it is spoken to. */
  api: z.enum(['chat', 'responses']).default('chat'),
  /** Most calls at once from one worker; fewer are made where its server has fewer slots. */
  concurrency: z.int().min(1).optional(),
  /** Seconds that the first byte of an answer may take, e.g. of a model that is being loaded. Default: the class's, and more with each try. */
  firstByteSeconds: z.number().positive().max(86_400).optional(),
  /** Most tokens of one answer. Default: what the step needs. */
  maxOutputTokens: z.int().min(16).optional(),
  supports: supports.optional(),
  /** Outages in a row until it counts as down, and the seconds until it is tried again. */
  breaker: z
    .strictObject({ failures: z.int().min(1), coolSeconds: z.number().positive() })
    .partial()
    .optional(),
  /** May be none for one that is asked for embeddings only. */
  models: z.array(model).default([]),
});

const embeddings = z.strictObject({
  /** Name of one of the providers. */
  provider: z.string().min(1),
  /** What the provider calls it. */
  model: z.string().min(1),
  /** Numbers a vector, for models that can shorten theirs. Default: as many as the model gives. */
  dimensions: z.int().min(1).max(8_192).optional(),
});

const className = aName(/^[a-z][a-z0-9-]{0,40}$/, 'a class: lower-case letters, digits and - only, at most 41');

const ownClass = z.strictObject({
  /** Built-in class whose values hold where this one is silent. Default: the one of this name, else standard. */
  extends: z.enum(['quick', 'standard', 'thorough']).optional(),
  /** What is promised: so many tasks of 100 (default: 95) in so many seconds, and who answers for it. `p95Seconds` is short for both. */
  slo: z
    .strictObject({
      percentile: z.number().min(50).max(99.99).optional(),
      seconds: z.number().positive().optional(),
      p95Seconds: z.number().positive().optional(),
      owner: z.string(),
    })
    .refine(
      ({ seconds, p95Seconds }) => (seconds === undefined) !== (p95Seconds === undefined),
      'say "seconds", with a "percentile" if it is not 95; or "p95Seconds" alone',
    )
    .transform(({ percentile, seconds, p95Seconds, owner }) => ({
      p95Seconds: seconds ?? p95Seconds ?? 0,
      ...(percentile === undefined ? {} : { percentile }),
      owner,
    }))
    .optional(),
  /** Which path its tasks take where the caller names none. Default: deep. */
  path: z.enum(['auto', 'fast', 'deep']).optional(),
  fastBudgetMs: z.int().min(1_000).max(10_000).optional(),
  deadlineSeconds: seconds.optional(),
  maxSubtasks: z.int().min(1).max(500).optional(),
  subtask: limits.partial().optional(),
  /** What a whole task may spend. */
  budget: z.strictObject({ tokens: z.int().positive(), costUsd: z.number().positive() }).partial().optional(),
  priority: z.int().min(1).max(5).optional(),
  /** Short for a join of best effort. */
  minDone: z.int().min(1).optional(),
  join: joinShape.optional(),
  hedge: hedgeShape.optional(),
  /** Names of the models to ask, first choice first. */
  models: z.array(z.string()).min(1).optional(),
  retentionDays: z.int().min(1).max(365).optional(),
  verify: z.boolean().optional(),
  approve: z.boolean().optional(),
  approveSeconds: z
    .number()
    .positive()
    .max(30 * 86_400)
    .optional(),
  askPerson: z.boolean().optional(),
  board: z.boolean().optional(),
  rounds: z.int().min(0).max(MAX_ROUNDS).optional(),
  uncited: z.boolean().optional(),
  /** How much of its session a question sees: earlier questions, and characters of all that together. */
  session: z
    .strictObject({
      turns: z.int().min(0).max(MOST_SESSION_TURNS),
      chars: z.int().min(0).max(MOST_SESSION_CHARS),
    })
    .optional(),
  /** How far people may extend a task that runs. Default: twice what the class allows by itself. */
  ceiling: z
    .strictObject({
      deadlineSeconds: seconds,
      maxSubtasks: z.int().min(1).max(500),
      tokens: z.int().positive(),
      costUsd: z.number().positive(),
      subtask: limits.pick({ turns: true, tokens: true, seconds: true, costUsd: true }).partial(),
    })
    .partial()
    .optional(),
});

const port = z.int().min(0).max(65_535);

/** Ports of `/metrics`; where one is taken, the next ones are tried. 0: any free one, which is said at the start. */
const metricsSettings = z
  .strictObject({
    worker: port,
    gateway: port,
    /** Where they are opened. Who reaches it reads how much is done, and no word of what. */
    host: z.string().min(1),
  })
  .partial();

/** A source that requests to the gateway may name. */
const namedSource = z.strictObject({
  /** File or folder, absolute or relative to the file, or an address of the web. Workers must be allowed to read it. */
  path: z.string().min(1),
  /** Tenants that may name it. Default: all. */
  tenants: z.array(z.string().min(1)).min(1).optional(),
});

export const configFile = z.strictObject({
  /** Folders that the worker may read, absolute or relative to the file. */
  roots: z.array(z.string()).default([]),
  /** How much one task may read; more is refused before any of it is. Default: 50,000 files, 2 GB. */
  corpus: z.strictObject({ files: z.int().positive(), bytes: z.int().positive() }).partial().optional(),
  /** What may be read of the web; without it, nothing. */
  web: webSettings.optional(),
  /** MCP servers whose tools kinds may have. */
  mcp: mcpServers.default([]),
  /** Which tools of which MCP servers a kind has: kind → server → names, in which `*` stands for anything. */
  mcpTools: z.record(z.string(), z.record(z.string(), z.array(z.string()))).default({}),
  /** Sources that requests over HTTP may name. */
  sources: z
    .record(aName(/^[A-Za-z0-9._-]{1,64}$/, 'a source: letters, digits, dots, _ and - only, at most 64'), namedSource)
    .default({}),
  /** What the HTTP API takes, from whom, and from which pages. */
  gateway: gatewaySettings.prefault({}),
  /** Who may be told of tasks, and by which keys (docs/notify.md). */
  webhooks: webhookSettings.optional(),
  email: emailSettings.optional(),
  ntfy: ntfySettings.optional(),
  /** Settings of notifiers that extensions define, by name. */
  notifiers: notifierSettings.default({}),
  /** Where metrics can be read (docs/metrics.md); without it, nowhere. */
  metrics: metricsSettings.optional(),
  /** Workers that should be about at any time: the local stack keeps so many, elsewhere alerts and autoscalers ask for them. */
  minWarmWorkers: z.int().min(0).max(64).default(1),
  providers: z.array(provider).default([]),
  /** Passages and questions get vectors, which are fused with the search by words. Default: words alone. */
  embeddings: embeddings.optional(),
  /** Order in which models are asked where a class says nothing. Default: as listed. */
  models: z.array(z.string()).min(1).optional(),
  /** Name of the router, of one of the extensions, that judges questions where the path is to be chosen. Default: rules. */
  router: z.string().min(1).optional(),
  classes: z.record(className, ownClass).default({}),
  /** Modules with kinds, tools, classes and models of one's own (extensions.ts), absolute or relative to the file. */
  extensions: z
    .array(z.string().min(1))
    .max(64)
    .refine((all) => new Set(all).size === all.length, 'one module is named twice')
    .default([]),
});

export type ConfigFile = z.infer<typeof configFile>;
export type ProviderSettings = z.infer<typeof provider>;

/**
 * Every problem of a config file, in words; or its values.
 *
 * @param extensionModels names of the models that its extensions have. Without them, and where there are extensions, names
 *   of models are not judged: a client does not load what only workers use.
 */
export function readConfigFile(
  value: unknown,
  extensionModels?: readonly string[],
): { config: ConfigFile } | { problems: string[] } {
  const judged = configFile.safeParse(value, { error: inWords });
  if (judged.success) {
    const areModelsKnown = extensionModels !== undefined || judged.data.extensions.length === 0;
    const problems = [
      ...nameProblems(judged.data),
      ...(areModelsKnown ? modelProblems(judged.data, extensionModels ?? []) : []),
    ];
    return problems.length > 0 ? { problems } : { config: judged.data };
  }
  return { problems: judged.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`) };
}

const modelNames = ({ providers }: ConfigFile): string[] =>
  providers.flatMap((one) => one.models.map(({ name }) => name));

/** Models that are to be asked and that nobody has. */
function modelProblems(config: ConfigFile, extensionModels: readonly string[]): string[] {
  const names = [...modelNames(config), ...extensionModels];
  const asked = [
    ...(config.models ?? []).map((name) => ({ where: 'models', name })),
    ...Object.entries(config.classes).flatMap(([of, one]) =>
      (one.models ?? []).map((name) => ({ where: `classes.${of}.models`, name })),
    ),
  ];
  return asked
    .filter(({ name }) => !names.includes(name))
    .map(({ where, name }) => `${where}: no provider has a model named "${name}"${meant(name, names)}`);
}

/** Names used twice, and names that nothing has. */
function nameProblems(config: ConfigFile): string[] {
  const { providers, mcp, mcpTools, embeddings: embedded } = config;
  const names = modelNames(config);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const servers = new Set(mcp.map(({ name }) => name));
  const unknownServers = Object.entries(mcpTools).flatMap(([kind, allowed]) =>
    Object.keys(allowed)
      .filter((server) => !servers.has(server))
      .map(
        (server) => `mcpTools.${kind}: there is no MCP server "${server}" under "mcp"${meant(server, [...servers])}`,
      ),
  );
  const providerNames = providers.map(({ name }) => name);
  const idle = providers.filter((one) => one.models.length === 0 && one.name !== embedded?.provider);
  return [
    ...unknownServers,
    ...idle.map(({ name }) => `providers: "${name}" has no "models" and is not asked for embeddings either`),
    ...(embedded && !providerNames.includes(embedded.provider)
      ? [
          `embeddings.provider: there is no provider "${embedded.provider}" under "providers"${meant(embedded.provider, providerNames)}`,
        ]
      : []),
    ...twice.map((name) => `providers: two models are named "${name}"`),
  ];
}

/** The built-in classes and the file's own, each with its whole row. */
export function classTable(config: Pick<ConfigFile, 'classes'>): Map<string, RequestClass> {
  const table = new Map<string, RequestClass>(Object.entries(BUILT_IN_CLASSES));
  for (const [name, own] of Object.entries(config.classes)) table.set(name, classRow(name, own));
  return table;
}

function classRow(name: string, own: z.output<typeof ownClass>): RequestClass {
  const { extends: base, minDone: _min, join: _join, hedge: _hedge, subtask, models: _order, ...rest } = own;
  const from = BUILT_IN_CLASSES[base ?? (isBuiltIn(name) ? name : 'standard')];
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const kept = Object.fromEntries(Object.entries(subtask ?? {}).filter(([, value]) => value !== undefined));
  return { ...from, ...set, name, subtask: { ...from.subtask, ...kept }, join: ownJoin(own, from.join) };
}

/** What the class says of it, else what the one says that it extends. */
function ownJoin({ join, hedge, minDone }: z.output<typeof ownClass>, from: JoinPolicy): JoinPolicy {
  const asked =
    (join as JoinPolicy | undefined) ?? (minDone === undefined ? from : { kind: 'bestEffort', min: minDone });
  return hedge ? { ...asked, hedge: hedge as Hedge } : asked;
}

const isBuiltIn = (name: string): name is keyof typeof BUILT_IN_CLASSES => Object.hasOwn(BUILT_IN_CLASSES, name);

/** Whoever named a built-in class would get this one, and no two could be told apart in what is measured. */
const ownName = className.refine((name) => !isBuiltIn(name), {
  error: ({ input }) =>
    `"${String(input)}" is a built-in class; give yours another name, with extends: "${String(input)}" for its values`,
});

/** What a class of one's own may say; the rest is as in the class that it extends. */
export type ClassDefinition = z.input<typeof ownClass>;

/**
 * Defines a request class, by a name that no built-in one has: deadline, limits, priority and retention of a task. Hand it to `client.start({ class })`; workers refuse what is above
 * their ceiling.
 *
 * @throws DefinitionError with every problem, in words.
 */
export function defineClass(name: string, definition: Omit<ClassDefinition, 'models'> = {}): RequestClass {
  checkDefinition('a class', { name }, z.object({ name: ownName }));
  return classOf(name, definition);
}

/**
 * The class of a definition whose name is judged beside those of others.
 * @throws as `defineClass`, but for the name of a built-in one.
 */
export function classOf(name: string, definition: Omit<ClassDefinition, 'models'>): RequestClass {
  checkDefinition('a class', { name }, z.object({ name: className }));
  const own = checkDefinition(`a class "${name}"`, definition, ownClass.omit({ models: true }));
  return classRow(name, own);
}
