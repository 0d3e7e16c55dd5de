// models-used.ts: which of a step's models did its calls, by its log, and what a person should know of them.

import type { ModelLine } from '../models/model-line.ts';
import type { SubtaskLog } from './subtask-log.ts';

type Used = Pick<SubtaskLog, 'usage'>;

/** The model that was asked; where none was, the one that would have been. */
export function modelUsed({ usage }: Used, lines: readonly ModelLine[]): { name: string; offline: boolean } {
  const [name] = Object.keys(usage.byModel ?? {});
  const provider = (lines.find((line) => line.provider.model === name) ?? lines[0])?.provider;
  return { name: provider?.model ?? 'unknown', offline: provider?.offline ?? false };
}

/** What the models that were asked say of how a text was made, each once. @param byCode none was: the first one's word stands. */
export const notesOfModels = ({ usage }: Used, lines: readonly ModelLine[], byCode = false): Set<string> =>
  new Set(
    lines.flatMap(({ provider: { model, note } }, at) =>
      note !== undefined && (byCode ? at === 0 : usage.byModel?.[model] !== undefined) ? [note] : [],
    ),
  );
