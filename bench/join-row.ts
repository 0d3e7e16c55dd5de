// join-row.ts: how soon those that a join left behind are gone, beside who asks for the answer of a task that is at work. Ten
// sub-agents whose models answer two seconds apart, so that nobody ends by itself meanwhile.

import { benchDeployment, type BenchDeployment } from './deployment.ts';
import type { Bench } from './row.ts';
import { rest, round, summary, timed } from './statistics.ts';

const SUB_AGENTS = 10;
const APART_MS = 2_000;
/** How long after the start somebody asks: three are done by then. */
const ASKED_AFTER_MS = 3.5 * APART_MS;

export async function joinRows({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const deployment = await benchDeployment(cleanup, { apartMs: APART_MS });
  await deployment.startWorker();
  const gone: number[] = [];
  const late: number[] = [];
  const now: number[] = [];
  const again: number[] = [];
  for (let i = 0; i <= count; i += 1) {
    const left = await leftBehind(deployment);
    await rest();
    const asked = await askedWhileAtWork(deployment);
    await rest();
    // The first of each is a warm-up.
    if (i === 0) continue;
    gone.push(left.goneMs);
    late.push(left.answerMs);
    now.push(asked.firstMs);
    again.push(asked.againMs);
  }
  print({ row: 'join-left-behind', n: SUB_AGENTS, ...summary(gone) });
  print({ row: 'join-answer', n: SUB_AGENTS, ...summary(late) });
  print({ row: 'answer-now', n: SUB_AGENTS, ...summary(now) });
  print({ row: 'answer-now-again', n: SUB_AGENTS, ...summary(again) });
}

/** From the decision of `first` to the end of the last Activity that it cancelled, by the server's history, and to the answer. */
async function leftBehind(deployment: BenchDeployment): Promise<{ goneMs: number; answerMs: number }> {
  const task = await deployment.startTask(SUB_AGENTS, { join: { kind: 'first' } });
  await task.result();
  const at: Record<string, number> = {};
  for await (const event of task.events()) at[event.type] ??= event.at;
  const decided = at['join.decided'];
  const answered = at['answer.ready'];
  const { events } = await deployment.client.temporal.workflow.getHandle(task.taskId).fetchHistory();
  const cancelled = (events ?? [])
    .filter((event) => event.activityTaskCanceledEventAttributes)
    .map(({ eventTime }) => Number(eventTime?.seconds) * 1_000 + (eventTime?.nanos ?? 0) / 1e6);
  if (decided === undefined || answered === undefined || cancelled.length !== SUB_AGENTS - 1)
    throw new Error(`${SUB_AGENTS - 1} sub-agents were to be left behind, and ${cancelled.length} were`);
  return { goneMs: round(Math.max(...cancelled) - decided, 1), answerMs: answered - decided };
}

async function askedWhileAtWork(deployment: BenchDeployment): Promise<{ firstMs: number; againMs: number }> {
  const task = await deployment.startTask(SUB_AGENTS);
  await new Promise((done) => setTimeout(done, ASKED_AFTER_MS));
  const first = await timed(() => task.answerSoFar());
  const again = await timed(() => task.answerSoFar());
  if (first.value.isFinal || first.value.answer.citations.length === 0) throw new Error('no answer so far was written');
  await task.cancel();
  await task.result().catch(() => undefined);
  return { firstMs: first.ms, againMs: again.ms };
}
