// sessions.ts: which questions a session has, in their order: a small record, so that both stores have it. A question takes its place
// by compare-and-set: whoever comes second is second, and nobody waits for anybody. No word of a question is in it but what it meant.

import type { SessionView } from '../protocol/session.ts';
import type { Store } from './store.ts';

/** A question that has its place. */
export interface SessionEntry extends Omit<SessionView, 'id' | 'chars'> {
  taskId: string;
  /** ms since the epoch. */
  at: number;
}

export interface SessionRecord {
  v: 1;
  id: string;
  tenant: string;
  /** Until then it is there, ms since the epoch. */
  until: number;
  /** Place of the last question, also of one that is gone. */
  last: number;
  /** Oldest first. */
  entries: SessionEntry[];
}

const KIND = 'session';
/** Of a longer session the last ones are kept; their tasks are as they were. */
const MOST_ENTRIES = 500;

/** Neither a tenant's name nor a session's has a slash. */
const keyOf = ({ tenant, id }: SessionName): string => `${tenant}/${id}`;

export interface SessionName {
  tenant: string;
  id: string;
}

type Records = Pick<Store, 'getRecord' | 'setRecord'>;

const readSession = (value: string): SessionRecord => JSON.parse(value) as SessionRecord;

/** Undefined when there is none, or its time is over. @throws StoreError */
export async function getSession(
  records: Pick<Records, 'getRecord'>,
  name: SessionName,
): Promise<SessionRecord | undefined> {
  const found = await records.getRecord(KIND, keyOf(name));
  return found && readSession(found.value);
}

/** Those that are there, the last asked in first. @throws StoreError */
export async function listSessions(
  records: Pick<Store, 'listRecords'>,
  tenant: string | undefined,
): Promise<SessionRecord[]> {
  const all = (await records.listRecords(KIND)).map(({ value }) => readSession(value));
  const last = ({ entries }: SessionRecord): number => entries.at(-1)?.at ?? 0;
  return all
    .filter((one) => (tenant === undefined || one.tenant === tenant) && one.entries.length > 0)
    .sort((a, b) => last(b) - last(a));
}

/**
 * The place of a task in its session; of one that has a place already, that place, as it was taken.
 *
 * @param place what it sees, of those that have their places by now: asked again when another one was faster.
 * @param days for which the session stays from now on, at least.
 * @throws StoreError
 */
export async function takePlace(
  records: Records,
  name: SessionName,
  taskId: string,
  place: (earlier: readonly SessionEntry[]) => Promise<Omit<SessionEntry, 'n' | 'taskId' | 'at'>>,
  { now, days }: { now: number; days: number },
): Promise<SessionEntry> {
  for (;;) {
    const found = await records.getRecord(KIND, keyOf(name));
    const session = found ? readSession(found.value) : { v: 1 as const, ...name, until: 0, last: 0, entries: [] };
    const own = session.entries.find((one) => one.taskId === taskId);
    if (own) return own;
    const n = session.last + 1;
    const entry: SessionEntry = { n, taskId, at: now, ...(await place(session.entries)) };
    const until = Math.max(session.until, now + days * 86_400_000);
    const entries = [...session.entries, entry].slice(-MOST_ENTRIES);
    const value = JSON.stringify({ ...session, until, last: n, entries } satisfies SessionRecord);
    const options = { version: found?.version ?? 0, ttlMs: until - now };
    if (await records.setRecord(KIND, keyOf(name), value, options)) return entry;
  }
}

/** Removes a task from its session, and the session with its last one. Repeating it changes nothing. @throws StoreError */
export async function leaveSession(
  records: Records,
  name: SessionName,
  taskId: string,
  now = Date.now(),
): Promise<void> {
  for (;;) {
    const found = await records.getRecord(KIND, keyOf(name));
    const session = found && readSession(found.value);
    if (!session?.entries.some((one) => one.taskId === taskId)) return;
    const entries = session.entries.filter((one) => one.taskId !== taskId);
    const value = entries.length === 0 ? undefined : JSON.stringify({ ...session, entries });
    const options = { version: found?.version ?? 0, ...(value === undefined ? {} : { ttlMs: session.until - now }) };
    if (await records.setRecord(KIND, keyOf(name), value, options)) return;
  }
}
