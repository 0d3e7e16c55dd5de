// support.ts: what the simulator's tests share: a real client, and a tiny library of documents with a search.

import OpenAI from 'openai';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import { isBeside, isToReadOn } from '../../simulator/brain/report/stretch.ts';
import type { Simulator } from '../../simulator/server.ts';
import type { ChatMessage, ChatRequest, Reply, ToolSpec } from '../../simulator/wire.ts';

export const clientOf = (simulator: Simulator, apiKey = 'test-key'): OpenAI =>
  new OpenAI({ baseURL: simulator.url, apiKey, maxRetries: 0, logLevel: 'off' });

export const HELLO = { model: 'muster-offline', messages: [{ role: 'user' as const, content: 'Hello there' }] };

export const format = (name: string, schema: object = {}) => ({
  type: 'json_schema' as const,
  json_schema: { name, schema: schema as Record<string, unknown> },
});

export const tool = (name: string, property: string): ToolSpec => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { [property]: { type: 'string' } }, required: [property] },
  },
});

export interface Doc {
  source: string;
  line: number;
  heading: string;
  text: string;
}

/** A document of one passage. */
export const only = (source: string, text: string, heading = '', line = 1): Doc => ({ source, line, heading, text });

/** The passages that share most words with the query; a stand-in for the product's search. */
export function search(docs: readonly Doc[], query: string, count = 4): (Doc & { id: string; score: number })[] {
  const asked = query.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  return docs
    .map((doc) => {
      const held = `${doc.source} ${doc.heading} ${doc.text}`.toLowerCase();
      const score = asked.filter((word) => held.includes(word)).length;
      return { ...doc, id: `${doc.source}:${doc.line}`, score };
    })
    .filter((doc) => doc.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

interface Told {
  claim: string;
  citations: { source: string; quote: string }[];
}

export interface Researched {
  /** The quotes that were chosen. */
  findings: Told[];
  /** The best of them once more, with what stands around it. */
  context: Told | undefined;
  /** Where to look on. */
  further: Told[];
  missing: string[];
  queries: string[];
  messages: ChatMessage[];
}

export interface ResearchOptions {
  /** Passages that a search gives. Default: 4. */
  count?: number;
  searchName?: string;
  readName?: string;
  system?: string;
  /** Puts the tagged blocks into other words. */
  wrap?: (blocks: string) => string;
}

/** Runs a sub-agent to its end, against the documents given. */
export function research(docs: readonly Doc[], goal: string, options: ResearchOptions = {}): Researched {
  const {
    count,
    searchName = 'search_documents',
    readName = 'read_document',
    wrap = (blocks: string) => blocks,
  } = options;
  const sources = JSON.stringify([...new Set(docs.map((doc) => doc.source))]);
  const blocks = `<goal>${goal}</goal>\n<subtask>${goal}</subtask>\n<documents>${sources}</documents>`;
  const messages: ChatMessage[] = [
    { role: 'system', content: options.system ?? 'You research documents.' },
    { role: 'user', content: wrap(blocks) },
  ];
  const tools = [tool(searchName, 'query'), tool(readName, 'source')];
  const queries: string[] = [];
  for (let turn = 0; turn < 8; turn += 1) {
    const reply = ask({ messages, tools, response_format: format('muster_findings') });
    if (reply.toolCalls.length === 0) {
      const told = JSON.parse(reply.content) as Pick<Researched, 'findings' | 'missing'>;
      const beside = told.findings.filter(({ claim }) => isBeside(claim));
      const findings = told.findings.filter((one) => !beside.includes(one));
      const further = beside.filter(({ claim }) => isToReadOn(claim));
      const context = beside.find((one) => !further.includes(one));
      return { findings, missing: told.missing, context, further, queries, messages };
    }
    const calls = reply.toolCalls.map((call, index) => ({
      id: `call_${turn}_${index}`,
      type: 'function' as const,
      function: call,
    }));
    messages.push({ role: 'assistant', content: null, tool_calls: calls });
    for (const call of calls) {
      const args = JSON.parse(call.function.arguments) as { query?: string; source?: string };
      if (args.query !== undefined) queries.push(args.query);
      messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(resultOf(docs, args, count)) });
    }
  }
  throw new Error('The sub-agent did not come to an end.');
}

function resultOf(docs: readonly Doc[], args: { query?: string; source?: string }, count?: number): unknown {
  if (args.query !== undefined) return { passages: search(docs, args.query, count) };
  const held = docs.filter((doc) => doc.source === args.source);
  if (held.length === 0) return { error: 'No such document.' };
  const text = held.map((doc) => doc.text).join('\n\n');
  return { source: args.source, line: 1, endLine: 99, totalLines: 99, text };
}

/** Asks the brain directly, without a server. */
export const ask = (request: Partial<ChatRequest>): Reply =>
  offlineBrain({ model: 'muster-offline', messages: [], ...request });

/** Asks the brain for a plan. */
export function planFor(
  goal: string,
  blocks = '',
): { title: string; kind: string; goal: string; needs: number[]; background: boolean }[] {
  const content = `<goal>${goal}</goal>${blocks}`;
  const reply = ask({ messages: [{ role: 'user', content }], response_format: format('muster_plan') });
  return (JSON.parse(reply.content) as { subtasks: ReturnType<typeof planFor> }).subtasks;
}

export const LIBRARY: readonly Doc[] = [
  {
    source: 'fetchly/readme.md',
    line: 1,
    heading: 'fetchly › Retries',
    text: 'Fetchly sends HTTP requests with little code. Failed requests are retried through the `backoffer` package,\nwhich waits between attempts.\n\n- Redirects are followed.\n',
  },
  {
    source: 'backoffer/readme.md',
    line: 12,
    heading: 'backoffer › Options',
    text: '# Options\n\nThe default delay before the first new attempt is 250 ms and doubles each time. See [the guide](https://example.org/guide) for more.\n\n```js\nbackoffer({ delay: 250 })\n```\n',
  },
  {
    source: 'parsely/readme.md',
    line: 3,
    heading: 'parsely › Errors',
    text: '![badge](https://img.example.org/a.svg)\n\nParsely throws a `ParseError` for unknown options. It never exits the process.\n',
  },
  {
    source: 'optiona/readme.md',
    line: 3,
    heading: 'optiona › Errors',
    text: 'Optiona prints the unknown options to stderr and exits with code 2.\n',
  },
  {
    source: 'queuely/readme.md',
    line: 8,
    heading: 'queuely › Limits',
    text: '| Option | Type | Default |\n|---|---|---|\n| `concurrency` | number | 8 |\n| `timeout` | number | 30000 |\n',
  },
];

/** What is said, and what is missing, where there is one document. */
export function asked(
  text: string,
  goal: string,
  source = 'harbour.md',
  heading = '',
): { claims: string[]; missing: string[] } {
  const { findings, missing } = research([only(source, text, heading)], goal);
  return { claims: findings.map(({ claim }) => claim), missing };
}
