// answer-so-far.ts: the Update `answerSoFar`: for who can't wait, the best answer from what is there while the task goes on; or, with
// `stop`, the task's own answer at once. One is written at a time, of the same findings none twice; the task's own answer is
// written without it.

import { CancellationScope, defineUpdate, isCancellation, patched, setHandler } from '@temporalio/workflow';
import type { AnswerSoFarInput } from '../protocol/activities.ts';
import {
  isAnswerSoFarAsk,
  SO_FAR_MARK,
  type AnswerSoFarAsk,
  type AnswerSoFarReply,
} from '../protocol/answer-so-far.ts';
import { least, type Amounts } from '../protocol/budget.ts';
import { PATCHES, UPDATES } from '../protocol/names.ts';
import type { Sender, TaskCommand } from '../protocol/task-commands.ts';
import { textMark } from '../protocol/text-mark.ts';
import type { Usage } from '../protocol/usage.ts';
import { bookFailedStep, bookStep } from './account.ts';
import { isOver } from './commands/addressees.ts';
import { refused, type CommandInbox } from './commands/receive-commands.ts';
import type { SteeringPorts } from './commands/steering-ports.ts';
import type { MasterContext } from './endings.ts';
import { accountOf, failureOf, runStep } from './run-step.ts';
import { coverageSoFar } from './state/coverage.ts';
import { closing } from './state/journal.ts';
import { reserveAnswerSoFar, roomForAnswerSoFar } from './state/so-far-grant.ts';
import { askedIn, type MasterState, type WrittenSoFar } from './state/state.ts';
import { shownLife, stateOf, subtasksOf } from './state/tree.ts';
import { modelsOf } from './write-answer.ts';

/** The name that its account has. */
const STEP = 'answer so far';

export interface AnswersSoFar {
  /** Whether somebody waits for one. */
  isAsked(): boolean;
  /** Ends what is being written, and returns when who asked is answered: what was spent is known by then. */
  end(): Promise<void>;
}

export function giveAnswersSoFar(
  context: MasterContext,
  inbox: CommandInbox,
  ports: Pick<SteeringPorts, 'state' | 'fanOut'>,
): AnswersSoFar {
  const { state } = ports;
  const asked = new Set<Promise<unknown>>();
  let scope: CancellationScope | undefined;
  let writing: { key: string; done: Promise<WrittenSoFar> } | undefined;

  /** The one of these findings; `isNew` when it was written for this asker. */
  async function written(by: Sender): Promise<WrittenSoFar & { isNew: boolean }> {
    const { found, key } = material(state);
    const how = howToWrite(state);
    const last = state.soFar?.last;
    if (last?.key === key && ('plain' in how || !last.isPlain)) return { ...last, isNew: false };
    if (writing?.key === key) return { ...(await writing.done), isNew: false };
    if (writing) {
      // Its own asker is told how it ended.
      await writing.done.catch(() => undefined);
      return await written(by);
    }
    const done = write(key, found, how, by);
    writing = { key, done };
    try {
      return { ...(await done), isNew: true };
    } finally {
      writing = undefined;
    }
  }

  async function write(
    key: string,
    found: AnswerSoFarInput['found'],
    how: HowToWrite,
    by: Sender,
  ): Promise<WrittenSoFar> {
    const known = (state.soFar ??= { rounds: 0 });
    const round = (known.rounds += 1);
    const findings = state.tree.totals.findings;
    scope ??= new CancellationScope();
    const giveBack = 'plain' in how ? () => undefined : reserved(round, how.room);
    let spent: Usage | undefined;
    try {
      const input = inputOf(state, found, round, how);
      const made = await scope.run(() => runStep('answerSoFar', `write answer so far ${round}`, input));
      const { answerRef, answer, citations, usage } = made;
      spent = usage;
      bookStep(context, STEP, made);
      context.emit({ type: 'answer.so-far', round, citations, findings, by });
      const isPlain = 'plain' in how;
      return (known.last = { key, round, isPlain, usage, answerRef, ...(answer ? { answer } : {}) });
    } catch (error) {
      const failure = isCancellation(error) ? ENDED_FIRST : failureOf(error);
      if (!failure) throw error;
      spent = accountOf(error)?.usage;
      bookFailedStep(context, STEP, error);
      // Told also where there is none: whoever reads the task's logs knows by this how many there are.
      context.emit({ type: 'answer.so-far', round, citations: 0, findings: 0, by, failure });
      throw error;
    } finally {
      giveBack(spent);
    }
  }

  /** Whoever waits for a grant may get what it left. */
  function reserved(round: number, room: Amounts): (spent: Usage | undefined) => void {
    if (!patched(PATCHES.soFarReserves)) return () => undefined;
    const giveBack = reserveAnswerSoFar(state, round, room);
    return (spent) => {
      giveBack(spent);
      ports.fanOut()?.grantsChanged();
    };
  }

  async function answer({ by }: AnswerSoFarAsk): Promise<AnswerSoFarReply> {
    if (isFinal()) return { isFinal: true };
    try {
      const one = hasFound(state) ? await written({ name: by.name, how: by.how }) : undefined;
      return replyOf(state, one);
    } catch (error) {
      if (isCancellation(error)) return { isFinal: true };
      const failure = failureOf(error);
      if (!failure) throw error;
      throw refused(`the answer so far could not be written: ${failure.message}`, 'AnswerSoFarFailed');
    }
  }

  /** The task's own answer is there, is being written, or will not be any more. A pause may hold that back. */
  const isFinal = (): boolean =>
    closing(state.journal) !== undefined || ((state.answer !== undefined || isOver(ports)) && !state.steering.isPaused);

  setHandler(
    defineUpdate<AnswerSoFarReply, [AnswerSoFarAsk]>(UPDATES.answerSoFar),
    async (ask) => {
      if (ask.stop) return { isFinal: true, ...(isOver(ports) ? {} : { effect: inbox.apply(answerNow(ask)).effect }) };
      inbox.keepId(ask.id, SO_FAR_MARK, STEP);
      const reply = answer(ask);
      asked.add(reply);
      return await reply.finally(() => asked.delete(reply));
    },
    {
      validator(ask) {
        if (!isAnswerSoFarAsk(ask))
          throw refused('this asks for no answer: {v: 1, id, at, by: {name, how}, stop?: true}');
        if (!ask.stop) inbox.checkId(ask.id, SO_FAR_MARK);
        else if (!isOver(ports)) inbox.check(answerNow(ask));
      },
      description:
        'The best answer from what is there: {v: 1, id, at, by: {name, how}}; the task goes on. With stop: true it ends there.',
    },
  );
  return {
    isAsked: () => asked.size > 0,
    async end() {
      scope?.cancel();
      await Promise.allSettled(asked);
    },
  };
}

const ENDED_FIRST = { type: 'Stopped', message: 'the task ended before it was written' } as const;

const answerNow = ({ v, id, at, by }: AnswerSoFarAsk): TaskCommand => ({ v, id, at, by, kind: 'answerNow' });

const hasFound = ({ tree }: MasterState): boolean => tree.totals.findings > 0;

/** What was found by now, and what tells it from what was found before. */
function material(state: MasterState): { found: AnswerSoFarInput['found']; key: string } {
  const subtasks = subtasksOf(state.tree).filter(({ late }) => !late);
  const found = subtasks.map((subtask): AnswerSoFarInput['found'][number] => {
    const { findingsRef, missing, generation, findingCount: count } = shownLife(subtask);
    const { id, title } = subtask.spec;
    if (findingsRef !== undefined) return { subtask: id, title, missing, findingsRef };
    return { subtask: id, title, missing, ...(count > 0 ? { reported: { generation, count } } : {}) };
  });
  const ended = subtasks.map((subtask) => subtask.chosen !== undefined && stateOf(subtask));
  return { found, key: textMark(JSON.stringify([found, ended, state.steering.notes])) };
}

/** `plain`: no model is asked, and why, as a sentence; `room`: what a model may spend on it. */
type HowToWrite = { plain: string } | { room: Amounts };

function howToWrite(state: MasterState): HowToWrite {
  const room = state.steering.isPaused ? undefined : roomForAnswerSoFar(state);
  if (room) return { room };
  const why = state.steering.isPaused
    ? 'The task is paused'
    : 'What is left of the task’s budget is reserved for its sub-agents and its own answer';
  return { plain: `${why}, so no model was asked: the findings stand here as they were found.` };
}

function inputOf(
  state: MasterState,
  found: AnswerSoFarInput['found'],
  round: number,
  how: HowToWrite,
): AnswerSoFarInput {
  const { taskId, firstRun: run, request, headings, steering } = state;
  const { subtask: limits } = request.class;
  const spec = subtasksOf(state.tree, 1)[0]?.spec;
  if (!spec) throw new Error('there is no plan, and something was found');
  return {
    taskId,
    run,
    round,
    goal: askedIn(state),
    ...(state.session ? { session: state.session } : {}),
    found,
    coverage: coverageSoFar(state).coverage,
    headings,
    limits: 'plain' in how ? limits : { ...limits, ...least(limits, how.room) },
    retry: spec.retry,
    ...modelsOf(state),
    ...(steering.notes.length > 0 ? { notes: steering.notes } : {}),
    ...('plain' in how ? { plain: how.plain } : {}),
  };
}

function replyOf(state: MasterState, one: (WrittenSoFar & { isNew: boolean }) | undefined): AnswerSoFarReply {
  const { taskId, firstRun: run, request, stage } = state;
  const so = { isFinal: false as const, taskId, run, goal: request.goal, stage, ...coverageSoFar(state) };
  if (!one)
    return {
      ...so,
      round: 0,
      isNew: false,
      answer: { sections: [], citations: [], gaps: so.coverage.gaps, notes: [] },
    };
  const { round, isNew, usage, answerRef, answer } = one;
  return { ...so, round, isNew, answerRef, ...(answer ? { answer } : {}), ...(isNew ? { usage } : {}) };
}
