// verify-answer.ts: the Activity that has each claim of an answer checked against its quotes by the verifier, and leaves out
// what they do not support. A claim without a verdict stays.

import type { Activities, AnswerStepInput } from '../protocol/activities.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Citation } from '../protocol/findings.ts';
import { runModelStep } from './loop/model-step.ts';
import { verifier } from './agents/verifier.ts';
import { answerInline, keepAnswer, readAnswer } from './evidence/answers.ts';
import { keepResult } from './evidence/results.ts';
import { openCorpus } from '../documents/open-corpus.ts';
import type { Deployment } from './deployment.ts';
import type { VerdictsOutput } from './text/prompts/verdicts-prompt.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';

export function verifyAnswer(deployment: Deployment): Activities['verifyAnswer'] {
  const { store, models } = deployment;
  return (input: AnswerStepInput) =>
    withStepLog(deployment, input.run, 'verify', async (log, signal) => {
      const answer = await readAnswer(store, input.answerRef);
      const claims = answer.sections
        .flatMap((section) => section.claims)
        .map(({ text, citations }, at) => ({
          n: at + 1,
          text,
          quotes: citations.flatMap((n) => quoteOf(answer.citations[n - 1])),
        }));
      const corpus = input.corpusRef === undefined ? undefined : await openCorpus(store, input.corpusRef);
      const { accepted } = await runModelStep({
        log,
        store,
        models: models.inOrder(input.models),
        signal,
        limits: input.limits,
        retry: input.retry,
        prompt: verifier.prompt,
        messages: verifier.open({ goal: input.goal, subtask: '', input: { claims }, needs: [], documents: [] }),
        shape: verifier.output,
        tools: verifier.tools,
        toolContext: { signal, ...(corpus ? { corpus } : {}) },
        check: (output) => verifier.check(output, { locate: async () => undefined }),
      });
      const verdicts = accepted.data as VerdictsOutput['verdicts'];
      const { kept, dropped } = withoutUnsupported(answer, verdicts);
      const whole = { answerRef: await keepAnswer(store, kept), ...answerInline(kept) };
      const { account } = log;
      return {
        ...whole,
        citations: kept.citations.length,
        ...account,
        dropped,
        ...(await keepResult(store, input, { step: 'verify', account, ...whole, remarks: dropped })),
      };
    });
}

const quoteOf = (citation: Citation | undefined): { source: string; quote: string }[] =>
  citation ? [{ source: citation.source, quote: citation.quote }] : [];

/** The answer without the claims that were judged unsupported; its citations are numbered anew. */
export function withoutUnsupported(
  answer: Answer,
  verdicts: VerdictsOutput['verdicts'],
): { kept: Answer; dropped: string[] } {
  const refused = new Map(
    verdicts.flatMap(({ claim, verdict, reason }) => (verdict === 'unsupported' ? [[claim, reason] as const] : [])),
  );
  const dropped: string[] = [];
  const citations: Citation[] = [];
  const numbers = new Map<number, number>();
  const renumber = (n: number): number[] => {
    const citation = answer.citations[n - 1];
    if (!citation) return [];
    if (!numbers.has(n)) {
      citations.push(citation);
      numbers.set(n, citations.length);
    }
    return [numbers.get(n) ?? 0];
  };
  let at = 0;
  const sections = answer.sections.flatMap(({ heading, claims }) => {
    const left = claims.flatMap((claim) => {
      at += 1;
      const reason = refused.get(at);
      if (reason === undefined) return [{ text: claim.text, citations: claim.citations.flatMap(renumber) }];
      dropped.push(`Left out, since its sources do not bear it: “${claim.text.slice(0, 200)}” (${reason})`);
      return [];
    });
    return left.length > 0 ? [{ heading, claims: left }] : [];
  });
  const conflicts = answer.conflicts?.map(({ sides, settled, ...one }) => ({
    ...one,
    sides: sides.map((side) => ({ ...side, citations: side.citations.flatMap(renumber) })),
    ...(settled ? { settled: { ...settled, citations: settled.citations.flatMap(renumber) } } : {}),
  }));
  return {
    kept: {
      ...answer,
      sections,
      ...(conflicts ? { conflicts } : {}),
      citations,
      verified: { checked: at, dropped: dropped.length },
    },
    dropped,
  };
}
