// details-table.ts: the Markdown that Temporal's Web UI shows as a task's current details. Its first rows only: it is made
// again whenever something changed.

import { spentOf } from '../protocol/budget.ts';
import { shownLife, stateOf, subtasksOf, type SubtaskState } from './state/tree.ts';
import type { MasterState } from './state/state.ts';

const MAX_ROWS = 60;
const MAX_CELL_CHARS = 120;

export function detailsTable({ stage, tree, ledger }: Pick<MasterState, 'stage' | 'tree' | 'ledger'>): string {
  const head = `**${stage}** · ${ledger.spent.modelCalls} model calls · ${spentOf(ledger.spent).tokens} tokens`;
  if (tree.ids.length === 0) return head;
  const more = tree.ids.length - MAX_ROWS;
  return [
    head,
    '',
    row(['', 'sub-agent', 'state', 'findings', 'turns', 'note']),
    '|---|---|---|---|---|---|',
    ...subtasksOf(tree, MAX_ROWS).map(rowOf),
    ...(more > 0 ? [`\n…and ${more} more`] : []),
  ].join('\n');
}

function rowOf(subtask: SubtaskState): string {
  const { findingCount, turns, failure } = shownLife(subtask);
  const { id, title } = subtask.spec;
  return row([id, cell(title), stateOf(subtask), findingCount, turns, cell(failure?.message ?? '')]);
}

// The Web UI puts no space between columns; an en space on each side does.
const row = (cells: (string | number)[]): string => `| ${cells.map((text) => `\u2002${text}\u2002`).join(' | ')} |`;

const cell = (text: string): string => text.slice(0, MAX_CELL_CHARS).replace(/[|\n\r]/g, ' ');
