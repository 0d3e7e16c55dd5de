// engine.ts: a question through the product's own steps (plan, sub-agents, synthesis, each with its checks) against the
// offline model over HTTP. Temporal is left out: it changes when things happen, not what is found.

import { randomUUID } from 'node:crypto';
import { checkFindings } from '../../activities/evidence/check-findings.ts';
import { researcher } from '../../activities/agents/researcher.ts';
import { runModelStep } from '../../activities/loop/model-step.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { modelLine } from '../../activities/models/model-line.ts';
import { openaiProvider } from '../../activities/models/openai.ts';
import { checkPlan } from '../../activities/plan-task.ts';
import {
  ANSWER_PROMPT,
  ANSWER_SYSTEM,
  answerMessage,
  answerShape,
} from '../../activities/text/prompts/answer-prompt.ts';
import { findingsShape } from '../../activities/text/prompts/findings-prompt.ts';
import { documentNames } from '../../activities/text/document-names.ts';
import { PLAN_PROMPT, PLAN_SYSTEM, planMessage, planShape } from '../../activities/text/prompts/plan-prompt.ts';
import { MODEL_RETRY } from '../../protocol/retry.ts';
import { checkAnswer, withFurther } from '../../activities/synthesize.ts';
import type { Answer } from '../../protocol/answer.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { WorkFailure } from '../../activities/loop/work-failure.ts';
import { spentOf } from '../../protocol/budget.ts';
import { asNeeded, gapsTold, proposeRound, type Asked, type Found, type Sought } from './further-round.ts';
import type { Library } from './library.ts';

export interface Engine {
  answer(question: string): Promise<EngineAnswer>;
}

/** How a question is asked. */
export interface EngineOptions {
  /** Tools under other names, system prompts in other words. Default: no. */
  isRenamed?: boolean;
  /** A further round may look for what is missing. Default: no. */
  isLookedAgain?: boolean;
  /** Tokens of a question, given out as a task's budget is (decision 0169). Default: as the class says. */
  budget?: number;
}

export interface EngineAnswer {
  /** Tokens. */
  spent: number;
  /** Subtasks of a further round. */
  again: number;
  answer: Pick<Answer, 'sections' | 'citations' | 'gaps'>;
  subtasks: Found[];
}

/** Other words for everything that the offline model must not lean on. */
const OTHER_WORDS = {
  system: 'Do the job that the next message describes. Keep to the form that was asked for.',
  tools: researcher.tools.map((tool, at) => ({ ...tool, name: `t${at + 7}_lookup`, description: 'One of the means.' })),
};

const CLASS = BUILT_IN_CLASSES.standard;

export function engine(
  { store, corpus }: Pick<Library, 'store' | 'corpus'>,
  baseURL: string,
  { isRenamed = false, isLookedAgain = false, budget = Infinity }: EngineOptions = {},
): Engine {
  // Where a round may follow, its part is no part of the first.
  const first = isLookedAgain ? 0.6 : 0.75;
  const further = 0.15;
  const models = [modelLine(openaiProvider({ model: 'muster-offline', apiKey: 'none', baseURL, offline: true }))];
  const system = (words: string) => ({ role: 'system' as const, content: isRenamed ? OTHER_WORDS.system : words });
  const tools = isRenamed ? OTHER_WORDS.tools : researcher.tools;

  return {
    async answer(goal) {
      const runId = randomUUID();
      let spent = 0;
      const step = async <T, R>(name: string, input: Asked<T, R>, tokens = Infinity): Promise<R> => {
        const { accepted, used } = await runStep(runId, name, input, tokens);
        spent += used;
        return accepted;
      };
      const request = { goal, class: CLASS, sources: [] } as unknown as TaskRequest;
      const kinds = { kinds: new Map([[researcher.name, researcher]]), defaultKind: researcher.name };
      const planned = await step('plan', {
        prompt: PLAN_PROMPT,
        messages: [
          system(PLAN_SYSTEM),
          {
            role: 'user',
            content: planMessage({
              goal,
              kinds: [{ name: researcher.name, description: researcher.description }],
              documents: documentNames(corpus.documents(), goal),
              max: CLASS.maxSubtasks,
            }),
          },
        ],
        shape: planShape([researcher.name]),
        tools: [],
        check: (output) => checkPlan(output, request, kinds, 'bench'),
      });

      const lookFor = async (all: readonly Sought[], found: readonly Found[], part: number): Promise<Found[]> =>
        await Promise.all(
          all.map(async (subtask) => {
            const queries: string[] = [];
            const [opening, ...rest] = researcher.open({
              goal,
              subtask: subtask.goal,
              input: undefined,
              needs: found
                .filter(({ id }) => subtask.needs.includes(id))
                .map(({ title, findings }) => ({ title, findings: findings.map(asNeeded) })),
              documents: documentNames(corpus.documents(), `${subtask.goal} ${goal}`),
            });
            const accepted = await orNothing(
              step(
                subtask.id,
                {
                  prompt: researcher.prompt,
                  messages: [system(opening?.content ?? ''), ...rest],
                  shape: findingsShape,
                  tools: tools.map((tool) => ({
                    ...tool,
                    execute: (input: { query?: string }, context) => {
                      if (input.query !== undefined) queries.push(input.query);
                      return tool.execute(input, context);
                    },
                  })),
                  check: (output) =>
                    checkFindings(output, { locate: (source, quote) => corpus.locateQuote(source, quote) }),
                },
                (budget * part) / all.length,
              ),
            );
            const findings = accepted.findings.map((finding, at): Finding => ({
              id: `${subtask.id}/g1/${at + 1}`,
              ...finding,
            }));
            return {
              title: subtask.title,
              goal: subtask.goal,
              id: subtask.id,
              fills: subtask.fills,
              queries,
              findings,
              missing: accepted.missing,
            };
          }),
        );

      const firsts = await lookFor(
        planned.map((one) => ({ ...one, fills: [] })),
        [],
        first,
      );
      const more = isLookedAgain
        ? await lookFor(
            await proposeRound(goal, firsts, documentNames(corpus.documents(), goal), system, step),
            firsts,
            further,
          )
        : [];
      const subtasks = [...firsts, ...more];
      const isTold = gapsTold(subtasks);
      const found = subtasks.map(({ id, title, findings, missing, fills: [beside] }) => ({
        subtask: id,
        beside,
        title,
        missing: isTold(id) ? missing : [],
        findings: findings.map(({ id: finding, claim, citations }) => ({
          id: finding,
          claim,
          source: citations[0]?.source ?? '',
          quote: citations[0]?.quote ?? '',
        })),
      }));
      const material = withFurther(found);
      const byId = new Map(
        subtasks.flatMap(({ findings }) => findings.map((finding) => [finding.id, finding] as const)),
      );
      const answer = await step('synthesize', {
        prompt: ANSWER_PROMPT,
        messages: [
          system(ANSWER_SYSTEM),
          {
            role: 'user',
            content: answerMessage({
              goal,
              headings: firsts.map(({ title }) => title),
              findings: material,
              gaps: material.flatMap(({ missing }) => missing),
            }),
          },
        ],
        shape: answerShape,
        tools: [],
        check: (output) => checkAnswer(output, byId),
      });
      return { answer, subtasks, spent, again: more.length };
    },
  };

  async function runStep<T, R>(
    runId: string,
    name: string,
    input: Asked<T, R>,
    tokens: number,
  ): Promise<{ accepted: R; used: number }> {
    const log = await SubtaskLog.open(
      store,
      { run: runId, subtask: name, generation: 1 },
      { expected: 0, worker: 'bench' },
    );
    const { signal } = new AbortController();
    try {
      const { accepted } = await runModelStep({
        ...input,
        log,
        store,
        models,
        signal,
        limits: { ...CLASS.subtask, tokens: Math.floor(Math.min(CLASS.subtask.tokens, tokens)) },
        retry: MODEL_RETRY,
        toolContext: { signal, corpus },
      });
      return { accepted, used: spentOf(log.account.usage).tokens };
    } finally {
      await log.close();
    }
  }
}

/** A sub-agent that used up its part has found nothing. */
const orNothing = (work: Promise<FindingsFound>): Promise<FindingsFound> =>
  work.catch((error: unknown) => {
    if (error instanceof WorkFailure && error.failure.type === 'LimitReached') return { findings: [], missing: [] };
    throw error;
  });
type FindingsFound = Awaited<ReturnType<typeof checkFindings>>['accepted'];
