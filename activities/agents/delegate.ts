// delegate.ts: the tool by which a sub-agent delegates parts of its work to subtasks of its own. Depth, number and tokens are
// bounded here; when they run is the Workflow's business.

import { z } from 'zod';
import { left, share, type Amounts } from '../../protocol/budget.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { PlannedSubtask } from '../../protocol/plan.ts';
import { canonicalJson, sha256 } from '../../protocol/schemas/hash.ts';
import { extendLimits } from '../loop/commands.ts';
import type { SubtaskLog } from '../loop/subtask-log.ts';
import { defineTool, Delegation, type Tool } from '../tools/tool.ts';
import { dedupeKeyOf } from './planned-subtask.ts';
import type { SubAgentKind } from './sub-agent.ts';

/** Share of what is left that may go to subtasks: the rest is for reading their results. */
const SHARE = 0.7;
/** Tokens below which a subtask could not do anything. */
const LEAST_TOKENS = 4_000;

/** The tool, for a sub-agent whose kind delegates and that is not too deep itself; undefined otherwise. */
export function delegateTool(
  parent: PlannedSubtask,
  kind: SubAgentKind,
  kinds: ReadonlyMap<string, SubAgentKind>,
  log: SubtaskLog,
): Tool | undefined {
  const { depth = 0 } = parent;
  const { delegates } = kind;
  if (!delegates || depth >= delegates.depth) return undefined;
  // The record of a delegation comes after this tool: a second one of the same turn would count without the first.
  let isBusy = false;
  const offered = [...kinds.values()].filter((one) => one.description !== '' && !one.input);
  const dollars = ({ costUsd }: SubtaskLimits): Amounts => (costUsd === undefined ? {} : { costUsd });
  return defineTool({
    name: 'delegate',
    description:
      'Hands parts of your subtask to other sub-agents that work beside each other, and returns what they found. ' +
      `At most ${delegates.max} at once. Kinds: ${offered.map((one) => `${one.name}: ${one.description}`).join(' ')}`,
    input: z.object({
      subtasks: z
        .array(
          z.object({
            title: z.string().min(1).max(120).describe('A few words'),
            kind: z.string().describe('One of the kinds'),
            goal: z.string().min(1).max(4_000).describe('Everything the sub-agent must know'),
          }),
        )
        .min(1),
    }),
    sideEffects: 'none',
    isContained: true,
    execute: async ({ subtasks }) => {
      if (isBusy) throw new Error('one call at a time: hand all parts to one, or the others once these are back');
      if (subtasks.length > delegates.max)
        throw new Error(`${subtasks.length} subtasks are too many: at most ${delegates.max} at once`);
      const unknown = subtasks.find((one) => !offered.some(({ name }) => name === one.kind));
      if (unknown) throw new Error(`there is no kind "${unknown.kind.slice(0, 60)}"`);
      const limits = extendLimits(parent.limits, log.commands);
      const rest = left({ tokens: limits.tokens, ...dollars(limits) }, log.spent);
      const { tokens = 0, ...cost } = share(rest, SHARE, subtasks.length);
      if (tokens < LEAST_TOKENS) throw new Error(`only ${rest.tokens ?? 0} tokens are left: do it yourself`);
      // Numbered on from what was delegated before, so that a second call makes no id twice.
      const before = log.delegatedCount;
      // Another life of the parent delegates anew: its subtasks are none of those that the first one had.
      const life = log.key.generation > 1 ? `g${log.key.generation}-` : '';
      isBusy = true;
      return new Delegation(
        subtasks.map(({ title, kind: name, goal }, at): PlannedSubtask => ({
          ...parent,
          id: `${parent.id}-${life}${before + at + 1}`,
          depth: depth + 1,
          title,
          kind: name,
          goal,
          needs: [],
          limits: { ...parent.limits, tokens, ...cost },
          inputHash: sha256(canonicalJson({ kind: name, goal, parent: parent.inputHash })),
          dedupeKey: dedupeKeyOf(name, goal),
        })),
      );
    },
  });
}
