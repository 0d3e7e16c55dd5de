// health.ts: whether this process answers, and whether a task would be worked on: each part by name.

import { orLate } from '../../client/or-late.ts';
import type { Ctx, Services } from './context.ts';

interface Check {
  ok: boolean;
  note?: string;
}

const PATIENCE_MS = 2_000;

export const healthz = (c: Ctx): Response => c.json({ ok: true });

/** 503 when a task could not be taken. No worker about is said, and no reason to send callers elsewhere: tasks wait for one. */
export async function readyz(c: Ctx, { client, store, isClosing }: Services): Promise<Response> {
  const seen = client.workerSeen();
  const [temporal, worker, kept] = await Promise.all([
    check(async () => typeof (await seen) === 'boolean', 'the Temporal server does not answer'),
    check(() => seen, 'no worker was seen lately; tasks wait for one'),
    check(async () => (await store.getTask('readyz')) === undefined, 'the store does not answer'),
  ]);
  const ok = temporal.ok && kept.ok && !isClosing();
  const closing = isClosing() ? { gateway: { ok: false, note: 'it is being stopped' } } : {};
  return c.json({ ok, checks: { temporal, store: kept, worker, ...closing } }, ok ? 200 : 503, {
    'cache-control': 'no-store',
    ...(ok ? {} : { 'retry-after': '2' }),
  });
}

async function check(look: () => Promise<boolean>, note: string): Promise<Check> {
  const ok = await orLate(look(), PATIENCE_MS, () => false).catch(() => false);
  return ok ? { ok } : { ok, note };
}
