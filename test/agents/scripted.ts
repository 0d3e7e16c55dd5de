// scripted.ts: a model that follows a script: this plan, these tool calls in turn, then findings from what the tools said.

import type { Brain, ChatMessage, ChatRequest, Reply } from '../../simulator/server.ts';

export interface Script {
  /** Subtasks of the plan; default: one researcher. */
  plan?: { title: string; goal: string; kind?: string; needs?: number[]; background?: boolean }[];
  /**
   * A sub-agent's turn: tool calls, or nothing for its findings. `results` are its tool results so far, oldest first;
   * `heard` all user messages after the first.
   */
  turn(goal: string, results: string[], heard: string[], request: ChatRequest): Reply['toolCalls'] | undefined;
  /** The verifier's verdicts, or the data for a schema. Default: nothing fits. */
  other?(step: string, request: ChatRequest): unknown;
  /** Findings once there are no more calls. Default: one finding per tool result, about lighthouse.md. */
  findings?(goal: string, results: string[], heard: string[]): unknown;
}

const QUOTE = 'It polls every 15 seconds.';

const reply = (value: unknown): Reply => ({ content: JSON.stringify(value), toolCalls: [] });

const textOf = (message: ChatMessage): string => (typeof message.content === 'string' ? message.content : '');

/** A call of a tool. */
export const call = (name: string, args: unknown = {}): Reply['toolCalls'][number] => ({
  name,
  arguments: JSON.stringify(args),
});

/** A finding that is in the fixtures. */
export const finding = (claim: string) => ({ claim, citations: [{ source: 'lighthouse.md', quote: QUOTE }] });

export function scripted(script: Script): Brain {
  return (request) => {
    const step = request.response_format?.json_schema?.name;
    if (step === 'muster_plan') {
      const plan = script.plan ?? [{ title: 'One', goal: 'one' }];
      return reply({ subtasks: plan.map((one) => ({ kind: 'researcher', needs: [], ...one })) });
    }
    const users = request.messages.filter(({ role }) => role === 'user').map(textOf);
    if (step === 'muster_answer') {
      const ids = [...new Set([...(users[0] ?? '').matchAll(/"id":"(s[^"]+)"/g)].map((match) => match[1] ?? ''))];
      const claims = ids.map((id) => ({ text: `claim of ${id}`, findings: [id] }));
      return reply({ sections: [{ heading: 'All', claims }], gaps: [] });
    }
    if (step !== 'muster_findings') return reply(script.other?.(step ?? '', request) ?? {});
    const goal = /<subtask>\n([^]*?)\n<\/subtask>/.exec(users[0] ?? '')?.[1] ?? '';
    const results = request.messages.filter(({ role }) => role === 'tool').map(textOf);
    const heard = users.slice(1);
    const calls = script.turn(goal, results, heard, request);
    if (calls && calls.length > 0 && request.tool_choice !== 'none') return { content: '', toolCalls: calls };
    return reply(
      script.findings?.(goal, results, heard) ?? {
        findings: [finding(results.join(' | ').slice(0, 900) || goal)],
        missing: [],
      },
    );
  };
}
