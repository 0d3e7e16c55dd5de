// activities.ts: the Activities as the Workflow sees them. Every one takes one object and returns one object;
// big things go by reference (SHA-256 of a blob in the store).

import type { Answer } from './answer.ts';
import type { SubAgentCommand } from './commands.ts';
import type { Coverage } from './coverage.ts';
import type { TaskEvent } from './events.ts';
import type { Account, Outcome } from './outcome.ts';
import type { SubtaskSpec } from './plan.ts';
import type { SkippedFile } from './skipped.ts';
import type { TaskResult } from './result.ts';
import type { TaskRequest } from './task.ts';
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
}

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
  /** Signals that the whole pod may send while it works. Absent in inputs of older histories. */
  reportBudget?: number;
}

/** One outcome for each seat of the pod. Also the details of the CancelledFailure when the pod was cancelled. */
export interface PodOutput {
  /** Without those whose log a later visit has claimed. */
  outcomes: Outcome[];
}

export interface SynthesizeInput extends TaskRef {
  goal: string;
  /** What the subtasks found, in the plan's order. */
  found: { subtask: string; title: string; findingsRef?: string; missing: string[] }[];
  coverage: Coverage;
  /** Section headings of the outline. */
  headings: string[];
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
}

export interface SynthesizedAnswer extends Account {
  answerRef: string;
  /** Absent when it is larger than what may travel inline. */
  answer?: Answer;
  citations: number;
  /** Claims that were dropped because nothing supports them, in sentences. */
  dropped: string[];
}

/** A step on a finished answer. */
export interface AnswerStepInput extends TaskRef {
  goal: string;
  answerRef: string;
  corpusRef?: string;
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
}

export interface ShapedAnswer extends Account {
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
  /** Set at the close. */
  result?: TaskResult;
}

export interface CommandInput extends TaskRef {
  subtask: string;
  generation: number;
  command: SubAgentCommand;
}

export interface Activities {
  prepareSources(input: TaskRef & { request: TaskRequest }): Promise<PreparedSources>;
  /** Without `corpusRef` it looks for the documents' names itself, while they are read elsewhere. */
  planTask(input: TaskRef & { request: TaskRequest; corpusRef?: string; queue: string }): Promise<PlannedTask>;
  /** Never throws for one subtask. Throws CancelledFailure with PodOutput as its details when cancelled. */
  runSubAgents(input: PodInput): Promise<PodOutput>;
  synthesize(input: SynthesizeInput): Promise<SynthesizedAnswer>;
  /** Checks each claim against its quotes; what they do not support is left out and named in `dropped`. */
  verifyAnswer(input: AnswerStepInput): Promise<SynthesizedAnswer>;
  /** The answer as the JSON that the request's schema asks for. */
  shapeAnswer(input: AnswerStepInput & { schema: Record<string, unknown> }): Promise<ShapedAnswer>;
  recordTask(input: RecordTaskInput): Promise<void>;
  /** Puts a command where the sub-agent sees it within 250 ms. A repeat of its id changes nothing. */
  commandSubAgent(input: CommandInput): Promise<void>;
}

/** What the master is started with. */
export interface MasterInput {
  request: TaskRequest;
}
