// work-on-subtask.ts: one sub-agent's visit: opens its log, goes on where it was, and ends as an outcome.
// Never throws for what went wrong with the work itself; throws when the store fails, since nothing may go on then.

import type { PodSubtask } from '../../protocol/activities.ts';
import type { Failure } from '../../protocol/failures.ts';
import { digestOf, type Finding } from '../../protocol/findings.ts';
import { MAX_DIGEST_CHARS, MAX_DIGESTS_A_SUBTASK } from '../../protocol/limits.ts';
import type { FoundSoFar, Outcome } from '../../protocol/outcome.ts';
import type { PodHeartbeat } from '../../protocol/progress.ts';
import { canonicalJson } from '../../protocol/schemas/hash.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { StoreError, type Store } from '../../store/store.ts';
import { readFailure } from '../activity-life.ts';
import { runLoop } from '../agent-loop/agent-loop.ts';
import { TaskLog } from '../agent-loop/task-log.ts';
import { WorkFailure } from '../agent-loop/work-failure.ts';
import type { Corpus } from '../corpus/open-corpus.ts';
import type { Deployment } from '../deployment.ts';
import { documentNames } from '../prompts/document-names.ts';
import { findingsShape } from '../prompts/findings-prompt.ts';
import type { ReportFinding } from '../reporter.ts';
import { checkFindings, type CheckedFindings } from './check-findings.ts';
import type { SubAgentKind } from './sub-agent.ts';

export interface SubtaskWork extends PodSubtask {
  taskGoal: string;
  goal: string;
  run: string;
  corpus?: Corpus;
  report: ReportFinding;
  /** This sub-agent's line in the heartbeat; written as work goes on. */
  seat: PodHeartbeat['subtasks'][number];
}

export async function workOnSubtask(work: SubtaskWork, deployment: Deployment, signal: AbortSignal): Promise<Outcome> {
  const { spec, generation, run } = work;
  let log: TaskLog | undefined;
  try {
    log = await TaskLog.open(deployment.store, { run, subtask: spec.id, generation }, work.records, deployment.worker);
    if (log.outcome) return log.outcome;
    const kind = deployment.kinds.get(spec.kind);
    if (!kind)
      throw new WorkFailure({ type: 'KindUnknown', message: `this worker has no sub-agent kind "${spec.kind}"` });
    const { accepted, left } = await research(work, kind, log, deployment, signal);
    const findings = await keepFindings(accepted, work, log);
    const missing = [...accepted.missing, ...left.map((problem) => `Left out: ${problem}.`)];
    const found = await foundSoFar(findings, missing, deployment.store);
    const outcome: Outcome = { ...totals(work, log), status: 'done', ...found };
    await log.append({ t: 'outcome', outcome });
    return outcome;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (signal.aborted)
      return await failed(work, log, { type: 'Stopped', message: 'it was stopped' }, deployment.store);
    const { failure, retryAt } = readFailure(error);
    if (!failure) throw error;
    if (retryAt !== undefined) return { ...totals(work, log), status: 'retryAt', at: retryAt, failure };
    const outcome = await failed(work, log, failure, deployment.store);
    await log?.append({ t: 'outcome', outcome });
    return outcome;
  } finally {
    await log?.close();
  }
}

async function research(
  work: SubtaskWork,
  kind: SubAgentKind,
  log: TaskLog,
  { models, store }: Deployment,
  signal: AbortSignal,
): Promise<{ accepted: CheckedFindings; left: string[] }> {
  const { corpus, seat } = work;
  const needs = await Promise.all(
    work.needs.map(async ({ title, findingsRef }) => ({
      title,
      findings: (await readFindings(store, findingsRef)).map(({ claim, citations }) => ({
        claim,
        source: citations[0]?.source ?? '',
      })),
    })),
  );
  const documents = documentNames(corpus?.documents() ?? [], `${work.goal} ${work.taskGoal}`);
  return await runLoop({
    log,
    models: models.inOrder(work.spec.models),
    signal,
    limits: work.spec.limits,
    retry: work.spec.retry,
    prompt: kind.prompt,
    messages: kind.open({
      goal: work.taskGoal,
      subtask: work.goal,
      needs,
      documents,
    }),
    shape: findingsShape,
    tools: kind.tools,
    toolContext: { signal, ...(corpus ? { corpus } : {}) },
    check: (output) => checkFindings(output, async (source, quote) => corpus?.locateQuote(source, quote)),
    onPhase: (phase) => {
      const { inputTokens, outputTokens } = log.usage;
      Object.assign(seat, {
        records: log.count,
        turn: log.turns,
        tokens: inputTokens + outputTokens,
        phase: phase.slice(0, 120),
      });
    },
  });
}

/** Each finding is in the store before anybody hears of it. */
async function keepFindings(checked: CheckedFindings, work: SubtaskWork, log: TaskLog): Promise<Finding[]> {
  const kept = log.findings.length;
  for (const [i, found] of checked.findings.entries()) {
    const seq = i + 1;
    const finding: Finding = { id: `${work.spec.id}/g${work.generation}/${seq}`, ...found };
    if (seq > kept) await log.append({ t: 'finding', seq, finding });
    await work.report(seq, finding);
  }
  return log.findings;
}

async function foundSoFar(findings: Finding[], missing: string[], store: Store): Promise<FoundSoFar> {
  return {
    ...(findings.length > 0 ? { findingsRef: await store.putBlob(canonicalJson(findings)) } : {}),
    findingCount: findings.length,
    digests: findings.slice(0, MAX_DIGESTS_A_SUBTASK).map((finding) => digestOf(finding, MAX_DIGEST_CHARS)),
    missing: missing.slice(0, 20),
  };
}

async function failed(
  work: SubtaskWork,
  log: TaskLog | undefined,
  failure: Failure,
  store: Store,
): Promise<Extract<Outcome, { status: 'failed' }>> {
  return { ...totals(work, log), status: 'failed', failure, ...(await foundSoFar(log?.findings ?? [], [], store)) };
}

function totals({ spec, generation, records }: SubtaskWork, log: TaskLog | undefined) {
  return {
    subtask: spec.id,
    generation,
    usage: log?.usage ?? NO_USAGE,
    turns: log?.turns ?? 0,
    startedAt: log?.startedAt ?? Date.now(),
    endedAt: Date.now(),
    records: log?.count ?? records,
  };
}

/** Findings by reference. */
export async function readFindings(store: Store, ref: string): Promise<Finding[]> {
  return JSON.parse(Buffer.from(await store.getBlob(ref)).toString('utf8')) as Finding[];
}
