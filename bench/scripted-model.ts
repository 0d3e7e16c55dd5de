// scripted-model.ts: a model that always takes the same way: a plan of as many subtasks as the goal names, one search and
// one finding for each, an answer from the findings. Run as a process of its own, so that its work is nobody else's.

import { researcher } from '../activities/index.ts';
import { answerShape, type AnswerMaterial, type AnswerOutput } from '../activities/text/prompts/answer-prompt.ts';
import { directShape, type DirectOutput, type ShownPassage } from '../activities/text/prompts/direct-prompt.ts';
import { findingsShape, type FindingsOutput } from '../activities/text/prompts/findings-prompt.ts';
import type { PlanOutput } from '../activities/text/prompts/plan-prompt.ts';
import { searchDocuments } from '../activities/tools/documents.ts';
import { startSimulator, type ChatRequest, type Reply } from '../simulator/server.ts';
import { textOf } from '../simulator/wire.ts';
import { factOf, sourceOf } from './handbook.ts';

async function scriptedBrain(request: ChatRequest): Promise<Reply> {
  switch (request.response_format?.json_schema?.name) {
    case 'muster_plan':
      return json<PlanOutput>({ subtasks: planFor(numberIn(request, 'goal')) });
    case findingsShape.name: {
      const part = numberIn(request, 'subtask');
      if (request.messages.at(-1)?.role === 'tool') {
        await new Promise((done) => setTimeout(done, part * apartMs));
        return json<FindingsOutput>(findingsFor(part));
      }
      const search = { query: `coolant and checks of part ${part}`, limit: null };
      return { content: '', toolCalls: [{ name: searchDocuments.name, arguments: JSON.stringify(search) }] };
    }
    case answerShape.name:
      return json<AnswerOutput>(answerFrom(JSON.parse(block(request, 'findings')) as AnswerMaterial[]));
    case directShape.name: {
      await new Promise((done) => setTimeout(done, directMs));
      return json<DirectOutput>(directFrom(request));
    }
    default:
      throw new Error('the bench asks for plans, findings and answers only, or for one at once');
  }
}

function planFor(parts: number): PlanOutput['subtasks'] {
  return Array.from({ length: parts }, (_, i) => ({
    title: `Part ${i + 1}`,
    kind: researcher.name,
    goal: `Find how much coolant part ${i + 1} of the plant holds and how often it is checked.`,
    needs: [],
  }));
}

const findingsFor = (part: number): FindingsOutput => ({
  findings: [{ claim: factOf(part), citations: [{ source: sourceOf(part), quote: factOf(part) }] }],
  missing: [],
});

const answerFrom = (material: AnswerMaterial[]): AnswerOutput => ({
  sections: material.map(({ title, findings }) => ({
    heading: title,
    claims: findings.map(({ id, claim }) => ({ text: claim, findings: [id] })),
  })),
  gaps: [],
});

/** The first sentence of the first passage, said and quoted; without passages, said alone. */
function directFrom(request: ChatRequest): DirectOutput {
  const shown = /<passages>/.test(request.messages.map(textOf).join('\n'))
    ? (JSON.parse(block(request, 'passages')) as ShownPassage[])
    : [];
  const quote = /[A-Z][^.]*\./.exec(shown[0]?.text ?? '')?.[0];
  return {
    text: quote === undefined ? 'Part 1 holds coolant, as far as is generally known.' : `${quote.slice(0, -1)} [1].`,
    quotes: quote === undefined ? [] : [{ passage: 1, quote }],
    enough: true,
    missing: [],
  };
}

const json = <T>(value: T): Reply => ({ content: JSON.stringify(value), toolCalls: [] });

function block({ messages }: ChatRequest, tag: string): string {
  const text = messages.map(textOf).join('\n');
  const found = new RegExp(`<${tag}>\n([^]*?)\n</${tag}>`).exec(text)?.[1];
  if (found === undefined) throw new Error(`the request has no block ${tag}`);
  return found;
}

const numberIn = (request: ChatRequest, tag: string): number => Number(/\d+/.exec(block(request, tag))?.[0]);

const latencyMs = Number(process.argv[2]);
/** The findings of the nth part are said so many times later: n times. */
const apartMs = Number(process.argv[3] ?? 0);
/** So much longer takes an answer at once, and each of its pieces. */
const directMs = Number(process.argv[4] ?? 0);
const tokenMs = Number(process.argv[5] ?? 0);
const simulator = await startSimulator({ latencyMs, tokenMs, brain: scriptedBrain, keepBodies: false });
process.stdout.write(`ready ${simulator.url}\n`);
// Ends with the bench, however that ends.
process.stdin.resume().on('end', () => process.exit());
process.on('SIGTERM', () => process.exit());
