// session-baggage.ts: a task's session as W3C Baggage, which goes with all that is done for it. Pure, and sandbox-safe.

/** Name of the session in baggage, in spans, in log lines and over HTTP: the caller's session, else the task itself. */
export const SESSION_KEY = 'agent_session_id';

/** Holds the session and nothing else of the task: it goes to the servers of models and tools. */
export const sessionBaggage = (sessionId: string): string => `${SESSION_KEY}=${encodeURIComponent(sessionId)}`;

export function sessionOfBaggage(baggage: string | undefined): string | undefined {
  for (const member of baggage?.split(',') ?? []) {
    const [pair = ''] = member.split(';');
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() !== SESSION_KEY) continue;
    try {
      return decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}
