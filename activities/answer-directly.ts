// answer-directly.ts: the Activity of the fast path: passages by code, then one streamed model call, its quotes held against their
// sources. It reads and indexes nothing; what it cannot answer it hands back with the reason.

import { Context } from '@temporalio/activity';
import type { Activities, DirectAnswer, DirectInput } from '../protocol/activities.ts';
import type { Answer } from '../protocol/answer.ts';
import { fastStepsMs } from '../protocol/classes.ts';
import type { FailureType } from '../protocol/failures.ts';
import { orAborted } from '../protocol/or-aborted.ts';
import { askedOf } from '../protocol/session.ts';
import type { PartialText } from '../store/store.ts';
import { outputSoFar, partialTextWriter } from './agents/partial-text.ts';
import type { Deployment } from './deployment.ts';
import { answerInline, keepAnswer } from './evidence/answers.ts';
import { checkDirect } from './evidence/direct-answers.ts';
import { directConflicts } from './evidence/direct-conflicts.ts';
import { directMaterial, type DirectMaterial } from './evidence/direct-material.ts';
import { meantNotes } from './evidence/earlier.ts';
import { keepResult } from './evidence/results.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { putTaskHead } from './lifecycle/task-head.ts';
import { runModelStep } from './loop/model-step.ts';
import { modelUsed, notesOfModels } from './loop/models-used.ts';
import type { SubtaskLog } from './loop/subtask-log.ts';
import { WorkFailure } from './loop/work-failure.ts';
import type { ModelLine } from './models/model-line.ts';
import { DIRECT_PROMPT, directShape, textSoFar } from './text/prompts/direct-prompt.ts';

/** Between two writes of the text for who reads along. */
const SHOWN_EVERY_MS = 40;

export function answerDirectly(deployment: Deployment): Activities['answerDirectly'] {
  const { store } = deployment;
  return (input) => {
    const { currentAttemptScheduledTimestampMs: startedAt } = Context.current().info;
    const { taskId, run, request } = input;
    return withStepLog(deployment, run, 'direct', async (log, signal) => {
      await putTaskHead(store, { taskId, run, request, acceptedAt: startedAt });
      const lines = deployment.models.inOrder().map((line) => line.atOnce());
      const by = (): { startedAt: number; model: DirectAnswer['model'] } => ({
        startedAt,
        model: modelUsed(log, lines),
      });
      try {
        const made = await answer(input, deployment, log, lines, signal);
        if ('notEnough' in made) return { ...by(), ...made, ...log.account };
        const { answer: whole, corpusRef, left } = made;
        const kept = { answerRef: await keepAnswer(store, whole), ...answerInline(whole) };
        const { account } = log;
        const dropped = left.map((problem) => `Left out of the answer: ${problem}.`);
        const who = { ...by(), ...(corpusRef === undefined ? {} : { corpusRef }) };
        return {
          ...by(),
          ...kept,
          ...(corpusRef === undefined ? {} : { corpusRef }),
          citations: whole.citations.length,
          ...account,
          dropped,
          ...(await keepResult(store, input, { step: 'direct', account, ...kept, by: who, remarks: dropped })),
        };
      } catch (error) {
        if (!(error instanceof WorkFailure)) throw error;
        const { type, message } = error.failure;
        // A plan can wait until there is room.
        if (type === 'ModelRateLimited') return { ...by(), notEnough: message, isBusy: true, ...log.account };
        // What one call could not do, a plan may.
        if (!NOT_IN_ONE_CALL.has(type)) throw error;
        return { ...by(), notEnough: message, ...log.account };
      }
    });
  };
}

const NOT_IN_ONE_CALL: ReadonlySet<FailureType> = new Set(['ModelOutputInvalid', 'LimitReached', 'DiesAtOnePoint']);

type Made = { answer: Answer; corpusRef?: string; left: string[] } | { notEnough: string; isBusy?: true };

/** Begun while its task was being started, where it was; else begun here. */
async function answer(
  input: DirectInput,
  deployment: Deployment,
  log: SubtaskLog,
  lines: readonly ModelLine[],
  signal: AbortSignal,
): Promise<Made> {
  const { taskId, request } = input;
  const begun = deployment.ahead?.take(taskId, request);
  const looking = begun?.material.catch(() => undefined) ?? Promise.resolve(undefined);
  const withinMs = fastStepsMs(request.class).passages;
  const late = new AbortController();
  // What was paid for is used, however long it takes.
  const timer = log.reply('turn-1') ? undefined : setTimeout(() => late.abort(), withinMs);
  // A search that is late is not gone on with: the plan's would wait behind it.
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const found = await orAborted(
      looking.then((known) => known ?? directMaterial(request, deployment, either, input.session)),
      either,
    ).catch((error: unknown) => {
      if (late.signal.aborted && !signal.aborted)
        return { notEnough: `finding passages took longer than ${withinMs} ms`, isBusy: true as const };
      throw error;
    });
    clearTimeout(timer);
    if ('notEnough' in found) return found;
    const ahead = await begun?.call.catch(() => undefined);
    if (!ahead && !log.reply('turn-1') && lines.every((line) => line.closedForMs() > 0))
      return { notEnough: 'its model is down, and left alone for a while', isBusy: true };
    const models = lines.map((line) => (line.provider === ahead?.line.provider ? ahead.asLine() : line));
    return await answerFrom(found, input, deployment, log, models, signal);
  } finally {
    clearTimeout(timer);
    begun?.over();
  }
}

async function answerFrom(
  { from, passages, messages }: DirectMaterial,
  { taskId, request, session, limits, retry }: DirectInput,
  { store, relay }: Deployment,
  log: SubtaskLog,
  lines: readonly ModelLine[],
  signal: AbortSignal,
): Promise<Made> {
  const goal = askedOf(request.goal, session);
  const locate = async (source: string, quote: string) => await from?.corpus.locateQuote(source, quote);
  const shown = partialTextWriter(store, log, {
    shown: (text) => textSoFar(outputSoFar(text)),
    pauseMs: SHOWN_EVERY_MS,
    ...(relay ? { relay: (text: PartialText) => relay(taskId, text) } : {}),
  });
  const { accepted, left } = await runModelStep({
    log,
    store,
    models: lines,
    signal,
    limits,
    retry,
    prompt: DIRECT_PROMPT,
    messages,
    shape: directShape,
    onText: shown.show,
    check: async (output) => {
      const { accepted: checked, problems } = await checkDirect(output, { goal, passages, locate });
      // Asking again takes as long as planning: what can't be cited is marked instead.
      return { accepted: { ...checked, enough: output.enough, problems }, problems: [] };
    },
  }).finally(() => shown.close());
  const { enough, problems, ...rest } = accepted;
  if (from && !enough) return { notEnough: `the passages that were found do not answer it${saidOf(rest.gaps)}` };
  if (from && rest.citations.length === 0) return { notEnough: 'nothing of what the model said could be cited' };
  if (rest.sections.length === 0) return { notEnough: 'the model said nothing' };
  const why = request.sources.length === 0 ? 'No documents were named' : 'It is small talk';
  const notes = from ? [] : [`${why}, so nothing here has a source.`];
  return {
    answer: {
      ...rest,
      ...(await directConflicts(passages, rest.citations, goal, locate)),
      notes: [...meantNotes(session), ...notes, ...notesOfModels(log, lines)],
    },
    ...(from ? { corpusRef: from.corpusRef } : {}),
    left: [...left, ...problems],
  };
}

const saidOf = ([first]: readonly string[]): string => (first === undefined ? '' : ` (${first.replace(/\.$/, '')})`);
