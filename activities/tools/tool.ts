// tool.ts: what a tool is, how the model sees it, and how a call of the model becomes a result. Whatever the model
// sends and whatever a tool does, the outcome is data for the model; only a cancellation is thrown.

import { z } from 'zod';
import type { Ask } from '../../protocol/ask.ts';
import type { PlannedSubtask } from '../../protocol/plan.ts';
import type { Lease } from '../../store/store.ts';
import type { Corpus } from '../../documents/open-corpus.ts';
import { dataJson } from '../text/blocks.ts';
import { aFunction, aName, checkDefinition, objectSchema } from '../../protocol/schemas/definition.ts';
import { mended, oneObject } from '../text/json-values.ts';
import { asMeant, plainSchema, type JsonSchema } from './plain-schema.ts';

/** What may happen when a call runs twice because the process died in between. */
export type SideEffects =
  /** Reads only: run it again. */
  | 'none'
  /** Writes the same thing again: run it again. */
  | 'idempotent'
  /** Must not run twice: after a crash the model is told that the outcome is unknown. */
  | 'at-most-once';

export interface ToolContext {
  /** The task's documents; absent when it has none. */
  corpus?: Corpus;
  /** Aborts when the work is cancelled, and when the call has taken half of the seconds that its subtask had left. */
  signal: AbortSignal;
  /** Where a reply is sent to that comes after `execute` returned `later()`. */
  callback?: { taskId: string; handle: string };
  /** For servers that it asks: which span of which trace the call is. Absent where nobody traces. */
  headers?: { traceparent: string; baggage: string };
  /** Told right before a tool that may name a resource is executed: it has its lease then, if it needs one. */
  onBegin?: () => Promise<void>;
  /** Waits for this call's lease on a resource. */
  takeLease?: (resource: string) => Promise<Lease>;
}

/** Returned by a tool whose reply comes from outside, later: the sub-agent waits for it and holds no slot. */
export class Later {
  readonly timeoutSeconds: number;
  /** The question, when it is a person who is to reply. */
  readonly ask: Ask | undefined;
  constructor(timeoutSeconds: number, ask?: Ask) {
    this.timeoutSeconds = timeoutSeconds;
    this.ask = ask;
  }
}

/** Returned by the tool that delegates work to subtasks: it waits for them and holds no slot. */
export class Delegation {
  readonly subtasks: PlannedSubtask[];
  constructor(subtasks: PlannedSubtask[]) {
    this.subtasks = subtasks;
  }
}

const laterShape = z.object({ timeoutSeconds: z.number().positive() });

/**
 * For a tool that starts work of minutes or days: give `context.callback` to whoever does it and return this. The reply
 * comes by the client's `task.reply(handle, content)`; after the time-out the model is told that none came.
 *
 * @param timeoutSeconds how long to wait; more than 30 days count as 30.
 * @throws DefinitionError for what is no number above 0.
 */
export function later(timeoutSeconds: number): Later {
  checkDefinition('a reply that comes later', { timeoutSeconds }, laterShape);
  return new Later(Math.min(Math.max(1, timeoutSeconds), 30 * 86_400));
}

// `any` and not `unknown`: a list holds tools of different inputs, and each checks its own before it runs.
export interface Tool<Input = any, Output = unknown> {
  readonly name: string;
  /** For the model: what it returns, and when to use it. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /**
   * JSON Schema of the arguments as the model sees it, for tools whose makers wrote one; `input` still judges. Default: made of `input`.
   */
  readonly parameters?: JsonSchema;
  readonly sideEffects: SideEffects;
  /**
   * True when its work can't take the process with it: it runs in a thread of its own, or does next to nothing. A death of
   * the worker while it ran is then not held against it. Default: false.
   */
  readonly isContained?: boolean;
  /**
   * Name of what the call needs for itself: a task's calls on one resource run one at a time, across workers. Default: none.
   * **Contract:** pure.
   */
  resource?(input: Input): string | undefined;
  /**
   * Runs the tool. **Contract:** may throw (the model is told, the sub-agent goes on); may run again after a crash
   * unless `sideEffects` is 'at-most-once'; may run beside itself for other sub-agents; must stop soon after `signal`
   * aborts. What it returns goes to the model as JSON, a text as a JSON string, which delimits it.
   */
  execute(input: Input, context: ToolContext): Promise<Output>;
}

/** A tool as the chat-completions `tools` list names it. */
export interface ToolDeclaration {
  name: string;
  description: string;
  /** JSON Schema; one made of a zod schema is as all providers take it. */
  parameters: JsonSchema;
}

export interface ToolResult {
  ok: boolean;
  /** For the model. What is longer than one result may be is shown by the page (long-results.ts). */
  content: string;
}

/** Bytes of one result: a model's context is shared by all of them. */
export const MAX_CONTENT_BYTES = 24_000;

/** What every tool must be, also where no compiler looks. */
export const toolShape = z.strictObject({
  name: aName(/^[a-zA-Z0-9_-]{1,64}$/, 'a tool: letters, digits, _ and - only, at most 64'),
  description: z.string().min(1),
  input: objectSchema('input'),
  parameters: z.looseObject({}).optional(),
  sideEffects: z.enum(['none', 'idempotent', 'at-most-once']),
  isContained: z.boolean().optional(),
  resource: aFunction.optional(),
  execute: aFunction,
});

/**
 * Defines a tool; a plain value, registered nowhere.
 * @throws DefinitionError with all that is wrong, e.g. a name that model providers don't accept.
 */
export function defineTool<Input, Output>(tool: Tool<Input, Output>): Tool<Input, Output> {
  checkDefinition('a tool', tool, toolShape);
  return tool;
}

const declared = new WeakMap<Tool, ToolDeclaration>();

/** How the model sees a tool. The same object for the same tool: not to be changed. */
export function toolSchema(tool: Tool): ToolDeclaration {
  const known = declared.get(tool);
  if (known) return known;
  const { name, description, input, parameters } = tool;
  const declaration = { name, description, parameters: parameters ?? plainSchema(input) };
  declared.set(tool, declaration);
  return declaration;
}

/**
 * Runs a call of the model. An unknown tool, arguments that don't fit and a throw come back as `ok: false` with words
 * that help the model to do better.
 *
 * @param args JSON text, mended where possible, or an object.
 * @throws the signal's reason once it is aborted: a cancellation is no result.
 */
export async function runTool(
  tools: readonly Tool[],
  name: string,
  args: unknown,
  context: ToolContext,
): Promise<ToolResult | Later | Delegation> {
  context.signal.throwIfAborted();
  const tool = tools.find((one) => one.name === name);
  if (!tool) {
    const names = tools.map((one) => one.name).join(', ') || 'none';
    return refuse(`there is no tool "${name.slice(0, 80)}"; the tools are: ${names}`);
  }
  const parsed = readArguments(args);
  if ('problem' in parsed) return refuse(parsed.problem);
  try {
    const checked = await tool.input.safeParseAsync(asMeant(parsed.value, tool.input));
    if (!checked.success) return refuse(`the arguments of ${name} do not fit:\n${z.prettifyError(checked.error)}`);
    const output = await withLease(tool, checked.data, context);
    if (output instanceof Later || output instanceof Delegation) return output;
    return { ok: true, content: dataJson(output) };
  } catch (error) {
    context.signal.throwIfAborted();
    return refuse(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function withLease(tool: Tool, input: unknown, context: ToolContext): Promise<unknown> {
  const resource = tool.resource?.(input);
  const lease = resource === undefined ? undefined : await context.takeLease?.(resource);
  if (!lease) {
    await context.onBegin?.();
    return await tool.execute(input, context);
  }
  try {
    await context.onBegin?.();
    const output = await tool.execute(input, { ...context, signal: AbortSignal.any([context.signal, lease.lost]) });
    lease.lost.throwIfAborted();
    return output;
  } catch (error) {
    if (!lease.lost.aborted) throw error;
    throw new Error(
      `its lease on ${resource} was lost while it ran (this worker stood still, or the store was away), so another call may have used that at the same time: look before you try again`,
      { cause: error },
    );
  } finally {
    await lease.release();
  }
}

function readArguments(args: unknown): { value: unknown } | { problem: string } {
  if (typeof args !== 'string') return { value: args ?? {} };
  if (args.trim() === '') return { value: {} };
  try {
    const value = mended(args);
    return { value: oneObject(value) ?? value ?? {} };
  } catch (error) {
    return { problem: `the arguments are no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const refuse = (error: string): ToolResult => ({
  ok: false,
  content: dataJson({ error: error.slice(0, 4_000) }),
});
