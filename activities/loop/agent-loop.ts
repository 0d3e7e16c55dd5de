// agent-loop.ts: turns until there is an output that passes: a model call, the tool calls it asks for, again.
// Planner, sub-agents and synthesis are all this loop; what differs is handed in. Every call is in the log
// before the loop goes on, so an attempt that comes later repeats none of them.

import { plus, usedUp, windsUp as isWindingUp } from '../../protocol/budget.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';
import { RESUME, VISIT_AGAIN } from '../../protocol/commands.ts';
import type { Handle } from '../../protocol/outcome.ts';
import { firstOf } from '../../protocol/first-of.ts';
import type { ModelLine } from '../models/model-line.ts';
import { looksLikeCall } from '../models/calls-in-text.ts';
import type { ChatMessage, ModelReply, ModelRequest, ReplyOrigin, ToolCall } from '../models/provider.ts';
import { block } from '../text/blocks.ts';
import { toolSchema, type Tool } from '../tools/tool.ts';
import { callModel, type CallContext } from './call-model.ts';
import { compact } from './compact.ts';
import { readResult } from './long-results.ts';
import { boardBefore, takeBoard, type BoardView } from './board.ts';
import { Commands } from './commands.ts';
import { windowOf } from './first-request.ts';
import { outputBound } from './output-bound.ts';
import { parseOutput, type OutputShape } from '../text/parse-output.ts';
import { DEATHS, runCalls, type CallsInput } from './run-calls.ts';
import type { SubtaskLog } from './subtask-log.ts';
import { WorkFailure } from './work-failure.ts';

export interface LoopInput<T, R> extends CallContext, Omit<CallsInput, 'replies'> {
  /** Opening messages. */
  messages: ChatMessage[];
  shape: OutputShape<T>;
  replies?: CallsInput['replies'];
  /** How it reads its task's board. Default: it is shown none. */
  board?: BoardView;
  /** The models that a command may name instead; the lines in this order. */
  modelsNamed?: (names: readonly string[]) => readonly ModelLine[];
  /**
   * Checks what the schema can't. **Contract:** pure; `accepted` is what may be used, `problems` says, for the model,
   * what may not and why. Problems lead to one re-ask; what is still wrong then is left out.
   */
  check(value: T): { accepted: R; problems: string[] } | Promise<{ accepted: R; problems: string[] }>;
  /** Whether what was accepted is nothing, which is believed of a model that called a tool. Default: it is something. */
  isNothing?(accepted: R): boolean;
  /** Told what the loop is doing, in a few words, and whether that is asking the model. */
  onPhase(phase: string, asksModel?: boolean): void;
}

export type LoopResult<R> =
  | {
      status: 'accepted';
      accepted: R;
      /** What was still wrong after the re-ask, and was left out. */
      left: string[];
    }
  /** To be visited again when one of these has its reply. */
  | { status: 'waiting'; handles: Handle[] }
  /** To be visited again with the results of these subtasks. */
  | { status: 'delegated'; delegations: { handle: string; planRef: string }[] };

/**
 * A sub-agent's turns, with whoever commands it.
 * @param input.visit number of the visit: a pause that was given before it is over. Default: 0.
 * @throws WorkFailure; the signal's reason when the work was cancelled; StoreError.
 */
export async function runLoop<T, R>(input: LoopInput<T, R> & { visit?: number }): Promise<LoopResult<R>> {
  const commands = await Commands.open(input.store, input.log, input.visit ?? 0);
  try {
    return await runTurns(input, commands);
  } finally {
    await commands.close();
  }
}

/** The turns themselves. @throws as `runLoop` */
export async function runTurns<T, R>(input: LoopInput<T, R>, commands: Commands): Promise<LoopResult<R>> {
  const { log, store } = input;
  const messages = [...input.messages];
  let reasked = false;
  /** What was said in words, one after the other, since no tool was called though some were offered. */
  const unheeded: NonNullable<ModelRequest['inWords']>[] = [];
  let hasCalled = false;
  /** An answer was there, and had nothing of its form: servers take a schema and don't heed it, without a word. */
  let isFormless = false;
  for (let turn = 1; ; turn += 1) {
    const turnName = nameOf(turn);
    const isKept = log.reply(turnName) !== undefined;
    if (!isKept) await commands.apply(turn);
    if (!isKept && commands.endsVisit) return endOfVisit(commands);
    if (!isKept && input.board) await takeBoard(turn, log, store, input.board);
    const tools = log.refs.size > 0 ? [...input.tools, readResult(() => log.refs, store)] : input.tools;
    const inWords: ModelRequest['inWords'] = unheeded.at(-1) ?? (isFormless ? 'schema' : undefined);
    const reply: ModelReply | undefined = await ask(turn, messages, tools, inWords, input, commands);
    if (!reply) return endOfVisit(commands);
    messages.push(...heardBefore(turn, log, commands));
    const limits = commands.limits(input.limits);

    const mayCall = tools.length > 0 && turn < limits.turns && !log.reply(turnName)?.noTools;
    const calls = mayCall ? wholeCalls(reply) : [];
    if (calls.length > 0) {
      hasCalled = true;
      input.onPhase(`turn ${turn}: ${calls.map(describeCall).join(', ')}`);
      const open = await runCalls(turnName, calls, { ...input, tools, limits, replies: input.replies ?? NO_REPLIES });
      if (open.delegated.length > 0) return { status: 'delegated', delegations: open.delegated };
      if (open.waiting.length > 0) return { status: 'waiting', handles: open.waiting };
      messages.push({ role: 'assistant', content: reply.text, toolCalls: calls, ...origin(turnName, log) });
      for (const { id } of calls)
        messages.push({ role: 'tool', callId: id, content: log.tool(turnName, id)?.content ?? '' });
      continue;
    }

    if (isKept && !log.wasRefused(turnName)) await readAgain(turnName, log);
    const unread = unreadable(reply);
    const parsed: { value: T } | { problems: string[] } =
      unread ?? withCallsNamed(parseOutput(reply.text, input.shape, reply.reasoning), reply, tools);
    isFormless ||= unread === undefined && 'problems' in parsed && reply.text.trim() !== '';
    const checked =
      'value' in parsed ? await input.check(parsed.value) : { accepted: undefined, problems: parsed.problems };
    const { accepted } = checked;
    // What fits the form and calls nothing is what a server lets through that holds the model to the form.
    const isHeldTo = 'value' in parsed || unheeded.length > 0;
    const toSay = mayCall && !hasCalled && isHeldTo ? IN_WORDS[unheeded.length] : undefined;
    const hasNotLooked = toSay !== undefined && accepted !== undefined && input.isNothing?.(accepted) === true;
    const problems = hasNotLooked ? [...checked.problems, CALLED_NONE] : checked.problems;
    if (problems.length === 0 && accepted !== undefined) return { status: 'accepted', accepted, left: [] };
    const isLast = (reasked && toSay === undefined) || turn >= limits.turns;
    if (isLast && accepted !== undefined) return { status: 'accepted', accepted, left: problems };
    if (!log.wasRefused(turnName)) await log.append({ t: 'refused', step: turnName, problems, at: Date.now() });
    if (isLast) {
      throw new WorkFailure({
        type: 'ModelOutputInvalid',
        message: `the model's output did not fit, also when asked again: ${firstOf(problems, 3)}`,
      });
    }
    reasked = true;
    if (toSay !== undefined) unheeded.push(toSay);
    messages.push({ role: 'assistant', content: reply.text, ...origin(turnName, log) });
    const isBlank = reply.text.trim() === '' && reply.toolCalls.length === 0;
    messages.push({ role: 'user', content: isBlank ? askedOnceMore(problems) : reaskMessage(problems) });
  }
}

/** Servers take a format beside tools and then let nothing but the format through; or leave tools out of what the model reads. */
const IN_WORDS = ['format', 'tools'] as const;

const CALLED_NONE = 'no tool was called, so nothing was looked for: call one';

/** A turn's name in the log. */
const nameOf = (turn: number): string => `turn-${turn}`;

/** Before the reply that an earlier attempt got is read: it may be what that one died of. */
async function readAgain(turnName: string, log: SubtaskLog): Promise<void> {
  if (log.deathsReading >= DEATHS) {
    throw new WorkFailure({
      type: 'DiesAtOnePoint',
      message: `${DEATHS} workers died one after the other while its model's output was checked, so it is not checked a third time`,
    });
  }
  await log.append({ t: 'reads', step: turnName, at: Date.now() });
}

/** What is no output at all, in words that help more than what its parsing would say. */
function unreadable({ text, toolCalls, isCutShort, repeats }: ModelReply): { problems: string[] } | undefined {
  if (repeats) return { problems: ['the output said the same again and again and was cut off; say each thing once'] };
  if (isCutShort) return { problems: ['the output was cut off at the most that may be written; give a shorter one'] };
  return toolCalls.length > 0 && text.trim() === ''
    ? { problems: ['no tool can be called any more; give the output from what you have'] }
    : undefined;
}

/** Says so where a text is no output because it is a call that can't be read. */
function withCallsNamed<T>(
  parsed: { value: T } | { problems: string[] },
  { text }: ModelReply,
  tools: readonly Tool[],
): { value: T } | { problems: string[] } {
  const names = tools.map(({ name }) => name);
  return 'problems' in parsed && looksLikeCall(text, names) ? { problems: [CALL_AS_TEXT, ...parsed.problems] } : parsed;
}

const CALL_AS_TEXT =
  'the text looks like a tool call, which the model server left there unread (is its tool-call parser on?); call tools as the API has it, or give the output';

/** Who said a reply, with what that provider alone understands. */
function origin(turnName: string, log: SubtaskLog): { from?: ReplyOrigin } {
  const record = log.reply(turnName);
  if (!record) return {};
  const { kept } = record.reply;
  return { from: { model: record.model, ...(kept ? { kept } : {}) } };
}

/** Of a reply that was cut off the last call is a part, and what is mended of it may be another call. */
function wholeCalls({ toolCalls, isCutShort = false }: ModelReply): ToolCall[] {
  return isCutShort ? toolCalls.slice(0, -1) : toolCalls;
}

/** A model that is told more than this mends none of it. */
const MAX_PROBLEMS = 20;

/** No time is set: its master knows when it goes on. */
const endOfVisit = ({ endsVisit }: Commands): { status: 'waiting'; handles: Handle[] } => ({
  status: 'waiting',
  handles: [{ handle: endsVisit === 'extended' ? VISIT_AGAIN : RESUME, until: 0 }],
});

const NO_REPLIES: CallsInput['replies'] = new Map();

/**
 * One model call, with the tools that there is still room for. A call is given up when other models are wanted, or no room is
 * left for it; nothing comes back when the visit is to end by then.
 */
async function ask<T, R>(
  turn: number,
  messages: readonly ChatMessage[],
  tools: readonly Tool[],
  inWords: ModelRequest['inWords'],
  input: LoopInput<T, R>,
  commands: Commands,
): Promise<ModelReply | undefined> {
  const { log, shape } = input;
  const turnName = nameOf(turn);
  const said = `turn ${turn}`;
  for (;;) {
    if (log.reply(turnName)) input.onPhase(`${said}: from its log`);
    else input.onPhase(`${said}: asks the model`, true);
    const limits = commands.limits(input.limits);
    const named = commands.models;
    const models = named && input.modelsNamed ? input.modelsNamed(named) : input.models;
    const { swapped } = commands;
    try {
      return await callModel(
        turnName,
        () => {
          const schemas = tools.map(toolSchema);
          return {
            messages: compact([...messages, ...heardBefore(turn, log, commands)], windowOf(models), [
              ...schemas,
              shape.schema,
            ]),
            format: { name: shape.name, schema: shape.schema },
            maxOutputTokens: outputBound(shape.schema, limits, log.cutShort),
            ...(inWords === undefined ? {} : { inWords }),
            ...(tools.length > 0
              ? {
                  tools: schemas,
                  toolChoice: windsUp(turn, { log, limits }, commands) ? ('none' as const) : ('auto' as const),
                }
              : {}),
          };
        },
        { ...input, limits, models, signal: AbortSignal.any([input.signal, swapped]) },
      );
    } catch (error) {
      if (input.signal.aborted || !(swapped.aborted || ranOut(error))) throw error;
      // What else came with the wish for another model is heard now, too, and so is room that was given in time.
      await commands.apply(turn);
      if (commands.endsVisit) return undefined;
      if (!swapped.aborted && !isLarger(commands.limits(input.limits), limits)) throw error;
    }
  }
}

const ranOut = (error: unknown): boolean => error instanceof WorkFailure && error.failure.type === 'LimitReached';

const isLarger = (now: SubtaskLimits, before: SubtaskLimits): boolean =>
  (['turns', 'tokens', 'seconds', 'costUsd'] as const).some((kind) => (now[kind] ?? 0) > (before[kind] ?? 0));

const heardBefore = (turn: number, log: SubtaskLog, commands: Commands): ChatMessage[] => [
  ...boardBefore(turn, log),
  ...commands.notes(turn).map((note): ChatMessage => ({ role: 'user', content: note })),
];

/** True once this turn should give the output: one turn is kept for a re-ask, where there are more than two. */
function windsUp(turn: number, { log, limits }: Pick<CallContext, 'log' | 'limits'>, commands: Commands): boolean {
  const last = Math.max(Math.min(2, limits.turns), limits.turns - 1);
  if (commands.finishes || turn >= last || isWindingUp(limits, log.spent)) return true;
  // A conversation grows: another turn and the output after it take at least what the last one took, each.
  return usedUp(limits, plus(log.spent, plus(log.lastCall, log.lastCall))) !== undefined;
}

/** A call as a person reads it: `search_documents “retry policy”`. */
function describeCall({ name, arguments: args }: ToolCall): string {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  const first = /:\s*"([^"]{1,60})/.exec(text)?.[1];
  return first ? `${name} “${first}”` : name;
}

/** Where nothing came there is nothing to mend. */
const askedOnceMore = (problems: string[]): string =>
  `Nothing came: ${problems.join('; ')}. Give the whole output now.`;

function reaskMessage(problems: string[]): string {
  return [
    'Your output could not be accepted as it is. Give the whole of it again, in the same form, with these mended or left out:',
    block(
      'problems',
      problems
        .slice(0, MAX_PROBLEMS)
        .map((problem) => `- ${problem}`)
        .join('\n'),
    ),
  ].join('\n');
}
