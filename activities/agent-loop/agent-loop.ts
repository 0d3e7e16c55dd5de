// agent-loop.ts: turns until there is an answer that passes: a model call, the tool calls it asks for, again.
// Planner, sub-agents and synthesis are all this loop; what differs is handed in. Every call is in the log
// before the loop goes on, so an attempt that comes later repeats none of them.

import type { ChatMessage, ModelReply } from '../models/provider.ts';
import { runTool, toolSchema, type Tool, type ToolContext } from '../tools/tool.ts';
import { callModel, type CallContext } from './call-model.ts';
import { parseOutput, type OutputShape } from './parse-output.ts';
import { WorkFailure } from './work-failure.ts';

export interface LoopInput<T, R> extends CallContext {
  /** Opening messages. */
  messages: ChatMessage[];
  shape: OutputShape<T>;
  tools: readonly Tool[];
  toolContext: ToolContext;
  /**
   * Checks what the schema can't. **Contract:** pure; `accepted` is what may be used, `problems` says, for the model,
   * what may not and why. Problems lead to one re-ask; what is still wrong then is left out.
   */
  check(value: T): { accepted: R; problems: string[] } | Promise<{ accepted: R; problems: string[] }>;
  /** Told what the loop is doing, in a few words. */
  onPhase(phase: string): void;
}

export interface LoopResult<R> {
  accepted: R;
  /** What was still wrong after the re-ask, and was left out. */
  left: string[];
}

/** Share of a limit after which no more tools are offered, so that what was paid for still becomes an answer. */
const WIND_UP = 0.75;

export async function runLoop<T, R>(input: LoopInput<T, R>): Promise<LoopResult<R>> {
  const { log, limits } = input;
  const messages = [...input.messages];
  let reasked = false;
  for (let turn = 1; ; turn += 1) {
    const step = `turn-${turn}`;
    const last = windsUp(turn, input);
    input.onPhase(log.reply(step) ? `turn ${turn}: from its log` : `turn ${turn}: asks the model`);
    const reply = await callModel(
      step,
      () => ({
        messages,
        format: { name: input.shape.name, schema: input.shape.schema },
        ...(input.tools.length > 0 ? { tools: input.tools.map(toolSchema), toolChoice: last ? 'none' : 'auto' } : {}),
      }),
      input,
    );
    if (reply.toolCalls.length > 0 && input.tools.length > 0 && turn < limits.turns) {
      messages.push({ role: 'assistant', content: reply.text, toolCalls: reply.toolCalls });
      messages.push(...(await runCalls(step, reply, input)));
      continue;
    }

    const parsed = parseOutput(reply.text, input.shape);
    const checked =
      'value' in parsed ? await input.check(parsed.value) : { accepted: undefined, problems: parsed.problems };
    if (checked.problems.length === 0 && checked.accepted !== undefined)
      return { accepted: checked.accepted, left: [] };
    if (reasked || turn >= limits.turns) {
      if (checked.accepted !== undefined) return { accepted: checked.accepted, left: checked.problems };
      if (!log.wasRefused(step)) await log.append({ t: 'refused', step, problems: checked.problems, at: Date.now() });
      throw new WorkFailure({
        type: 'ModelOutputInvalid',
        message: `the model's answer did not fit, also when asked again: ${checked.problems.slice(0, 3).join('; ')}`,
      });
    }
    reasked = true;
    if (!log.wasRefused(step)) await log.append({ t: 'refused', step, problems: checked.problems, at: Date.now() });
    messages.push({ role: 'assistant', content: reply.text });
    messages.push({ role: 'user', content: reaskMessage(checked.problems) });
  }
}

/** True once this turn should bring the answer: one turn is kept for a re-ask. */
function windsUp<T, R>(turn: number, { log, limits }: LoopInput<T, R>): boolean {
  const { inputTokens, outputTokens } = log.usage;
  return (
    turn >= limits.turns - 1 ||
    inputTokens + outputTokens >= limits.tokens * WIND_UP ||
    log.workedMs >= limits.seconds * 1_000 * WIND_UP
  );
}

/** Runs the calls of one turn beside each other, each from the log when it is there. */
async function runCalls<T, R>(step: string, reply: ModelReply, input: LoopInput<T, R>): Promise<ChatMessage[]> {
  const { log, signal } = input;
  input.onPhase(
    `${step.replace('-', ' ')}: ${reply.toolCalls.map((call) => describeCall(call.name, call.arguments)).join(', ')}`,
  );
  const results = await Promise.allSettled(
    reply.toolCalls.map(async (call): Promise<ChatMessage> => {
      const known = log.tool(step, call.id);
      if (known) return { role: 'tool', callId: call.id, content: known.content };
      signal.throwIfAborted();
      const began = Date.now();
      const { ok, content } = await runTool(input.tools, call.name, call.arguments, input.toolContext);
      signal.throwIfAborted();
      await log.append({
        t: 'tool',
        step,
        callId: call.id,
        name: call.name,
        ok,
        content,
        ms: Date.now() - began,
        at: Date.now(),
      });
      return { role: 'tool', callId: call.id, content };
    }),
  );
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** A call as a person reads it: `search_documents “retry policy”`. */
function describeCall(name: string, args: string | Record<string, unknown>): string {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  const first = /:\s*"([^"]{1,60})/.exec(text)?.[1];
  return first ? `${name} “${first}”` : name;
}

function reaskMessage(problems: string[]): string {
  return [
    'Your answer could not be accepted as it is. Give the whole answer again, in the same form, with these mended or left out:',
    '<problems>',
    ...problems.slice(0, 20).map((problem) => `- ${problem}`),
    '</problems>',
  ].join('\n');
}
