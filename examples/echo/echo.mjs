// echo.mjs: a kind of sub-agent, a tool and a model provider of one's own, each a plain value. No key, no server but Temporal.

import { defineClass } from 'muster-agents';
import { defineModelProvider, defineSubAgent, defineTool, researcher } from 'muster-agents/activities';
import { z } from 'zod';

export const shout = defineTool({
  name: 'shout',
  description: 'Says a text louder.',
  input: z.object({ text: z.string().min(1) }),
  sideEffects: 'none',
  execute: async ({ text }) => ({ loud: `${text.toUpperCase()}!` }),
});

export const echo = defineSubAgent({
  name: 'echo',
  description: 'Says again what it heard, louder, where a document heard it, too.',
  tools: [...researcher.tools, shout],
  prompt: 'echo/1',
  open: ({ subtask }) => [{ role: 'user', content: JSON.stringify({ heard: subtask }) }],
});

const reply = (value, toolCalls = []) => ({
  text: value === undefined ? '' : JSON.stringify(value),
  toolCalls,
  inputTokens: 1,
  outputTokens: 1,
});

/** A model that follows a script: it plans one subtask, shouts, and reports what it shouted by the line that has it. */
export const parrot = defineModelProvider({
  model: 'parrot',
  offline: true,
  async generate({ messages, format }, { signal, onBytes }) {
    signal.throwIfAborted();
    onBytes();
    const first = messages.find(({ role }) => role === 'user')?.content ?? '';
    if (format?.name === 'muster_plan') {
      const goal = /<goal>\n([^]*?)\n<\/goal>/.exec(first)?.[1] ?? 'hello';
      return reply({ subtasks: [{ title: 'Echo', kind: 'echo', goal, needs: [] }] });
    }
    if (format?.name === 'muster_answer') {
      const findings = [...first.matchAll(/"id":"(s[^"]+)","claim":"([^"]*)"/g)];
      const claims = findings.map(([, id, claim]) => ({ text: claim, findings: [id] }));
      return reply({ sections: [{ heading: 'Echo', claims }], gaps: [] });
    }
    const text = first.startsWith('{') ? JSON.parse(first).heard : 'hello';
    const told = messages.flatMap(({ role, content }) => (role === 'tool' ? [JSON.parse(content)] : []));
    if (told.length === 0) {
      const call = (name, args) => ({ id: `call-${name}`, name, arguments: JSON.stringify(args) });
      return reply(undefined, [call('shout', { text }), call('search_documents', { query: text })]);
    }
    const loud = told.find((one) => one.loud)?.loud;
    const lines = told.flatMap(({ passages = [] }) =>
      passages.flatMap((one) => one.text.split('\n').map((quote) => ({ source: one.source, quote }))),
    );
    // A claim is what its quote says: the line that has it, word for word.
    const citation = lines.find(({ quote }) => quote.includes(loud));
    return reply(
      citation
        ? { findings: [{ claim: loud, citations: [citation] }], missing: [] }
        : { findings: [], missing: [`Nobody heard "${text}".`] },
    );
  },
  classify: (error) => ({ type: 'ModelUnavailable', message: error instanceof Error ? error.message : String(error) }),
});

// What `muster worker` loads, for muster.json names this file under "extensions"; main.mjs hands over the same lists.
export const kinds = [echo];
export const classes = [defineClass('brisk', { extends: 'quick', maxSubtasks: 1 })];
export const models = [parrot];
