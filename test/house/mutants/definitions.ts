// definitions.ts: mutants of the rows of "Settings, and who sees which tasks" that are about what people define themselves.

import { mutantsOf } from './mutant.ts';

const DEFINITIONS = mutantsOf('test/extending/definitions.test.ts');
const CONTRACTS = mutantsOf('test/extending/contracts.test.ts');
const MASTERS = mutantsOf('test/workflows/several-lives-and-seats.test.ts', 'server');
const DOCUMENTED = mutantsOf('test/extending/documented.test.ts');
const PLANNED = mutantsOf('test/simulator/plan.test.ts');
const INIT = mutantsOf('test/extending/init.test.ts', 'server');

export default [
  DEFINITIONS(
    '%s that no model could be shown is refused where it is defined, with its name and field',
    'schemas/definition.ts',
    'misfit(fieldsOf(path), message);',
    '',
    'a date in a tool that no model could be shown is refused',
  ),
  DEFINITIONS(
    'a worker that is given a kind by a plain value judges it as defineSubAgent does',
    'worker/kind-table.ts',
    'defineSubAgent(allowed ? { ...kind, mcp: { ...kind.mcp, ...allowed } } : kind)',
    'allowed ? { ...kind, mcp: { ...kind.mcp, ...allowed } } : kind',
  ),
  DEFINITIONS(
    'a field that %s does not have is refused, with the name that was probably meant',
    'tools/tool.ts',
    'export const toolShape = z.strictObject({',
    'export const toolShape = z.looseObject({',
    'a field that a tool does not have is refused',
  ),
  DEFINITIONS(
    '%s is refused in words, by the same error as all',
    'agents/sub-agent.ts',
    'tools: namedOnce(toolShape),',
    'tools: z.array(toolShape),',
    'a tool listed twice is refused in words',
  ),
  DEFINITIONS(
    'a module with a mistyped list %s is refused with the one that was probably meant',
    'schemas/extensions.ts',
    'if (unused.length > 0)',
    'if (unused.length > 9)',
    'a module with a mistyped list beside one that is right is refused',
  ),
  DEFINITIONS(
    '%s is refused by what makes a tool, a notifier or a store of it, and no secret is shown',
    'notify/webhook.ts',
    "if (options !== undefined) checkDefinition('a notifier by webhooks', options, z.strictObject(optionShapes));",
    '',
    'a webhook key that can not sign is refused',
  ),
  DEFINITIONS(
    'the name of a built-in class is refused in code, and in the config file it changes that class',
    'schemas/config.ts',
    'z.object({ name: ownName })',
    'z.object({ name: className })',
  ),
  CONTRACTS(
    'with %s says in words how it is called',
    'testing/check.ts',
    'if (problems.length > 0)',
    'if (problems.length > 9)',
    'with a provider for its sample says in words how it is called',
  ),
  PLANNED(
    'a goal that begins with the name of a kind is planned for that kind, and without its name',
    'brain/plan.ts',
    'return { whole: rest.trim(), kind: to };',
    'return { whole: goal, kind: to };',
  ),
  INIT(
    'the question that muster init prints is worked on by the kind that it wrote, offline',
    'commands/init.ts',
    "'scheduler: When was",
    "'When was",
  ),
  DOCUMENTED(
    'what docs/extending.md says that a model answers fits the shape that it is asked for, for each shape there is',
    'text/prompts/verdicts-prompt.ts',
    "verdict: z.enum(['supported', 'unsupported']),",
    "verdict: z.enum(['yes', 'no']),",
  ),
  DOCUMENTED(
    'the kind, tool and provider of docs/extending.md keep their contracts, by its own test',
    'text/parse-output.ts',
    'return { name, zod, schema };',
    'return { name, zod, schema: {} };',
  ),
  MASTERS(
    'of a master of one’s own that throws fails with what it threw',
    'workflows/own-errors.ts',
    'throw isSaid(error) ? error : said(error);',
    'throw error;',
  ),
  MASTERS(
    'of a master of one’s own whose request to a child is malformed fails with what is wrong with it',
    'workflows/master-agent.ts',
    'if (malformed !== undefined)',
    'if (malformed === "")',
  ),
];
