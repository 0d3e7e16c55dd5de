// forget-task.ts: the Activity that removes one closed task: its uploads, what the store keeps of it, and its histories on the
// server. Refuses a task at work; says what stays, and why. Repeating it changes nothing.

import { getClient } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../protocol/activities.ts';
import type { ForgetDone, ForgetInput } from '../protocol/forget.ts';
import { backgroundId } from '../protocol/names.ts';
import { leaveSession } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import { getTombstone } from '../store/tombstones.ts';
import type { Deployment } from './deployment.ts';
import { asActivityError, withHeartbeat } from './lifecycle/activity-lifecycle.ts';
import { openHistories, type Histories, type TaskHistory } from './lifecycle/histories.ts';

export function forgetTask({ store }: Deployment): Activities['forgetTask'] {
  return async (input) => {
    try {
      return await withHeartbeat(
        () => ({ v: 1 }),
        async () => await forget(store, openHistories(getClient(), await store.deploymentId()), input),
      );
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

async function forget(store: Store, histories: Histories, input: ForgetInput): Promise<ForgetDone> {
  const { taskId } = input;
  const found = await histories.of(taskId);
  if (found.some((one) => one.workflowId === taskId && one.isOpen)) throw atWork(taskId);
  // From here on nothing of the task writes: its deliveries end undone.
  for (const one of found) if (one.isOpen) await histories.end(one, `task ${taskId} is forgotten`);
  const left: string[] = [];
  const head = await store.getTask(taskId);
  const { sessionId: id = head?.sessionId, tenant = head?.tenant } = input;
  if (id !== undefined && tenant !== undefined) await leaveSession(store, { tenant, id }, taskId);
  const { refs, uploads } = await usedBy(found, histories);
  const removedUploads = await removeUploads(store, histories, { ...input, uploads }, left);
  const behind = await forgetBehind(store, taskId);
  const { shared, waiting, ...own } = await store.forget(taskId, { ...input, refs });
  const logs = own.logs + behind.logs;
  const events = own.events + behind.events;
  const corpora = own.corpora + behind.corpora;
  const blobs = own.blobs + behind.blobs;
  if (shared > 0) left.push(`${counted(shared)} that others use, too, stay`);
  if (waiting > 0)
    left.push(`${counted(waiting)} may be used by tasks at work, and go with the first sweep after these have ended`);
  const deleted: string[] = [];
  for (const one of found) {
    const problem = await histories.remove(one);
    if (problem === undefined) deleted.push(one.workflowId);
    else left.push(`the history of ${one.workflowId} stays until the server’s retention is over: ${problem}`);
  }
  if (deleted.length > 0) left.push('the Temporal server deletes histories by itself, some time after it was told to');
  return { removed: { logs, events, uploads: removedUploads, corpora, blobs, histories: [...new Set(deleted)] }, left };
}

/** What went on behind its answer goes first: what both use is the task's then. */
async function forgetBehind(store: Store, taskId: string) {
  const id = backgroundId(taskId);
  if (await store.getTask(id)) return await store.forget(id);
  return { logs: 0, events: 0, corpora: 0, blobs: 0 };
}

const counted = (count: number): string => (count === 1 ? '1 text or index' : `${count} texts and indexes`);

const atWork = (taskId: string): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'CommandRefused',
    message: `task ${taskId} is at work; cancel it, then it can be forgotten`,
    nonRetryable: true,
  });

/** What its histories lead to in the store: not all of that is said in its result. */
async function usedBy(
  found: readonly TaskHistory[],
  histories: Histories,
): Promise<{ refs: string[]; uploads: Map<string, string> }> {
  const refs = new Set<string>();
  const uploads = new Map<string, string>();
  for (const one of found) {
    for (const ref of await histories.refs(one)) refs.add(ref);
    for (const source of (await histories.request(one))?.sources ?? [])
      if (source.kind === 'blob') uploads.set(source.sha256, source.name);
  }
  return { refs: [...refs, ...uploads.keys()], uploads };
}

/** As the gateway keeps them. */
const UPLOADS = 'upload';

/** Removes the records of uploads that no other task names: what they kept is nobody's then. Returns how many. */
async function removeUploads(
  store: Store,
  histories: Histories,
  { taskId, tenant, uploads }: ForgetInput & { uploads: ReadonlyMap<string, string> },
  left: string[],
): Promise<number> {
  if (uploads.size === 0 || tenant === undefined) return 0;
  const others = await histories.namedByOthers(taskId, tenant, async (other, closedAt) => {
    const tombstone = await getTombstone(store, other);
    return tombstone !== undefined && tombstone.removedAt >= closedAt;
  });
  if (!others) {
    left.push('the files that were sent for it stay until their time is over: too many tasks may name them');
    return 0;
  }
  let removed = 0;
  for (const { key, value, version } of await store.listRecords(UPLOADS)) {
    const upload = JSON.parse(value) as { sha256: string; name: string };
    if (!key.startsWith(`${tenant}/`) || uploads.get(upload.sha256) !== upload.name) continue;
    if (others.has(upload.sha256)) left.push(`the file ${upload.name} that was sent stays: another task names it`);
    else if (await store.setRecord(UPLOADS, key, undefined, { version })) removed += 1;
  }
  return removed;
}
