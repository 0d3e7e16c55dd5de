// run-length.ts: when a background child's run has become so long that another one is to go on. Pure.

import type { WorkflowInfo } from '@temporalio/workflow';

/**
 * Events after which a run begins nothing more, whatever is at work: the server ends it at 51,200, with all that it knows, and
 * takes 10,000 Signals until then.
 */
export const MOST_EVENTS = 40_000;

/**
 * Whether a run is to begin nothing more, for the next one to go on. Where subtasks are at work that waits for these, as long as
 * it can: they can't be handed over. Once it holds it holds, when nothing is begun from then on.
 */
export const isRunOver = (
  { continueAsNewSuggested, historyLength }: Pick<WorkflowInfo, 'continueAsNewSuggested' | 'historyLength'>,
  isAtWork: boolean,
): boolean => (isAtWork ? historyLength > MOST_EVENTS : continueAsNewSuggested || historyLength > MOST_EVENTS);
