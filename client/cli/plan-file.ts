// plan-file.ts: a plan as a person edits it in a file: what they changed of it, or why that can't be asked for. Pure.

import { z } from 'zod';
import type { PlanEdit, SubtaskChange } from '../../protocol/plan-edit.ts';
import { inWords } from '../../protocol/schemas/in-words.ts';
import type { TaskPlan } from '../../protocol/plan.ts';

const amount = z.number().optional();
const fileSchema = z.object({
  hash: z.string(),
  subtasks: z.array(
    z.strictObject({
      id: z.string().optional(),
      title: z.string().optional(),
      kind: z.string().optional(),
      goal: z.string(),
      needs: z.array(z.string()).optional(),
      background: z.boolean().optional(),
      limits: z.strictObject({ turns: amount, tokens: amount, seconds: amount, costUsd: amount }).optional(),
    }),
  ),
});

type EditedPlan = z.infer<typeof fileSchema>;
type EditedSubtask = EditedPlan['subtasks'][number];

/** What the file says, or in words why it is no plan. */
export function readPlanFile(text: string): EditedPlan | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const read = fileSchema.safeParse(value, { error: inWords });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is no plan'}`.trim();
}

/** The edit that makes one of the other, or in words why none does; undefined when nothing was changed. */
export function planEditOf(plan: TaskPlan, edited: EditedPlan): PlanEdit | string | undefined {
  if (edited.hash !== plan.hash)
    return `it is of another plan (${edited.hash.slice(0, 12)}) than the one that is there now (${plan.hash.slice(0, 12)})`;
  const kept = new Map(edited.subtasks.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])));
  const twice = edited.subtasks.find(
    ({ id }, at) => id !== undefined && edited.subtasks.findIndex((one) => one.id === id) < at,
  );
  if (twice) return `${twice.id} stands in it twice; a new subtask has no id`;
  const unknown = [...kept.keys()].find((id) => !plan.subtasks.some((one) => one.id === id));
  if (unknown !== undefined) return `${unknown} is no subtask of this plan; a new one has no id`;
  const drop = plan.subtasks.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
  const change: Record<string, SubtaskChange> = {};
  for (const planned of plan.subtasks) {
    const one = kept.get(planned.id);
    if (!one) continue;
    const problem = fixedProblem(planned, one, drop);
    if (problem !== undefined) return problem;
    const changed = changeOf(planned, one);
    if (Object.keys(changed).length > 0) change[planned.id] = changed;
  }
  const limited = edited.subtasks.find(({ id, limits }) => id === undefined && limits !== undefined);
  if (limited)
    return `the new subtask “${limited.goal.slice(0, 80)}” has limits; it gets those of the class, leave them out`;
  const add = edited.subtasks.flatMap(({ id, goal, title, kind, needs, background }) =>
    id === undefined
      ? [
          {
            goal,
            ...(title === undefined ? {} : { title }),
            ...(kind === undefined ? {} : { kind }),
            ...(needs ? { needs } : {}),
            ...(background ? { background } : {}),
          },
        ]
      : [],
  );
  if (drop.length + add.length + Object.keys(change).length === 0) return undefined;
  return {
    ...(drop.length > 0 ? { drop } : {}),
    ...(Object.keys(change).length > 0 ? { change } : {}),
    ...(add.length > 0 ? { add } : {}),
  };
}

type Planned = TaskPlan['subtasks'][number];

/** What of a planned subtask an edit can't change. */
function fixedProblem(planned: Planned, edited: EditedSubtask, dropped: string[]): string | undefined {
  const { id, kind, needs, limits } = planned;
  const isFixed = (what: string): string => `${id}: its ${what} can’t be changed; drop it, and add one without an id`;
  if (edited.kind !== undefined && edited.kind !== kind) return isFixed('kind');
  const wanted = needs.filter((need) => !dropped.includes(need));
  const asked = edited.needs?.filter((need) => !dropped.includes(need));
  if (asked && (asked.length !== wanted.length || !asked.every((need) => wanted.includes(need))))
    return isFixed('needs');
  if (edited.limits?.costUsd !== undefined && edited.limits.costUsd !== limits.costUsd) return isFixed('costUsd');
  return undefined;
}

function changeOf(planned: Planned, { title, goal, background, limits = {} }: EditedSubtask): SubtaskChange {
  const { turns, tokens, seconds } = limits;
  const now = { ...planned.limits, title: planned.title, goal: planned.goal, background: planned.background ?? false };
  const wanted = { title, goal, background, turns, tokens, seconds };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== undefined && value !== now[name as keyof typeof wanted]),
  );
}
