// first-request.ts: what a model is asked in a first turn without tools; the same words give the same request. Pure.

import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { ModelLine } from '../models/model-line.ts';
import type { ChatMessage, ModelRequest } from '../models/provider.ts';
import type { OutputShape } from '../text/parse-output.ts';
import { compact } from './compact.ts';
import { outputBound } from './output-bound.ts';

/** @param models those that may be asked: it fits the smallest of their windows. */
export function firstRequest(
  messages: readonly ChatMessage[],
  { name, schema }: Pick<OutputShape<unknown>, 'name' | 'schema'>,
  limits: SubtaskLimits,
  models: readonly ModelLine[],
): ModelRequest {
  return {
    messages: compact([...messages], windowOf(models), [schema]),
    format: { name, schema },
    maxOutputTokens: outputBound(schema, limits),
  };
}

/** The smallest window of all; undefined where none is known. */
export function windowOf(models: readonly ModelLine[]): number | undefined {
  const window = Math.min(...models.map(({ provider }) => provider.contextTokens ?? Infinity));
  return Number.isFinite(window) ? window : undefined;
}
