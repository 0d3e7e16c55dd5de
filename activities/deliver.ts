// deliver.ts: the Activity that tells one receiver of a task, once. What it tells is made of the store, so it is the same on
// every try; when to try again is the Workflow's business.

import type { Activities } from '../protocol/activities.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Receipt } from '../protocol/background.ts';
import { DEFAULT_NOTIFY_EVENTS } from '../protocol/notify.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Store } from '../store/store.ts';
import { metrics } from '../telemetry/metrics/registry.ts';
import { deliverySpanId } from '../telemetry/spans-of-background.ts';
import type { Deployment } from './deployment.ts';
import { asActivityError, withHeartbeat } from './lifecycle/activity-lifecycle.ts';
import { callHeaders, type CallHeaders } from './loop/call-headers.ts';
import { messageOf } from './notify/message.ts';
import { tryOnce } from './notify/try-once.ts';

type Deliver = Activities['deliver'];
type Told = Pick<Deployment, 'store' | 'notify'> & { headers?: CallHeaders | undefined };

export function deliver(deployment: Deployment): Deliver {
  return async (input) => {
    try {
      return await withHeartbeat(
        () => undefined,
        (signal) => {
          const headers = callHeaders(deployment.traces)?.((key) => deliverySpanId(key, input.delivery.id));
          return deliverOnce({ ...deployment, headers }, input, signal);
        },
      );
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/** @throws StoreError; the signal's reason. */
export async function deliverOnce(
  { store, notify = {}, headers }: Told,
  { taskId, delivery, tenant }: Parameters<Deliver>[0],
  signal: AbortSignal,
): Promise<Receipt> {
  const { kind, to, key } = delivery.notify;
  const notifier = notify.notifiers?.get(kind);
  if (!notifier) {
    const names = [...(notify.notifiers?.keys() ?? [])].join(', ') || 'none';
    return { status: 'refused', reason: `this worker has no notifier named "${kind}"; there are: ${names}` };
  }
  // What is told before the end says the same on every try, also on one that comes behind it.
  const isEnd = DEFAULT_NOTIFY_EVENTS.includes(delivery.event);
  const [head, result] = await Promise.all([store.getTask(taskId), isEnd ? store.getResult(taskId) : undefined]);
  // Of a task that failed or was cancelled there may be none: it was terminated.
  if (delivery.event === 'task.completed' && !result) {
    return head
      ? { status: 'retry', reason: 'the result of the task is not in the store yet' }
      : { status: 'refused', reason: 'nothing of the task is kept any more' };
  }
  const { publicUrl, settings = {} } = notify;
  const told = { taskId, goal: result?.goal ?? head?.goal, result, answer: await answerOf(store, result), publicUrl };
  const receipt = await tryOnce(notifier, messageOf(delivery, told), {
    to,
    key,
    // A task that ended before it began has no head.
    tenant: head?.tenant ?? tenant,
    settings: settings[kind] ?? {},
    ...(headers ? { headers: { ...headers } } : {}),
    signal,
  });
  if (receipt.status === 'delivered')
    metrics.observe('muster_delivery_lag_seconds', { kind }, Math.max(0, receipt.at - delivery.at) / 1e3);
  return receipt;
}

async function answerOf(store: Store, result: TaskResult | undefined): Promise<Answer | undefined> {
  if (result?.answer || result?.answerRef === undefined) return result?.answer;
  return JSON.parse(Buffer.from(await store.getBlob(result.answerRef)).toString()) as Answer;
}
