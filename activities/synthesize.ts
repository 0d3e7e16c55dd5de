// synthesize.ts: the Activity that writes the answer from findings. A claim without a finding behind it does not stay.

import type { Activities, AnswerSoFarInput } from '../protocol/activities.ts';
import type { Answer } from '../protocol/answer.ts';
import { MAX_CONFLICTS, type FoundConflict } from '../protocol/conflicts.ts';
import type { Citation, Finding } from '../protocol/findings.ts';
import { roundInWords } from '../protocol/rounds.ts';
import { findConflicts } from './evidence/conflicts/find-conflicts.ts';
import { toldConflicts } from './evidence/conflicts/told-conflicts.ts';
import { MODEL_IS_NO_HELP, runModelStep, withFallback } from './loop/model-step.ts';
import { notesOfModels } from './loop/models-used.ts';
import { withoutForeignAddresses } from './text/foreign-addresses.ts';
import { readFindings, readReported } from './evidence/findings.ts';
import { answerInline, keepAnswer } from './evidence/answers.ts';
import { meantNotes } from './evidence/earlier.ts';
import { keepResult } from './evidence/results.ts';
import type { Deployment } from './deployment.ts';
import {
  ANSWER_PROMPT,
  ANSWER_SYSTEM,
  answerMessage,
  answerShape,
  type AnswerMaterial,
  type AnswerOutput,
} from './text/prompts/answer-prompt.ts';
import type { SubtaskLog } from './loop/subtask-log.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { outputSoFar, partialTextWriter, type PartialTextWriter } from './agents/partial-text.ts';
import { wordsOfJson } from '../protocol/words-of-json.ts';

export function synthesize(deployment: Deployment): Activities['synthesize'] {
  const { store } = deployment;
  return (input) =>
    withStepLog(deployment, input.run, 'synthesize', async (log, signal) => {
      const material = await readMaterial(input, store);
      // Before the answer is written: an Activity of its own would cost each task a hop, and most have no conflict.
      const candidates = input.conflicts === 'look' ? conflictsIn(material.material, input.goal) : [];
      // It writes once they are judged: this attempt was not brought to its end by a death.
      if (candidates.length > 0) await log.leave();
      if (candidates.length > 0) return { candidates };
      const conflicts = Array.isArray(input.conflicts) ? input.conflicts : [];
      const draft = partialTextWriter(store, log, {
        shown: (text) => wordsOfJson(outputSoFar(text)),
        pauseMs: DRAFT_PAUSE_MS,
      });
      const { answer, dropped } = await writeAnswer(deployment, input, log, signal, { draft, material, conflicts });
      const whole = { answerRef: await keepAnswer(store, answer), ...answerInline(answer) };
      const { account } = log;
      return {
        ...whole,
        citations: answer.citations.length,
        ...account,
        dropped,
        ...(await keepResult(store, input, { step: 'synthesize', account, ...whole, remarks: dropped })),
      };
    });
}

/** What an answer is written from. */
export type Written = Pick<
  AnswerSoFarInput,
  'run' | 'goal' | 'session' | 'found' | 'coverage' | 'headings' | 'limits' | 'retry' | 'models' | 'notes'
>;

/**
 * The answer from what was found, with its citations checked, and what was left out of it.
 * @param how.draft shows the words while they come. Default: nobody reads along.
 * @param how.plain asks no model, and says so in this sentence. Default: a model is asked where there is a finding.
 * @param how.material what was found, where it is read already. Default: it is read.
 * @param how.conflicts what the answer tells of contradictions in it. Default: nothing.
 * @throws WorkFailure; the signal's reason when the work was cancelled; StoreError.
 */
export async function writeAnswer(
  { store, models }: Pick<Deployment, 'store' | 'models'>,
  input: Written,
  log: SubtaskLog,
  signal: AbortSignal,
  {
    draft,
    plain,
    material: read,
    conflicts = [],
  }: { draft?: PartialTextWriter; plain?: string; material?: Material; conflicts?: readonly FoundConflict[] },
): Promise<{ answer: Answer; dropped: string[] }> {
  const { goal, headings, coverage, limits, retry, notes = [] } = input;
  const { material, byId } = read ?? (await readMaterial(input, store));
  const check = (output: AnswerOutput) => checkAnswer(output, byId, goal, conflicts);
  const lines = models.inOrder(input.models);
  const byCode = () => ({ accepted: check(answerFromFindings(material)).accepted, left: [] });
  const byModel = () =>
    runModelStep({
      ...(draft ? { onText: draft.show } : {}),
      log,
      store,
      models: lines,
      signal,
      limits,
      retry,
      prompt: ANSWER_PROMPT,
      messages: [
        { role: 'system', content: ANSWER_SYSTEM },
        {
          role: 'user',
          content: answerMessage({ goal, headings, findings: material, gaps: coverage.gaps, conflicts, notes }),
        },
      ],
      shape: answerShape,
      check,
    }).finally(() => draft?.close());
  // Of nothing a model would make something.
  const isPlain = plain !== undefined || byId.size === 0;
  const { made, failure } = isPlain
    ? { made: byCode(), failure: undefined }
    : await withFallback(byModel(), MODEL_IS_NO_HELP, byCode);
  const { accepted, left } = made;
  const remarks = failure
    ? [`The model could not write this answer, so the findings stand here as they were found: ${failure.message}.`]
    : plain === undefined
      ? []
      : [plain];
  const answer: Answer = {
    ...accepted,
    gaps: [...new Set([...accepted.gaps, ...coverage.gaps])],
    notes: [
      ...meantNotes(input.session),
      ...(coverage.rounds ?? []).map(roundInWords),
      // No more are looked for, so nobody knows how many there are.
      ...(conflicts.length >= MAX_CONFLICTS ? [`No more than ${MAX_CONFLICTS} contradictions are told.`] : []),
      ...remarks,
      ...notesOfModels(log, lines, isPlain),
    ],
  };
  return { answer, dropped: [...remarks, ...left.map((problem) => `Left out of the answer: ${problem}.`)] };
}

/** People read along: as often as words come. */
const DRAFT_PAUSE_MS = 100;

const conflictsIn = (material: readonly AnswerMaterial[], goal: string): FoundConflict[] =>
  findConflicts(
    material.flatMap(({ findings }) => findings),
    goal,
  );

/** The findings as an answer: a section for each subtask, a claim for each finding. */
const answerFromFindings = (material: readonly AnswerMaterial[]): AnswerOutput => ({
  sections: material.map(({ title, findings }) => ({
    heading: title,
    claims: findings.map(({ id, claim }) => ({ text: claim, findings: [id] })),
  })),
  gaps: [...new Set(material.flatMap(({ missing }) => missing))],
});

interface Material {
  material: AnswerMaterial[];
  byId: Map<string, Finding>;
}

async function readMaterial({ run, found }: Written, store: Deployment['store']): Promise<Material> {
  const byId = new Map<string, Finding>();
  const material = await Promise.all(
    found.map(async ({ subtask, title, findingsRef, missing, reported, isReask, with: beside }) => {
      const findings = findingsRef
        ? await readFindings(store, findingsRef)
        : reported
          ? await readReported(store, { run, subtask, generation: reported.generation }, reported.count)
          : [];
      for (const finding of findings) byId.set(finding.id, finding);
      return {
        isReask,
        beside,
        subtask,
        title,
        missing,
        findings: findings.map(({ id, claim, citations }) => ({
          id,
          claim,
          source: citations[0]?.source ?? '',
          quote: citations[0]?.quote ?? '',
        })),
      };
    }),
  );
  return { material: withFurther(material.flatMap(({ isReask, ...one }) => (isReask ? [] : [one]))), byId };
}

/** What further rounds found stands behind what was found of the same before: their subtasks have no part of the answer of their own. */
export function withFurther(all: readonly (AnswerMaterial & { beside?: string | undefined })[]): AnswerMaterial[] {
  const parts = new Map<string, AnswerMaterial>();
  // Of a further round but one the part may be that of a round before.
  const partOf = new Map<string, string>();
  for (const { beside = '', ...one } of all) {
    const id = partOf.get(beside) ?? one.subtask;
    const part = parts.get(id);
    partOf.set(one.subtask, id);
    if (!part) parts.set(id, { ...one, findings: [...one.findings], missing: [...one.missing] });
    else {
      part.findings.push(...one.findings);
      part.missing.push(...one.missing);
    }
  }
  return [...parts.values()];
}

/**
 * Turns finding ids into numbered citations; a claim that names none that exist is a problem and is left out. Addresses
 * that neither its quotes nor the goal have are left out of what stays.
 */
export function checkAnswer(
  output: AnswerOutput,
  byId: ReadonlyMap<string, Finding>,
  goal = '',
  found: readonly FoundConflict[] = [],
): { accepted: Pick<Answer, 'sections' | 'citations' | 'conflicts' | 'gaps'>; problems: string[] } {
  const problems: string[] = [];
  const citations: Citation[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (citation: Citation): number => {
    const key = `${citation.sha256} ${citation.quote}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    citations.push(citation);
    numbers.set(key, citations.length);
    return citations.length;
  };
  const asked = [goal, ...[...byId.values()].flatMap(({ citations: own }) => own.map(({ source }) => source))];
  const sections = output.sections.flatMap(({ heading, claims }) => {
    const kept = claims.flatMap(({ text, findings }) => {
      const known = findings.flatMap((id) => byId.get(id) ?? []);
      if (known.length < findings.length) {
        problems.push(
          `claim "${text.slice(0, 100)}" names findings that there are not: ${findings
            .filter((id) => !byId.has(id))
            .join(', ')
            .slice(0, 200)}`,
        );
      } else if (known.length === 0) {
        problems.push(`claim "${text.slice(0, 100)}" names no finding`);
      }
      if (known.length === 0) return [];
      const cited = known.flatMap((finding) => finding.citations);
      const shown = [goal, ...cited.flatMap(({ source, quote }) => [source, quote])];
      const said = withoutForeignAddresses(text, shown);
      return [{ text: said, citations: [...new Set(cited.map(numberOf))] }];
    });
    return kept.length > 0 ? [{ heading: withoutForeignAddresses(heading, asked), claims: kept }] : [];
  });
  const conflicts = toldConflicts(found, byId, numberOf);
  const gaps = output.gaps.map((gap) => withoutForeignAddresses(gap, asked));
  return {
    accepted: { sections, citations, ...(conflicts ? { conflicts } : {}), gaps },
    problems: problems.map((problem) => withoutForeignAddresses(problem, asked)),
  };
}
