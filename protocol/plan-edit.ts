// plan-edit.ts: how a person changes a plan that waits for approval. The edited plan is checked like any plan: here what its
// graph and its class say, by the worker which kinds there are (activities/revise-plan.ts).

import type { RequestClass } from './classes.ts';
import { planProblem, type SubtaskSpec } from './plan.ts';
import { goalProblem } from './task.ts';

/** Absent parts stay as planned. */
export interface PlanEdit {
  /** Ids of subtasks that are left out; what needed them needs them no more. */
  drop?: string[];
  /** Other words or smaller limits for a subtask, by its id. */
  change?: Record<string, SubtaskChange>;
  /** More subtasks, numbered on behind those that there are. */
  add?: AddedSubtask[];
}

export interface SubtaskChange {
  title?: string;
  goal?: string;
  turns?: number;
  tokens?: number;
  seconds?: number;
  /** Whether the answer waits for it no more, or again. */
  background?: boolean;
}

export interface AddedSubtask {
  goal: string;
  title?: string;
  kind?: string;
  /** Ids, of the plan or of what is added with it. */
  needs?: string[];
  /** It is done after the answer. Default: the answer waits for it. */
  background?: boolean;
}

const CHANGED_LIMITS = ['turns', 'tokens', 'seconds'] as const;
const MAX_TITLE_CHARS = 120;

/** Whether an edit changes anything. */
export const changesPlan = ({ drop = [], change = {}, add = [] }: PlanEdit = {}): boolean =>
  drop.length + add.length + Object.keys(change).length > 0;

/** The ids that added subtasks get: on behind the highest of the plan, in their order. */
export function addedIds(planned: readonly Pick<SubtaskSpec, 'id'>[], { add = [] }: PlanEdit): string[] {
  const highest = Math.max(0, ...planned.map(({ id }) => Number(/^s(\d+)$/.exec(id)?.[1] ?? 0)));
  return add.map((_one, at) => `s${highest + at + 1}`);
}

/** Ids, needs and modes of the edited plan, in its order. */
export function editedGraph(
  planned: readonly Pick<SubtaskSpec, 'id' | 'needs' | 'mode'>[],
  edit: PlanEdit,
): Pick<SubtaskSpec, 'id' | 'needs' | 'mode'>[] {
  const dropped = new Set(edit.drop ?? []);
  const ids = addedIds(planned, edit);
  const modeOf = (background: boolean) => (background ? ('background' as const) : ('blocking' as const));
  const added = (edit.add ?? []).map(({ needs = [], background = false }, at) => ({
    id: ids[at] ?? '',
    needs,
    mode: modeOf(background),
  }));
  return [...planned, ...added]
    .filter(({ id }) => !dropped.has(id))
    .map(({ id, needs, mode }) => ({
      id,
      mode: modeOf(edit.change?.[id]?.background ?? mode === 'background'),
      needs: [...new Set(needs)].filter((need) => !dropped.has(need)),
    }));
}

/** Why this is no edit, of any plan; undefined when it is one. Anybody may send one. */
export function editShapeProblem(edit: unknown): string | undefined {
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
  const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
  const areTexts = (value: unknown): boolean =>
    value === undefined || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
  if (!isRecord(edit)) return 'an edit has the form { drop?, change?, add? }';
  const { drop, change = {}, add = [], ...rest } = edit;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `an edit has no "${unknown.slice(0, 40)}"; it has drop, change and add`;
  if (!areTexts(drop)) return '"drop" is a list of ids of subtasks';
  if (!isRecord(change) || !Object.values(change).every(isRecord))
    return '"change" names subtasks by their ids: { "s1": { … } }';
  for (const [id, one] of Object.entries(change as Record<string, Record<string, unknown>>)) {
    const [odd] = Object.keys(one).filter((name) => !['title', 'goal', 'background', ...CHANGED_LIMITS].includes(name));
    if (odd !== undefined)
      return `${id}: "${odd.slice(0, 40)}" can't be changed; title, goal, background, turns, tokens and seconds can`;
    if (!isText(one.title) || !isText(one.goal)) return `${id}: title and goal are texts`;
    if (!isFlag(one.background)) return `${id}: background is true or false`;
    if (CHANGED_LIMITS.some((name) => one[name] !== undefined && typeof one[name] !== 'number'))
      return `${id}: turns, tokens and seconds are numbers`;
  }
  if (!Array.isArray(add)) return '"add" is a list of subtasks';
  for (const one of add as unknown[]) {
    if (
      !isRecord(one) ||
      typeof one.goal !== 'string' ||
      !isText(one.title) ||
      !isText(one.kind) ||
      !isFlag(one.background) ||
      !areTexts(one.needs)
    )
      return 'an added subtask has the form { goal, title?, kind?, needs?, background? }';
  }
  return undefined;
}

/** Why this plan can't be edited so, in words for the person who did; undefined when it can. Its shape is judged before. */
export function planEditProblem(
  planned: readonly Pick<SubtaskSpec, 'id' | 'needs' | 'mode'>[],
  edit: PlanEdit,
  { name, maxSubtasks, subtask }: RequestClass,
): string | undefined {
  const known = new Set(planned.map(({ id }) => id));
  const there = `it has ${planned.map(({ id }) => id).join(', ')}`;
  const dropped = new Set(edit.drop ?? []);
  for (const id of dropped) if (!known.has(id)) return `${id} is no subtask of this plan; ${there}`;
  for (const [id, change] of Object.entries(edit.change ?? {})) {
    if (!known.has(id)) return `${id} is no subtask of this plan; ${there}`;
    if (dropped.has(id)) return `${id} is dropped and changed; do one of them`;
    const problem = wordsProblem(id, change);
    if (problem) return problem;
    for (const limit of CHANGED_LIMITS) {
      const value = change[limit];
      if (value === undefined) continue;
      if (!(value >= LEAST[limit]) || !Number.isFinite(value) || (limit !== 'seconds' && !Number.isInteger(value)))
        return `${id}: ${limit} is ${value}; it must be a ${limit === 'seconds' ? '' : 'whole '}number from ${LEAST[limit]}`;
      if (value > subtask[limit])
        return `${id}: ${limit} is ${value}; class ${name} allows ${subtask[limit]} a subtask`;
    }
  }
  const ids = addedIds(planned, edit);
  for (const [at, one] of (edit.add ?? []).entries()) {
    const problem = wordsProblem(ids[at] ?? '', one);
    if (problem) return problem;
  }
  const graph = editedGraph(planned, edit);
  if (graph.length === 0) return 'no subtask is left; refuse the plan instead';
  if (graph.length > maxSubtasks) return `there are ${graph.length} subtasks; class ${name} allows ${maxSubtasks}`;
  return planProblem(graph);
}

/** What a subtask needs to do anything at all. */
const LEAST = { turns: 2, tokens: 1_000, seconds: 1 } as const;

function wordsProblem(id: string, { title, goal }: SubtaskChange): string | undefined {
  if (title !== undefined && (title.trim() === '' || title.length > MAX_TITLE_CHARS))
    return `${id}: a title has 1 to ${MAX_TITLE_CHARS} characters`;
  const problem = goal === undefined ? undefined : goalProblem(goal);
  return problem === undefined ? undefined : `${id}: ${problem}`;
}
