// usage.ts: what was spent, and how spending adds up.

export interface ModelUsage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Dollars, where the model's prices are known. */
  costUsd?: number;
}

export interface Usage {
  modelCalls: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** Tokens that reached no answer: failed validation, re-asks, failed attempts. Part of the tokens above. */
  wastedTokens: number;
  /** Of the input and output tokens those that no provider counted; absent when all were counted. */
  estimatedTokens?: number;
  /** Dollars of the calls whose model has known prices; absent when none has. */
  costUsd?: number;
  /** The same by the model that did the work; absent where nobody counted. */
  byModel?: Readonly<Record<string, ModelUsage>>;
  /** Of a task's result alone: what each of its sub-agents used, over all its lives. Sums leave it out. */
  bySubtask?: Readonly<Record<string, ModelUsage>>;
}

export const NO_USAGE: Usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, wastedTokens: 0 };

/** Whether a payload is a usage, as far as sums need it. */
export function isUsage(payload: unknown): payload is Usage {
  if (payload === null || typeof payload !== 'object') return false;
  const usage = payload as Partial<Record<string, unknown>>;
  return Object.keys(NO_USAGE).every((part) => Number.isFinite(usage[part]));
}

export function addUsage(a: Usage, b: Usage): Usage {
  const byModel = addByModel(a.byModel, b.byModel);
  return {
    modelCalls: a.modelCalls + b.modelCalls,
    toolCalls: a.toolCalls + b.toolCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    wastedTokens: a.wastedTokens + b.wastedTokens,
    ...estimated((a.estimatedTokens ?? 0) + (b.estimatedTokens ?? 0)),
    ...cost(a.costUsd, b.costUsd),
    ...(byModel ? { byModel } : {}),
  };
}

/** What was spent since `before`, of sums that only grow: so a running total takes in a sum that is told again and again. */
export function usageSince(now: Usage, before: Usage): Usage {
  if (before.modelCalls === 0 && before.toolCalls === 0) return now;
  const byModel = Object.entries(now.byModel ?? {}).flatMap(
    ([model, { calls, inputTokens, outputTokens, costUsd }]) => {
      const known = before.byModel?.[model];
      const more: ModelUsage = {
        calls: calls - (known?.calls ?? 0),
        inputTokens: inputTokens - (known?.inputTokens ?? 0),
        outputTokens: outputTokens - (known?.outputTokens ?? 0),
        ...(costUsd === undefined ? {} : { costUsd: costUsd - (known?.costUsd ?? 0) }),
      };
      return more.calls > 0 ? [[model, more] as const] : [];
    },
  );
  return {
    modelCalls: now.modelCalls - before.modelCalls,
    toolCalls: now.toolCalls - before.toolCalls,
    inputTokens: now.inputTokens - before.inputTokens,
    outputTokens: now.outputTokens - before.outputTokens,
    wastedTokens: now.wastedTokens - before.wastedTokens,
    ...estimated((now.estimatedTokens ?? 0) - (before.estimatedTokens ?? 0)),
    ...(now.costUsd === undefined ? {} : { costUsd: now.costUsd - (before.costUsd ?? 0) }),
    ...(byModel.length > 0 ? { byModel: Object.fromEntries(byModel) } : {}),
  };
}

const estimated = (tokens: number): { estimatedTokens?: number } => (tokens > 0 ? { estimatedTokens: tokens } : {});

const cost = (a: number | undefined, b: number | undefined): { costUsd?: number } =>
  a === undefined && b === undefined ? {} : { costUsd: (a ?? 0) + (b ?? 0) };

function addByModel(a: Usage['byModel'], b: Usage['byModel']): Usage['byModel'] {
  if (!a || !b) return a ?? b;
  const sum: Record<string, ModelUsage> = { ...a };
  for (const [model, more] of Object.entries(b)) {
    const one = sum[model];
    sum[model] = one
      ? {
          calls: one.calls + more.calls,
          inputTokens: one.inputTokens + more.inputTokens,
          outputTokens: one.outputTokens + more.outputTokens,
          ...cost(one.costUsd, more.costUsd),
        }
      : more;
  }
  return sum;
}
