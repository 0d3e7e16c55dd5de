// session.ts: what a task knows of the questions that were asked before it in its session: by reference, a task's id each. What was
// asked and answered lies in the store, and is read there by whoever shows it to a model.

/** How much of its session a question sees. */
export interface SessionWindow {
  /** Earlier questions, the last ones; 0: none. */
  turns: number;
  /** Characters of these questions and answers together. */
  chars: number;
}

/** Bounds of what a class may ask for. */
export const MOST_SESSION_TURNS = 50;
export const MOST_SESSION_CHARS = 100_000;

/** A question's place in its session, and what it sees of it. */
export interface SessionView {
  /** The session's name. */
  id: string;
  /** Its place among the questions of the session, from 1. */
  n: number;
  /** Earlier tasks that had ended by then: questions and what came of them, oldest first. */
  sees: string[];
  /** Earlier tasks that were at work by then: their questions alone. Absent when there are none. */
  open?: string[];
  /** Characters of all that together. */
  chars: number;
  /** What the question means, where it leans on an earlier one. Absent where it stands by itself. */
  resolved?: string;
}

/** Whether a task takes a place in a session; in requests of older clients a session is a label alone. */
export const joinsSession = (request: { sessionId?: string; class: { session?: SessionWindow } }): boolean =>
  request.sessionId !== undefined && request.class.session !== undefined;

/** What a task is asked, in words that stand by themselves. */
export const askedOf = (goal: string, session: Pick<SessionView, 'resolved'> | undefined): string =>
  session?.resolved ?? goal;

/** One question of a session, as lists show it. */
export interface SessionQuestion {
  n: number;
  taskId: string;
  /** ms since the epoch. */
  at: number;
  /** As it was asked; absent when nothing is kept of its task any more. */
  goal?: string;
  /** What it meant, where it leaned on an earlier one. */
  resolved?: string;
  /** How its task ended; absent while it is at work, and when nothing is kept of it. */
  outcome?: 'completed' | 'failed' | 'cancelled';
  sees: string[];
  open?: string[];
}

/** A session, as lists show it. */
export interface SessionSummary {
  id: string;
  tenant: string;
  /** Questions that are kept. */
  questions: number;
  /** When the first and the last of these were asked, ms since the epoch. */
  firstAt: number;
  lastAt: number;
  /** The last one. */
  taskId: string;
}
