// join-session.ts: a question takes its place in its session before anything else, and learns what it sees of it. Two at once are
// ordered by the store's record of the session: neither waits for the other.

import { joinsSession } from '../protocol/session.ts';
import { markRunning } from './make-plan.ts';
import { runStep } from './run-step.ts';
import type { Emit } from './state/journal.ts';
import type { MasterState } from './state/state.ts';

/** Nothing is done for a task without a session, and none whose class was resolved before sessions were more than a label. */
export async function joinSession(state: MasterState, emit: Emit): Promise<void> {
  const { taskId, firstRun: run, request } = state;
  if (!joinsSession(request)) return;
  const { session, startedAt } = await runStep('joinSession', `joins session ${request.sessionId ?? ''}`, {
    taskId,
    run,
    request,
  });
  state.session = session;
  markRunning(state, startedAt);
  const { id, n, sees, open, resolved } = session;
  emit({
    type: 'session.joined',
    session: id,
    place: n,
    sees,
    ...(open ? { open } : {}),
    ...(resolved === undefined ? {} : { resolved }),
  });
}
