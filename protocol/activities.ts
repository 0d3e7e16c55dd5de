// activities.ts: the Activities as the Workflow sees them. Every one takes one object and returns one object;
// big things go by reference (SHA-256 of a blob in the store).

import type { Answer } from './answer.ts';
import type { Delivery, Receipt, TaskEnd } from './background.ts';
import type { ClosedRows } from './class-history.ts';
import type { SubAgentCommand } from './commands.ts';
import type { FoundConflict } from './conflicts.ts';
import type { Coverage } from './coverage.ts';
import type { TaskEvent } from './events.ts';
import type { ForgetDone, ForgetInput } from './forget.ts';
import type { MergedSubtask } from './merged.ts';
import type { OpenResult } from './open-result.ts';
import type { Account, Outcome } from './outcome.ts';
import type { PlanEdit } from './plan-edit.ts';
import type { PlannedRound, RoundToPlan } from './plan-round.ts';
import type { LedgerTerms, PlanEstimate, SubtaskSpec } from './plan.ts';
import type { SkippedFile } from './skipped.ts';
import type { TaskResult } from './result.ts';
import type { SessionView } from './session.ts';
import type { TaskRequest } from './task.ts';
import type { Sender } from './task-commands.ts';
import type { Usage } from './usage.ts';

/** Whose work this is; in every input. */
export interface TaskRef {
  taskId: string;
  /** The first execution's run id: the key of all logs, also after a Reset. */
  run: string;
}

export interface PreparedSources {
  /** Key of the corpus in the store. */
  corpusRef: string;
  documents: number;
  passages: number;
  /** Files that somebody may miss, each with its reason; the first few, and how many there are. */
  skipped: SkippedFile[];
  skippedCount: number;
  /** Blob of all that was left out, as in a result; absent when `skipped` is all, and in older histories. */
  skippedRef?: string;
  /** Spent on embeddings by this attempt; absent when nothing was. */
  usage?: Usage;
  /** What was prepared less well than the deployment asks for, in sentences. */
  remarks?: string[];
  /** When the first attempt began, ms since the epoch. */
  startedAt: number;
}

export interface PlannedTask extends Account {
  planRef: string;
  subtasks: SubtaskSpec[];
  model: { name: string; offline: boolean };
  startedAt: number;
  /** What the task's coverage must say of the plan, as a sentence. */
  remark?: string;
  /** Absent in older histories. */
  estimate?: PlanEstimate;
  /** What the planner proposed twice; absent where nothing was, and in older histories. */
  merged?: MergedSubtask[];
  /** By kind, when 95 of 100 subtasks of the class were done, in milliseconds. Absent where it is not asked for, or not known. */
  usualMs?: Record<string, number>;
  /** Further rounds that the task may have. Absent where it may have none, and in older histories. */
  rounds?: number;
  /** How the budget is given out. Absent in older histories, whose subtasks share four fifths of it from the start. */
  ledger?: LedgerTerms;
}

/** A plan as a person changed it; or why it can't be run so. */
export type RevisedPlan =
  | {
      planRef: string;
      subtasks: SubtaskSpec[];
      estimate: PlanEstimate;
      /** What the person added and asks for the same as one of them; absent where nothing does, and of older workers. */
      merged?: MergedSubtask[];
    }
  | {
      /** In words for the person who changed it. */
      problem: string;
    };

/** One seat of a pod: one life of one subtask, for one visit. */
export interface PodSubtask {
  spec: SubtaskSpec;
  generation: number;
  /**
   * Grows with each visit of a life, also over a Reset: a visit ends when one with a higher number has claimed the log.
   * Absent in inputs of older histories.
   */
  visit?: number;
  /** Records that its log must hold, from an earlier visit. */
  records: number;
  /** Findings of the subtasks that it needed, by reference. */
  needs: { subtask: string; title: string; findingsRef: string }[];
  /** Replies from outside to tool calls that waited, since its last visit. The name is in histories and stays. */
  answers?: Reply[];
  /** Results of the subtasks that it delegated, by the handle of that tool call. The name is in histories and stays. */
  brought?: { handle: string; subtasks: ChildResult[] }[];
  /** Plan that holds its goal, when it is not the task's own. */
  planRef?: string;
  /** In inputs of older histories: the reports that this subtask may send. */
  reportBudget?: number;
}

/** A reply from outside to a tool call that waits for it; payload of the Signal `answer`. */
export interface Reply {
  handle: string;
  ok: boolean;
  /** For the model; at most 100 kB. */
  content: string;
  /** Who replied, as they say of themselves or as the gateway knows them. */
  by?: Sender;
  /** Nobody did: it is the default of the question, or says that there is none. */
  isDefault?: true;
}

/** How a delegated subtask ended. */
export interface ChildResult {
  subtask: string;
  title: string;
  state: 'done' | 'failed' | 'skipped' | 'stopped';
  findingsRef?: string;
  reason?: string;
  /** What it spent of its budget; the rest goes back to its parent. Absent in older histories. */
  spent?: { tokens: number; costUsd: number };
}

export interface PodInput extends TaskRef {
  goal: string;
  planRef: string;
  corpusRef?: string;
  pod: PodSubtask[];
  /** What its sub-agents see of the task's session; absent where there is none, and in inputs of older histories. */
  session?: SessionView;
  /** Signals that the whole pod may send while it works. Absent in inputs of older histories. */
  reportBudget?: number;
}

/** One outcome for each seat of the pod. Also the details of the CancelledFailure when the pod was cancelled. */
export interface PodOutput {
  /** Without those whose log a later visit has claimed. */
  outcomes: Outcome[];
}

/** Of a step that may be the last one before the answer. */
export interface LastStepInput extends TaskRef {
  /** What the answer rests on so far; there where `open` is. */
  coverage?: Coverage;
  /** There when no other step follows: this one completes it and puts it into the store. Absent in older histories. */
  open?: OpenResult;
}

/** What came of a step that may be the last one. */
interface MadeLast {
  /** When the task's result was in the store, ms since the epoch; absent where another step follows, and of older workers. */
  savedAt?: number;
}

/** What one subtask found, by reference. */
export interface FoundBySubtask {
  subtask: string;
  title: string;
  findingsRef?: string;
  missing: string[];
  /** It was asked which side of a conflict holds: it is cited for that alone. */
  isReask?: true;
  /** It is of a further round, and what it found stands with what this one found. */
  with?: string;
}

/** No answer yet: findings seem to contradict each other. */
export interface SeenConflicts {
  candidates: FoundConflict[];
}

export interface FindConflictsInput extends TaskRef {
  goal: string;
  found: FoundBySubtask[];
  /** What a rule takes for conflicts; or those that were open, when it was asked once more which side holds. */
  candidates: FoundConflict[];
  /** `find`: which of them are conflicts. `settle`: which side holds, by what was found since. */
  step: 'find' | 'settle';
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
}

export interface SynthesizeInput extends LastStepInput {
  goal: string;
  /** Absent without one, and in older histories. */
  session?: SessionView;
  /** What the subtasks found, in the plan's order. */
  found: FoundBySubtask[];
  /**
   * `look`: where findings seem to contradict each other, no answer is written yet, and `candidates` come back. Else those that the
   * answer tells of. Absent in older histories.
   */
  conflicts?: 'look' | FoundConflict[];
  coverage: Coverage;
  /** Section headings of the outline. */
  headings: string[];
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
  /** What people said to all meanwhile, oldest first: it may narrow the goal, or widen it. Absent when nothing. */
  notes?: string[];
}

/** What is there while the task goes on. */
export interface AnswerSoFarInput extends TaskRef, Pick<SynthesizeInput, 'goal' | 'coverage' | 'headings' | 'notes'> {
  /** Which of the task's answers so far it is, from 1. */
  round: number;
  session?: SessionView;
  /** `reported`: of a subtask that is at work, by the life that found most and how many findings it told of. */
  found: (SynthesizeInput['found'][number] & { reported?: { generation: number; count: number } })[];
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
  /** Why no model is asked, as a sentence: the findings stand in it as they are. */
  plain?: string;
}

export interface SynthesizedAnswer extends Account, MadeLast {
  answerRef: string;
  /** Absent when it is larger than what may travel inline. */
  answer?: Answer;
  citations: number;
  /** Claims that were dropped because nothing supports them, in sentences. */
  dropped: string[];
}

export interface DirectInput extends LastStepInput {
  request: TaskRequest;
  session?: SessionView;
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
}

/**
 * What one call made of a question; or, in words, why that does not answer it, and planning should go on from here. `isBusy`: no
 * model was asked, since its answer would have been late.
 */
export type DirectAnswer = { startedAt: number; model: PlannedTask['model'] } & (
  (SynthesizedAnswer & { corpusRef?: string }) | ({ notEnough: string; isBusy?: true } & Account)
);

/** A step on a finished answer. */
export interface AnswerStepInput extends LastStepInput {
  goal: string;
  answerRef: string;
  corpusRef?: string;
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
}

export interface ShapedAnswer extends Account, MadeLast {
  /** Absent when a field that the schema demands could not be filled. */
  dataRef?: string;
  /** Absent when it is larger than what may travel inline. */
  data?: unknown;
  /** What was left out of it, in sentences. */
  left?: string[];
}

export interface RecordTaskInput extends TaskRef {
  /** Events to append to the store's log; repeats (same run and number) are ignored. */
  events: TaskEvent[];
  /** Set at the close, where it is not in the store as it is. */
  result?: TaskResult;
  /** Set at the close: what the history of its class keeps. Absent in older histories. */
  rows?: ClosedRows;
  /** Set by a background child: its log is kept as long as its task's is. */
  head?: Pick<TaskRequest, 'goal' | 'tenant'> & {
    className: string;
    retentionDays: number;
    acceptedAt: number;
    /** Absent in older histories. */
    keptUntil?: number;
  };
}

export interface DeliverInput extends TaskRef {
  delivery: Delivery;
  /** Whose task it is. Absent in older histories. */
  tenant?: string;
}

export interface CommandInput extends TaskRef {
  subtask: string;
  generation: number;
  command: SubAgentCommand;
}

/** A subtask that a person adds, beside those of the plan. */
export interface AddedSubtaskInput extends TaskRef {
  request: TaskRequest;
  /** Its id, given by the master. */
  subtask: string;
  goal: string;
  /** Default: the beginning of its goal. */
  title?: string;
  /** Default: the worker's own. */
  kind?: string;
  queue: string;
  /**
   * Subtasks that share the task's budget, this one included, and what is left of that budget. Not shared where the master grants
   * its parts: absent.
   */
  among?: number;
  left: { tokens?: number; costUsd?: number };
  /** Those that it may ask the same as, by the plans that have their goals. Absent in older histories. */
  beside?: { planRef: string; subtasks: string[] }[];
}

export interface Activities {
  /** Its place in its session, and what it sees of it. A repeat gives the same. */
  joinSession(input: TaskRef & { request: TaskRequest }): Promise<{ session: SessionView; startedAt: number }>;
  prepareSources(input: TaskRef & { request: TaskRequest }): Promise<PreparedSources>;
  /** Without `corpusRef` it looks for the documents' names itself, while they are read elsewhere. */
  planTask(
    input: TaskRef & { request: TaskRequest; corpusRef?: string; queue: string; session?: SessionView },
  ): Promise<PlannedTask>;
  /** Checks a plan that a person changed, and writes it. */
  revisePlan(
    input: TaskRef & { request: TaskRequest; planRef: string; edit: PlanEdit; queue: string },
  ): Promise<RevisedPlan>;
  /** Never throws for one subtask. Throws CancelledFailure with PodOutput as its details when cancelled. */
  runSubAgents(input: PodInput): Promise<PodOutput>;
  /** The answer from what is there while the task goes on. Its log is its own: the task's answer is written without it. */
  answerSoFar(input: AnswerSoFarInput): Promise<Omit<SynthesizedAnswer, 'savedAt'>>;
  /** Gives `candidates` only where `conflicts` says to look for them. */
  synthesize(input: SynthesizeInput): Promise<SynthesizedAnswer | SeenConflicts>;
  /** Which candidates are conflicts, and which side of each holds: by a model's judgement, or a rule where there is no model. */
  findConflicts(input: FindConflictsInput): Promise<{ conflicts: FoundConflict[] } & Account>;
  /** The fast path: passages by code, then one model call. Answers only from what is indexed. */
  answerDirectly(input: DirectInput): Promise<DirectAnswer>;
  /** Checks each claim against its quotes; what they do not support is left out and named in `dropped`. */
  verifyAnswer(input: AnswerStepInput): Promise<SynthesizedAnswer>;
  /** The answer as the JSON that the request's schema asks for. */
  shapeAnswer(input: AnswerStepInput & { schema: Record<string, unknown> }): Promise<ShapedAnswer>;
  /** Where the last step before the answer did not: puts the task's result into the store. */
  saveResult(input: TaskRef & { result: TaskResult }): Promise<void>;
  recordTask(input: RecordTaskInput): Promise<void>;
  /** One more subtask as a plan of its own. Its limits are those of the class. */
  planSubtask(input: AddedSubtaskInput): Promise<{
    planRef: string;
    subtask: SubtaskSpec;
    /** Which one of `beside` asks for the same; absent where none does. */
    sameAs?: string;
  }>;
  /** Which subtasks a further round has: none where a model sees nothing more to look for, or could not say. */
  planRound(input: TaskRef & RoundToPlan): Promise<PlannedRound>;
  /** Puts a command where the sub-agent sees it within 250 ms. A repeat of its id changes nothing. */
  commandSubAgent(input: CommandInput): Promise<void>;
  /** One try to tell one receiver; at most a minute, most of them 15 seconds. A receiver that is away is no error. */
  deliver(input: DeliverInput): Promise<Receipt>;
  /** Removes a closed task, as far as it can. A repeat changes nothing. */
  forgetTask(input: ForgetInput): Promise<ForgetDone>;
  /** How the task ended, when it did: of one that could not say so itself. */
  checkTask(input: TaskRef): Promise<{ end?: TaskEnd }>;
  /** The caller's own background subtasks as a plan that code makes; no model is asked. */
  planBackground(input: TaskRef & { request: TaskRequest; queue: string }): Promise<PlannedTask>;
}

/** What the master is started with. */
export interface MasterInput {
  request: TaskRequest;
}

/** What a task's background child is started with: whose it is, and what is asked for. */
export interface BackgroundInput extends TaskRef {
  request: TaskRequest;
  /** It may go on in a run of its own when its history has become long. Those that older masters started do not. */
  continues?: true;
}
