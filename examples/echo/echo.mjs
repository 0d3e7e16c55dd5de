// echo.mjs: a kind of sub-agent, a tool and a model provider of one's own, each a plain value. No key, no server but Temporal.

import { defineClass } from 'muster-agents';
import { defineModelProvider, defineSubAgent, defineTool } from 'muster-agents/activities';
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
  description: 'Says again what it heard, louder.',
  tools: [shout],
  prompt: 'echo/1',
  open: ({ subtask }) => [{ role: 'user', content: JSON.stringify({ heard: subtask }) }],
});

const reply = (value, toolCalls = []) => ({
  text: value === undefined ? '' : JSON.stringify(value),
  toolCalls,
  inputTokens: 1,
  outputTokens: 1,
});

/** A model that follows a script: it plans one subtask, shouts, and reports what it shouted. */
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
    const heard = messages.findLast(({ role }) => role === 'tool');
    if (!heard) {
      const text = first.startsWith('{') ? JSON.parse(first).heard : 'hello';
      return reply(undefined, [{ id: 'call-1', name: 'shout', arguments: JSON.stringify({ text }) }]);
    }
    const quote = 'An echo says again what it heard.';
    return reply({
      findings: [{ claim: JSON.parse(heard.content).loud, citations: [{ source: 'README.md', quote }] }],
      missing: [],
    });
  },
  classify: (error) => ({ type: 'ModelUnavailable', message: error instanceof Error ? error.message : String(error) }),
});

// What `muster worker` loads, for muster.json names this file under "extensions"; main.mjs hands over the same lists.
export const kinds = [echo];
export const classes = [defineClass('brisk', { extends: 'quick', maxSubtasks: 1 })];
export const models = [parrot];
