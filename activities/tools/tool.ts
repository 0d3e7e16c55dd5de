// tool.ts: what a tool is, how the model sees it, and how a call of the model becomes a result. Whatever the model
// sends and whatever a tool does, the outcome is data for the model; only a cancellation is thrown.

import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import type { Corpus } from '../corpus/open-corpus.ts';
import { dropNulls, strictSchema, type JsonSchema } from './strict-schema.ts';

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
  signal: AbortSignal;
}

// `any` and not `unknown`: a list holds tools of different inputs, and each checks its own before it runs.
export interface Tool<Input = any, Output = unknown> {
  readonly name: string;
  /** For the model: what it brings, and when to use it. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /**
   * JSON Schema of the arguments as the model sees it, for tools whose makers wrote one; it need not suit strict mode,
   * and `input` still judges. Default: made of `input`.
   */
  readonly parameters?: JsonSchema;
  readonly sideEffects: SideEffects;
  /**
   * Runs the tool. **Contract:** may throw (the model is told, the sub-agent goes on); may run again after a crash
   * unless `sideEffects` is 'at-most-once'; may run beside itself for other sub-agents; must stop soon after `signal`
   * aborts. What it returns goes to the model as JSON; text from outside belongs inside JSON strings, which delimit it.
   */
  execute(input: Input, context: ToolContext): Promise<Output>;
}

/** A tool as the chat-completions `tools` list names it. */
export interface ToolDeclaration {
  name: string;
  description: string;
  /** JSON Schema; strict mode accepts one made of a zod schema: all keys required, optional ones nullable, no others. */
  parameters: JsonSchema;
}

export interface ToolResult {
  ok: boolean;
  /** For the model; at most 24 kB. */
  content: string;
}

/** Bytes of one result: a model's context is shared by all of them. */
export const MAX_CONTENT_BYTES = 24_000;

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Defines a tool; a plain value, registered nowhere.
 * @throws Error when the name is none that model providers accept.
 */
export function defineTool<Input, Output>(tool: Tool<Input, Output>): Tool<Input, Output> {
  if (!NAME.test(tool.name))
    throw new Error(`"${tool.name}" can't name a tool: letters, digits, _ and - only, at most 64`);
  return tool;
}

/** How the model sees a tool. */
export function toolSchema({ name, description, input, parameters }: Tool): ToolDeclaration {
  return { name, description, parameters: parameters ?? strictSchema(input) };
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
): Promise<ToolResult> {
  context.signal.throwIfAborted();
  const tool = tools.find((one) => one.name === name);
  if (!tool) {
    const names = tools.map((one) => one.name).join(', ') || 'none';
    return refuse(`there is no tool "${name.slice(0, 80)}"; the tools are: ${names}`);
  }
  const parsed = readArguments(args);
  if ('problem' in parsed) return refuse(parsed.problem);
  try {
    const checked = await tool.input.safeParseAsync(dropNulls(parsed.value, tool.input));
    if (!checked.success) return refuse(`the arguments of ${name} do not fit:\n${z.prettifyError(checked.error)}`);
    const output: unknown = await tool.execute(checked.data, context);
    return { ok: true, content: bounded(typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null')) };
  } catch (error) {
    context.signal.throwIfAborted();
    return refuse(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readArguments(args: unknown): { value: unknown } | { problem: string } {
  if (typeof args !== 'string') return { value: args ?? {} };
  if (args.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(args) };
  } catch {
    try {
      return { value: JSON.parse(jsonrepair(args)) };
    } catch (error) {
      return { problem: `the arguments are no JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}

const refuse = (error: string): ToolResult => ({ ok: false, content: bounded(JSON.stringify({ error })) });

/** What is too long is cut, and stays inside a JSON string. */
function bounded(content: string): string {
  if (Buffer.byteLength(content) <= MAX_CONTENT_BYTES) return content;
  const note = `only the beginning of ${Buffer.byteLength(content)} bytes`;
  let keep = MAX_CONTENT_BYTES;
  for (;;) {
    const cut = JSON.stringify({ note, text: content.slice(0, keep) });
    if (Buffer.byteLength(cut) <= MAX_CONTENT_BYTES) return cut;
    keep = Math.floor(keep * 0.8);
  }
}
