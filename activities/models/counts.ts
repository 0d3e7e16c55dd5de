// counts.ts: numbers that a provider sends, at the border: a count is read as one or not at all.

/** No call has as many tokens: what is more is no count. */
const MOST = 50_000_000;

/** A count of tokens; a number as text is read, and undefined stands for what is none: negative, absurd, no number. */
export function tokenCount(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= MOST ? Math.round(number) : undefined;
}

/** What a call used: as counted by the provider, else as estimated. */
export interface CallTokens {
  inputTokens: number;
  outputTokens: number;
  /** Of these, the ones that nobody counted; absent when all were. */
  estimatedTokens?: number;
}

/**
 * @param counted the provider's own counts, as they came.
 * @param estimate tokens by length, which is asked for only where a count is missing or none: none for what has a length is no
 * count.
 */
export function callTokens(
  counted: { input: unknown; output: unknown },
  estimate: Record<'input' | 'output', () => number>,
): CallTokens {
  let estimatedTokens = 0;
  const of = (side: 'input' | 'output'): number => {
    const count = tokenCount(counted[side]);
    if (count !== undefined && count > 0) return count;
    const tokens = estimate[side]();
    if (count !== undefined && tokens <= 1) return count;
    estimatedTokens += tokens;
    return tokens;
  };
  const tokens = { inputTokens: of('input'), outputTokens: of('output') };
  return estimatedTokens > 0 ? { ...tokens, estimatedTokens } : tokens;
}
