// plan-round.ts: what the planning of a further round is given, and what it gives.

import type { MergedSubtask } from './merged.ts';
import type { Account } from './outcome.ts';
import type { SubtaskSpec } from './plan.ts';
import type { Lack } from './rounds.ts';
import type { TaskRequest } from './task.ts';

/** What the planner of a further round knows of the task. */
export interface RoundToPlan {
  request: TaskRequest;
  /** The goal, in words that stand by themselves. */
  goal: string;
  /** Its number, 2 or 3: that of the plan is 1. */
  round: number;
  queue: string;
  corpusRef?: string;
  /** What ended, in the order of the plan, with what it found by reference; `planRef`: the plan that has its goal; `fills`: of a further round. */
  ended: { subtask: string; title: string; planRef: string; done: boolean; findingsRef?: string; fills?: string[] }[];
  lacks: Lack[];
  /** The number of its first subtask: `s5`. */
  first: number;
  /** Subtasks that it may have at most. */
  most: number;
  limits: SubtaskSpec['limits'];
  retry: SubtaskSpec['retry'];
  models?: string[];
}

/** A further round. */
export interface PlannedRound extends Account {
  planRef: string;
  /** Each with the subtasks whose lack it is for. Empty: nothing more is to be looked for. */
  added: { spec: SubtaskSpec; fills: string[] }[];
  /** What was proposed and asks for the same as what is done, or is in this round. */
  merged: MergedSubtask[];
}
