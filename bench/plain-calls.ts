// plain-calls.ts: what a task asks of its model, without Muster: the same requests in the same order of dependence,
// through the same provider, in this process, with nothing kept and nothing to survive. Tool results are made
// beforehand, so that a plain run waits for the model and for nothing else.

import { openaiProvider, researcher, type ModelReply, type ModelRequest } from '../activities/index.ts';
import { closeCorpusThread } from '../documents/thread/corpus-thread.ts';
import { openCorpus } from '../documents/open-corpus.ts';
import { prepareCorpus } from '../documents/prepare-corpus.ts';
import { fitHistory } from '../activities/models/fit-history.ts';
import type { OutputShape } from '../activities/text/parse-output.ts';
import { ANSWER_SYSTEM, answerMessage, answerShape } from '../activities/text/prompts/answer-prompt.ts';
import { findingsShape, type FindingsOutput } from '../activities/text/prompts/findings-prompt.ts';
import { PLAN_SYSTEM, planMessage, planShape, type PlanOutput } from '../activities/text/prompts/plan-prompt.ts';
import { runTool, toolSchema } from '../activities/tools/tool.ts';
import { fileStore } from '../store/file-store.ts';
import { storeFolder } from '../store/home.ts';
import { MAX_SUBTASKS, type BenchDeployment } from './deployment.ts';
import { goalOf } from './handbook.ts';
import type { Cleanup } from './cleanup.ts';

export class PlainCalls {
  readonly #ask: <T>(shape: OutputShape<T>, request: Omit<ModelRequest, 'format'>) => Promise<ModelReply>;
  readonly #documents: string[];
  readonly #tools = researcher.tools.map(toolSchema);
  readonly #search: (args: string) => Promise<string>;
  /** Tool results by arguments, from the warm-up. */
  readonly #known = new Map<string, string>();

  private constructor(modelUrl: string, documents: string[], search: (args: string) => Promise<string>) {
    const provider = openaiProvider({ model: 'muster-offline', apiKey: 'offline', baseURL: modelUrl, offline: true });
    this.#ask = ({ name, schema }, request) =>
      provider.generate(
        { ...request, messages: fitHistory(request.messages, provider.model), format: { name, schema } },
        { signal: new AbortController().signal, onBytes: () => undefined },
      );
    this.#documents = documents;
    this.#search = search;
  }

  /** Prepares the documents, in the deployment's store, so that searches find what its sub-agents see. */
  static async prepare({ home, docs, modelUrl }: BenchDeployment, cleanup: Cleanup): Promise<PlainCalls> {
    const store = fileStore(storeFolder(home));
    cleanup.add(closeCorpusThread);
    const { corpusRef } = await prepareCorpus([{ kind: 'path', path: docs }], { store, roots: [docs] });
    const corpus = await openCorpus(store, corpusRef);
    const { signal } = new AbortController();
    return new PlainCalls(
      modelUrl,
      corpus.documents().map((document) => document.name),
      async (args) => {
        const result = await runTool(researcher.tools, 'search_documents', args, { corpus, signal });
        if (!('content' in result)) throw new Error('a search answers at once');
        return result.content;
      },
    );
  }

  /** One run; the first with a new number of sub-agents also makes the tool results. */
  async run(subAgents: number): Promise<void> {
    const goal = goalOf(subAgents);
    const { name, description } = researcher;
    const plan = await this.#ask(planShape([name]), {
      messages: [
        { role: 'system', content: PLAN_SYSTEM },
        {
          role: 'user',
          content: planMessage({
            goal,
            kinds: [{ name, description }],
            documents: this.#documents,
            max: MAX_SUBTASKS,
          }),
        },
      ],
    });
    const { subtasks } = JSON.parse(plan.text) as PlanOutput;
    const found = await Promise.all(subtasks.map((subtask) => this.#research(goal, subtask.goal)));
    await this.#ask(answerShape, {
      messages: [
        { role: 'system', content: ANSWER_SYSTEM },
        {
          role: 'user',
          content: answerMessage({
            goal,
            headings: subtasks.map((subtask) => subtask.title),
            findings: found.map(({ findings, missing }, i) => ({
              subtask: `s${i + 1}`,
              title: subtasks[i]?.title ?? '',
              missing,
              findings: findings.map(({ claim, citations }, j) => ({
                id: `s${i + 1}/g1/${j + 1}`,
                claim,
                source: citations[0]?.source ?? '',
                quote: citations[0]?.quote ?? '',
              })),
            })),
            gaps: [],
          }),
        },
      ],
    });
  }

  async #research(goal: string, subtask: string): Promise<FindingsOutput> {
    const messages = researcher.open({ goal, subtask, input: undefined, needs: [], documents: this.#documents });
    for (;;) {
      const reply = await this.#ask(findingsShape, { messages, tools: this.#tools, toolChoice: 'auto' });
      if (reply.toolCalls.length === 0) return JSON.parse(reply.text) as FindingsOutput;
      messages.push({ role: 'assistant', content: reply.text, toolCalls: reply.toolCalls });
      for (const call of reply.toolCalls) {
        const args = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
        const content = this.#known.get(args) ?? (await this.#search(args));
        this.#known.set(args, content);
        messages.push({ role: 'tool', callId: call.id, content });
      }
    }
  }
}
