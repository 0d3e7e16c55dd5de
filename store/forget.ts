// forget.ts: removes one task, and of blobs and corpora what nobody else uses: all that the task's writing leads to, but for
// what that of another task, or a small record, leads to as well. The same for every store; each reads and removes in its own way.

import { mayUse } from './retention.ts';
import type { ForgetOptions, Forgotten, Store } from './store.ts';
import { putTombstone, TOMBSTONE_MS } from './tombstones.ts';

type Kind = 'blobs' | 'corpora';

/** A task that a store keeps something of. */
export interface KeptTask {
  tenant?: string | undefined;
  className?: string | undefined;
  /** Of its events and logs. */
  runs: string[];
  acceptedAt: number;
  /** Absent: it may be at work. */
  closedAt?: number | undefined;
}

/** What a store does for it. Nothing here counts as using a blob or a corpus. */
export interface ForgetParts<T extends KeptTask> {
  find(taskId: string): Promise<T | undefined>;
  tasks(): Promise<T[]>;
  /** All that is kept of a task, as text, piece by piece. */
  texts(task: T): AsyncIterable<string>;
  /** The blobs that each corpus keeps. */
  corpora(): Promise<Map<string, readonly string[]>>;
  /** What small records need. */
  blobsOfRecords(): Promise<Iterable<string>>;
  /** When each was used last, ms since the epoch; without those that are not there. */
  usedAt(of: Kind, hashes: readonly string[]): Promise<Map<string, number>>;
  /** Undefined for one that is not there, or has more bytes than `most`. */
  readBlob(hash: string, most: number): Promise<string | undefined>;
  /** Its logs first; what was begun is found again. Returns how many logs and events there were. */
  removeTask(task: T): Promise<{ logs: number; events: number }>;
  /** False when it was used after `usedAt`, or is gone: nothing was removed then. */
  removeUnused(of: Kind, hash: string, usedAt: number): Promise<boolean>;
}

type Records = Pick<Store, 'getRecord' | 'setRecord' | 'listRecords'>;

/** Small records: what a forgotten task led to, until all of it is removed or used by somebody else. */
const PENDING = 'forgetting';
/** A larger blob is a text or a pack of texts, and leads nowhere. */
const LARGEST_READ = 1_048_576;

export async function forgetTask<T extends KeptTask>(
  parts: ForgetParts<T>,
  records: Records,
  taskId: string,
  { refs = [], ...known }: ForgetOptions,
): Promise<Forgotten> {
  const task = await parts.find(taskId);
  const led = new Set([...refs, ...(await pendingOf(records, taskId))]);
  const corpora = await parts.corpora();
  await follow(parts, corpora, [...led], led);
  if (task) for await (const text of parts.texts(task)) await follow(parts, corpora, hashesIn(text), led);
  // Kept first: who is cut off here begins again, and finds what the removed task can't tell any more.
  await setPending(records, taskId, [...led]);
  await putTombstone(records, {
    taskId,
    ...withoutAbsent({ ...known, ...withoutAbsent({ tenant: task?.tenant, className: task?.className }) }),
    ...withoutAbsent({ closedAt: task?.closedAt ?? known.closedAt }),
    removedAt: Date.now(),
    why: 'forgotten',
  });
  const removed = task ? await parts.removeTask(task) : { logs: 0, events: 0 };
  const { waiting, ...swept } = await removeWhatNobodyUses(parts, led);
  await setPending(records, taskId, waiting);
  return { wasKept: task !== undefined, ...removed, ...swept, waiting: waiting.length };
}

/** Goes on with what tasks at work may have used. To be called by each sweep. */
export async function finishForgetting<T extends KeptTask>(
  parts: ForgetParts<T>,
  records: Records,
): Promise<{ corpora: number; blobs: number }> {
  const removed = { corpora: 0, blobs: 0 };
  for (const { key: taskId, value } of await records.listRecords(PENDING)) {
    const { waiting, corpora, blobs } = await removeWhatNobodyUses(parts, new Set(JSON.parse(value) as string[]));
    await setPending(records, taskId, waiting);
    removed.corpora += corpora;
    removed.blobs += blobs;
  }
  return removed;
}

async function removeWhatNobodyUses<T extends KeptTask>(
  parts: ForgetParts<T>,
  wanted: ReadonlySet<string>,
): Promise<{ corpora: number; blobs: number; shared: number; waiting: string[] }> {
  const lists = await parts.corpora();
  // A corpus that holds one of these goes with it unless a task leads there: what is known of the files of a folder, say.
  const corpora = [...lists].filter(([hash, held]) => wanted.has(hash) || held.some((blob) => wanted.has(blob)));
  const usedAt = new Map([
    ...(await parts.usedAt(
      'corpora',
      corpora.map(([hash]) => hash),
    )),
    ...(await parts.usedAt(
      'blobs',
      [...wanted].filter((hash) => !lists.has(hash)),
    )),
  ]);
  const shared = new Set<string>(await parts.blobsOfRecords());
  const waiting = new Set<string>();
  const last = Math.max(0, ...usedAt.values());
  for (const task of await parts.tasks()) {
    if (!mayUse(task, last)) continue;
    if (task.closedAt === undefined) for (const [hash, at] of usedAt) if (mayUse(task, at)) waiting.add(hash);
    for await (const text of parts.texts(task)) await follow(parts, lists, hashesIn(text), shared);
  }
  const removed = { corpora: 0, blobs: 0 };
  const goes = async (of: Kind, hash: string): Promise<boolean> => {
    const at = usedAt.get(hash);
    if (at === undefined || shared.has(hash) || waiting.has(hash)) return false;
    const isGone = await parts.removeUnused(of, hash, at);
    // Somebody came by just now.
    if (isGone) removed[of] += 1;
    else waiting.add(hash);
    return isGone;
  };
  for (const [hash, held] of corpora) {
    if (await goes('corpora', hash)) continue;
    // What it keeps stays as it does; a corpus that is not there keeps nothing.
    const stays = shared.has(hash) ? shared : waiting;
    if (usedAt.has(hash)) for (const blob of held) stays.add(blob);
  }
  for (const hash of usedAt.keys()) if (!lists.has(hash)) await goes('blobs', hash);
  const left = [...wanted].filter((hash) => usedAt.has(hash) && (shared.has(hash) || waiting.has(hash)));
  return {
    ...removed,
    shared: left.filter((hash) => shared.has(hash)).length,
    waiting: left.filter((hash) => !shared.has(hash)),
  };
}

/** Adds to `seen` these hashes and all that they lead to. */
async function follow<T extends KeptTask>(
  parts: ForgetParts<T>,
  corpora: ReadonlyMap<string, readonly string[]>,
  hashes: readonly string[],
  seen: Set<string>,
): Promise<void> {
  const isFirst = (hash: string): boolean => !seen.has(hash);
  for (let level = [...new Set(hashes)].filter(isFirst); level.length > 0;) {
    for (const hash of level) seen.add(hash);
    for (const hash of level) for (const blob of corpora.get(hash) ?? []) seen.add(blob);
    const next = new Set<string>();
    for (const hash of level) {
      if (corpora.has(hash)) continue;
      const text = await parts.readBlob(hash, LARGEST_READ);
      if (text !== undefined) for (const found of hashesIn(text)) next.add(found);
    }
    level = [...next].filter(isFirst);
  }
}

const hashesIn = (text: string): string[] => text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];

async function pendingOf(records: Records, taskId: string): Promise<string[]> {
  const found = await records.getRecord(PENDING, taskId);
  return found ? (JSON.parse(found.value) as string[]) : [];
}

async function setPending(records: Records, taskId: string, hashes: readonly string[]): Promise<void> {
  for (;;) {
    const version = (await records.getRecord(PENDING, taskId))?.version ?? 0;
    if (version === 0 && hashes.length === 0) return;
    const value = hashes.length === 0 ? undefined : JSON.stringify(hashes);
    if (await records.setRecord(PENDING, taskId, value, { version, ttlMs: TOMBSTONE_MS })) return;
  }
}

function withoutAbsent<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
