// rounds.ts: further rounds: where what the subtasks of the plan brought is not enough, more are planned. How many rounds there may
// be, why there is one, and how it is told what it brought.

import { counted } from './counted.ts';

/** Further rounds that one task may have, behind the round of its plan. */
export const MAX_ROUNDS = 2;

/** Findings with which a subtask rests on more than one thing that was said. */
export const LEAST_FINDINGS = 2;

/** What the planner of a round is told of: of a wide task the first. */
export const MAX_LACKS_TOLD = 48;

/** Why what a subtask brought is not enough: it failed, found nothing, says itself what it did not find, or found one thing alone. */
export type LackKind = 'failed' | 'nothing' | 'gap' | 'thin';

/** A subtask that brought too little. */
export interface Lack {
  subtask: string;
  title: string;
  why: LackKind;
  /** Its failure, or what it did not find, in sentences; empty where it says nothing. */
  says: string[];
}

/** A further round of a task. */
export interface Round {
  /** Its number: the plan's own subtasks are round 1. */
  round: number;
  /** Why there is one, in sentences. */
  why: string[];
  /** Ids of its subtasks. */
  subtasks: string[];
  /** What these found. */
  findings: number;
  /** Subtasks of earlier rounds whose lack it made up for. */
  filled: string[];
}

interface Asked {
  rounds?: number;
  class: { rounds?: number };
}

/** How many further rounds a task may have at most: as its request says, else its class, else none. */
export const roundsOf = ({ rounds, class: row }: Asked): number => rounds ?? row.rounds ?? 0;

/** Why a request can't ask for so many, in words; undefined when it can. */
export function roundsProblem(rounds: number): string | undefined {
  if (Number.isInteger(rounds) && rounds >= 0 && rounds <= MAX_ROUNDS) return undefined;
  return `${rounds} further rounds are asked for; it must be a whole number from 0 to ${MAX_ROUNDS}`;
}

/** In a sentence. */
export function lackInWords({ title, why, says }: Lack): string {
  const said = says.length > 0 ? `: ${says.join(' ')}` : '.';
  switch (why) {
    case 'failed':
      return `“${title}” failed${said}`;
    case 'nothing':
      return `“${title}” found nothing${said}`;
    case 'gap':
      return `“${title}” left something open${said}`;
    case 'thin':
      return `“${title}” rests on one finding.`;
  }
}

/** What a round added to the answer, in a sentence. */
export function roundInWords({ round, subtasks, findings, filled }: Omit<Round, 'why'>): string {
  const asked = counted(subtasks.length, 'more subtask');
  const brought = findings === 0 ? 'nothing' : counted(findings, 'finding');
  const made = filled.length === 0 ? '' : `, and made up for what ${filled.join(', ')} left open`;
  return `Round ${round} looked for what was missing, with ${asked} (${subtasks.join(', ')}): it added ${brought}${made}.`;
}
