// engine.ts: a question through the product's own steps (plan, sub-agents, synthesis, each with its checks) against the
// offline model over HTTP. Temporal is left out: it changes when things happen, not what is found.

import { checkFindings } from '../../activities/evidence/check-findings.ts';
import { researcher } from '../../activities/agents/researcher.ts';
import { runModelStep, type StepInput } from '../../activities/loop/model-step.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { modelLine } from '../../activities/models/model-line.ts';
import { openaiProvider } from '../../activities/models/openai.ts';
import { checkPlan } from '../../activities/plan-task.ts';
import {
  ANSWER_PROMPT,
  ANSWER_SYSTEM,
  answerMessage,
  answerShape,
  type AnswerMaterial,
} from '../../activities/text/prompts/answer-prompt.ts';
import { findingsShape } from '../../activities/text/prompts/findings-prompt.ts';
import { documentNames } from '../../activities/text/document-names.ts';
import { PLAN_PROMPT, PLAN_SYSTEM, planMessage, planShape } from '../../activities/text/prompts/plan-prompt.ts';
import { MODEL_RETRY } from '../../protocol/retry.ts';
import { checkAnswer } from '../../activities/synthesize.ts';
import type { Answer } from '../../protocol/answer.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import type { Library } from './library.ts';

export interface Engine {
  answer(question: string): Promise<EngineAnswer>;
}

export interface EngineAnswer {
  answer: Pick<Answer, 'sections' | 'citations' | 'gaps'>;
  subtasks: { title: string; goal: string; queries: string[]; findings: Finding[]; missing: string[] }[];
}

/** Other words for everything that the offline model must not lean on. */
const OTHER_WORDS = {
  system: 'Do the job that the next message describes. Keep to the form that was asked for.',
  tools: researcher.tools.map((tool, at) => ({ ...tool, name: `t${at + 7}_lookup`, description: 'One of the means.' })),
};

const CLASS = BUILT_IN_CLASSES.standard;

/** @param isRenamed tools under other names, system prompts in other words. */
export function engine(
  { store, corpus }: Pick<Library, 'store' | 'corpus'>,
  baseURL: string,
  isRenamed = false,
): Engine {
  const models = [modelLine(openaiProvider({ model: 'muster-offline', apiKey: 'none', baseURL, offline: true }))];
  const system = (words: string) => ({ role: 'system' as const, content: isRenamed ? OTHER_WORDS.system : words });
  const tools = isRenamed ? OTHER_WORDS.tools : researcher.tools;
  let run = 0;

  return {
    async answer(goal) {
      run += 1;
      const runId = `r${run}`;
      const step = <T, R>(name: string, input: Asked<T, R>): Promise<R> => runStep(runId, name, input);
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

      const subtasks = await Promise.all(
        planned.map(async (subtask) => {
          const queries: string[] = [];
          const [first, ...rest] = researcher.open({
            goal,
            subtask: subtask.goal,
            input: undefined,
            needs: [],
            documents: documentNames(corpus.documents(), `${subtask.goal} ${goal}`),
          });
          const accepted = await step(subtask.id, {
            prompt: researcher.prompt,
            messages: [system(first?.content ?? ''), ...rest],
            shape: findingsShape,
            tools: tools.map((tool) => ({
              ...tool,
              execute: (input: { query?: string }, context) => {
                if (input.query !== undefined) queries.push(input.query);
                return tool.execute(input, context);
              },
            })),
            check: (output) => checkFindings(output, { locate: (source, quote) => corpus.locateQuote(source, quote) }),
          });
          const findings = accepted.findings.map((finding, at): Finding => ({
            id: `${subtask.id}/g1/${at + 1}`,
            ...finding,
          }));
          return {
            title: subtask.title,
            goal: subtask.goal,
            id: subtask.id,
            queries,
            findings,
            missing: accepted.missing,
          };
        }),
      );

      const material = subtasks.map(({ id, title, findings, missing }): AnswerMaterial => ({
        subtask: id,
        title,
        missing,
        findings: findings.map(({ id: finding, claim, citations }) => ({
          id: finding,
          claim,
          source: citations[0]?.source ?? '',
          quote: citations[0]?.quote ?? '',
        })),
      }));
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
              headings: subtasks.map(({ title }) => title),
              findings: material,
              gaps: subtasks.flatMap(({ missing }) => missing),
            }),
          },
        ],
        shape: answerShape,
        tools: [],
        check: (output) => checkAnswer(output, byId),
      });
      return { answer, subtasks };
    },
  };

  async function runStep<T, R>(runId: string, name: string, input: Asked<T, R>): Promise<R> {
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
        limits: CLASS.subtask,
        retry: MODEL_RETRY,
        toolContext: { signal, corpus },
      });
      return accepted;
    } finally {
      await log.close();
    }
  }
}

type Asked<T, R> = Pick<StepInput<T, R>, 'prompt' | 'messages' | 'shape' | 'tools' | 'check'>;
