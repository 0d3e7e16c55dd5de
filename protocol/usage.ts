// usage.ts: what was spent, and how spending adds up.

export interface Usage {
  modelCalls: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** Tokens that reached no answer: failed validation, re-asks, failed attempts. Part of the tokens above. */
  wastedTokens: number;
}

export const NO_USAGE: Usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0, wastedTokens: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    modelCalls: a.modelCalls + b.modelCalls,
    toolCalls: a.toolCalls + b.toolCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    wastedTokens: a.wastedTokens + b.wastedTokens,
  };
}
