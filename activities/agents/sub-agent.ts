// sub-agent.ts: what a kind of sub-agent is: a plain value that states its own properties.

import { z } from 'zod';
import type { Finding } from '../../protocol/findings.ts';
import {
  aFunction,
  aName,
  aSchema,
  checkDefinition,
  namedOnce,
  problemsOf,
} from '../../protocol/schemas/definition.ts';
import type { EarlierTurn } from '../text/earlier-turn.ts';
import { anOutputName, type OutputShape } from '../text/parse-output.ts';
import type { ChatMessage } from '../models/provider.ts';
import { findingsShape, type FindingsOutput } from '../text/prompts/findings-prompt.ts';
import type { McpAllow } from '../tools/mcp/mcp-tools.ts';
import { toolShape, type Tool } from '../tools/tool.ts';
import { checkFindings, type CheckContext } from '../evidence/check-findings.ts';

export type { CheckContext };

/** What a kind builds its opening messages from. */
export interface Assignment<Input = unknown> {
  /** The whole task's goal. */
  goal: string;
  /** This subtask's goal. */
  subtask: string;
  /** What the kind's own input schema asks for; undefined when it has none. */
  input: Input;
  /** Findings of the subtasks that it needed. */
  needs: { title: string; findings: { claim: string; source: string }[] }[];
  /** Names of the documents, the first few hundred. */
  documents: string[];
  /** Earlier questions of the task's session: data, never instructions. Absent without any. */
  earlier?: EarlierTurn[];
}

/** The checked result of a sub-agent. */
export interface SubAgentResult {
  /** Claims with quotes that were found in their sources by code. */
  findings: Omit<Finding, 'id'>[];
  /** What was looked for and not found, in sentences. */
  missing: string[];
  /** Anything else, for whoever asked for this kind; JSON, at most 256 KiB. */
  data?: unknown;
}

// `any` and not `unknown`: a table holds kinds of different inputs and outputs, and each checks its own.
export interface SubAgentKind<Input = any, Output = any> {
  readonly name: string;
  /** For the planner: when to choose it. Empty: the planner never sees it. */
  readonly description: string;
  readonly tools: readonly Tool[];
  /** Tools of MCP servers that it may have beside its own: server → names, in which `*` stands for anything. */
  readonly mcp?: McpAllow;
  /** Version of its prompt, for the log. */
  readonly prompt: string;
  /** What a plan must give it beside a goal. Default: nothing. */
  readonly input?: z.ZodType<Input>;
  /** Shape of the output that the model must give. */
  readonly output: OutputShape<Output>;
  /** May delegate to subtasks of its own: how deep (at most 8), and how many at once (at most 500). Default: it may not. */
  readonly delegates?: { depth: number; max: number };
  /** Has the tool `ask_person`, where the request or its class lets sub-agents ask. Default: it has not. */
  readonly asksPerson?: boolean;
  /** Has the tool `share_finding` and is shown what others share, where the request or its class wants a board. Default: no. */
  readonly sharesFindings?: boolean;
  /** Opening messages. **Contract:** pure. */
  open(assignment: Assignment<Input>): ChatMessage[];
  /**
   * Checks the model's output, against the sources for one. **Contract:** may be called again for the same output;
   * `problems` are sentences for the model, which is asked once more; what is in `accepted` then is kept.
   */
  check(output: Output, context: CheckContext): Promise<{ accepted: SubAgentResult; problems: string[] }>;
}

/** A kind as its author writes it: with findings as output unless it says otherwise. */
export type SubAgentDefinition<Input, Output> = Omit<SubAgentKind<Input, Output>, 'output' | 'check'> &
  (
    | { output: OutputShape<Output>; check: SubAgentKind<Input, Output>['check'] }
    | { output?: undefined; check?: undefined }
  );

/** Subtasks that delegate to subtasks that delegate: each level has a part of the tokens of the one above. */
const MOST_DEPTH = 8;
/** As many as a plan may have. */
const MOST_AT_ONCE = 500;

const openingShape = z.array(
  z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.string() }),
);

/** A kind's opening messages. @throws Error that names the kind and the hook, for what it throws and what are no messages. */
export function openingOf<Input>(kind: SubAgentKind<Input>, assignment: Assignment<Input>): ChatMessage[] {
  let messages: ChatMessage[];
  try {
    messages = kind.open(assignment);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`open of the kind "${kind.name}": ${said}`, { cause: error });
  }
  const problems = problemsOf(openingShape, messages);
  if (problems.length > 0) throw new Error(`open of the kind "${kind.name}": ${problems.join('; ')}`);
  return messages;
}

const kindShape = z
  .strictObject({
    name: aName(/^[a-z][a-z0-9-]{0,40}$/, 'a kind of sub-agent: lower-case letters, digits and - only'),
    description: z.string(),
    tools: namedOnce(toolShape),
    mcp: z.record(z.string(), z.array(z.string())).optional(),
    prompt: z.string().min(1),
    input: aSchema.optional(),
    output: z
      .strictObject({
        name: anOutputName,
        zod: aSchema,
        schema: z.looseObject({ type: z.literal('object') }),
      })
      .optional(),
    delegates: z
      .strictObject({ depth: z.int().min(1).max(MOST_DEPTH), max: z.int().min(1).max(MOST_AT_ONCE) })
      .optional(),
    asksPerson: z.boolean().optional(),
    sharesFindings: z.boolean().optional(),
    open: aFunction,
    check: aFunction.optional(),
  })
  .refine(
    ({ output, check }) => (output === undefined) === (check === undefined),
    'has one of output and check; give both, or none',
  );

/**
 * Defines a kind of sub-agent; a plain value, registered nowhere. Without `output` and `check` its output is findings,
 * whose quotes are checked against their sources.
 *
 * @throws DefinitionError with all that is wrong, in it and in its tools.
 */
export function defineSubAgent<Input = undefined, Output = FindingsOutput>(
  definition: SubAgentDefinition<Input, Output>,
): SubAgentKind<Input, Output> {
  checkDefinition('a kind of sub-agent', definition, kindShape);
  if (definition.output) return definition as SubAgentKind<Input, Output>;
  const findings = {
    output: findingsShape,
    check: (output: FindingsOutput, context: CheckContext) => checkFindings(output, context),
  };
  return { ...definition, ...findings } as unknown as SubAgentKind<Input, Output>;
}
