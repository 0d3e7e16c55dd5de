// sub-agent.ts: what a kind of sub-agent is: a plain value that states its own properties.

import type { ChatMessage } from '../models/provider.ts';
import type { Tool } from '../tools/tool.ts';

/** What a kind builds its opening messages from. */
export interface Assignment {
  /** The whole task's goal. */
  goal: string;
  /** This subtask's goal. */
  subtask: string;
  /** Findings of the subtasks that it needed. */
  needs: { title: string; findings: { claim: string; source: string }[] }[];
  /** Names of the documents, the first few hundred. */
  documents: string[];
}

export interface SubAgentKind {
  name: string;
  /** For the planner: when to choose it. */
  description: string;
  tools: readonly Tool[];
  /** Version of its words, for the log. */
  prompt: string;
  /** Opening messages. **Contract:** pure. */
  open(assignment: Assignment): ChatMessage[];
}

/** Defines a kind of sub-agent. It answers with findings, whose quotes the loop checks against their sources. */
export function defineSubAgent(kind: SubAgentKind): SubAgentKind {
  return kind;
}
