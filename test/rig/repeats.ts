// repeats.ts: which model calls were made again though their records were on disk when a worker died: the only ones that a
// crash must not repeat. Judged by the logs as they were then, not by the moment at which a reply was sent.

import type { Plan } from '../../protocol/plan.ts';
import { STEP_LOGS } from '../../protocol/names.ts';
import type { ChatRequest, RequestRecord } from '../../simulator/server.ts';
import type { Store } from '../../store/store.ts';

/** Model calls on record, by log, while no worker lives. */
export type OnRecord = ReadonlyMap<string, number>;

const STEPS: Readonly<Record<string, string>> = { muster_plan: STEP_LOGS.plan, muster_answer: STEP_LOGS.synthesize };

export async function onRecord(store: Store, run: string, subtasks: readonly string[]): Promise<OnRecord> {
  const logs = [...Object.values(STEPS), ...subtasks];
  const counts = logs.map(async (subtask): Promise<[string, number]> => {
    const log = await store.readLog<{ t: string }>({ run, subtask, generation: 1 });
    return [subtask, log.filter(({ t }) => t === 'model').length];
  });
  return new Map(await Promise.all(counts));
}

/** @param later requests that were made after the death. */
export function madeAgain(later: readonly RequestRecord[], before: OnRecord, plan: Plan): string[] {
  return later.flatMap(({ step, body }) => {
    const log = STEPS[step] ?? plan.subtasks.find(({ goal }) => goal === subtaskOf(body))?.id ?? '';
    const turn = (body?.messages ?? []).filter(({ role }) => role === 'assistant').length + 1;
    return turn <= (before.get(log) ?? 0) ? [`${log}, turn ${turn}`] : [];
  });
}

function subtaskOf(body: ChatRequest | undefined): string | undefined {
  const users = (body?.messages ?? []).filter(({ role }) => role === 'user');
  const text = users.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n');
  return /<subtask>\n([^]*?)\n<\/subtask>/.exec(text)?.[1];
}
