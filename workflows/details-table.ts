// details-table.ts: the Markdown that Temporal's Web UI shows as a task's current details. Its first rows only: it is made
// again whenever something changed.

import { spentOf } from '../protocol/budget.ts';
import { counted } from '../protocol/counted.ts';
import { statusesOf, type Receiver } from './state/receivers.ts';
import { shownLife, stateOf, subtasksOf, type SubtaskState } from './state/tree.ts';
import type { MasterState } from './state/state.ts';

const MAX_ROWS = 60;
const MAX_WAITS = 10;
const MAX_CELL_CHARS = 120;

type Shown = Pick<MasterState, 'taskId' | 'stage' | 'tree' | 'ledger' | 'mailbox' | 'proposal' | 'receivers'>;

export function detailsTable({ taskId, stage, tree, ledger, mailbox, proposal, receivers }: Shown): string {
  const spent = `**${stage}** · ${counted(ledger.spent.modelCalls, 'model call')} · ${counted(spentOf(ledger.spent).tokens, 'token')}`;
  const waits = [
    ...(proposal ? [`waits for approval: \`muster approve ${taskId}\``] : []),
    ...Object.values(mailbox.questions).map(({ subtask, question }) => `${subtask} asks: ${code(question)}`),
  ];
  const more = waits.length - MAX_WAITS;
  const shown = [...waits.slice(0, MAX_WAITS), ...(more > 0 ? [`and ${more} more`] : [])];
  const head = [spent, ...shown.map((line) => `- ${line}`)].join('\n');
  return [...(receivers ? [deliveriesTable(receivers)] : []), subtasksTable(head, tree)].join('\n\n');
}

/** Of a background child: who is told of its task, and what became of it. */
function deliveriesTable(receivers: readonly Receiver[]): string {
  const told = statusesOf(receivers);
  if (told.length === 0) return receivers.length === 0 ? 'tells nobody' : 'waits for its task to end';
  const earlier = told.length - MAX_ROWS;
  return [
    row(['receiver', 'is told', 'state', 'tries', 'note']),
    '|---|---|---|---|---|',
    ...told
      .slice(-MAX_ROWS)
      .map(({ kind, to, event, state, tries, reason = '' }) =>
        row([code(`${kind} ${to}`), event, state, tries, reason === '' ? '' : code(reason)]),
      ),
    ...(earlier > 0 ? [`\n…and ${earlier} earlier`] : []),
  ].join('\n');
}

function subtasksTable(head: string, tree: MasterState['tree']): string {
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
  const { spec, round } = subtask;
  const { id, title } = spec;
  const note = [...(round ? [`round ${round.round}, for ${round.fills.join(', ')}`] : []), failure?.message ?? ''];
  return row([id, cell(title), stateOf(subtask), findingCount, turns, cell(note.join(' '))]);
}

// The Web UI puts no space between columns; an en space on each side does.
const row = (cells: (string | number)[]): string => `| ${cells.map((text) => `\u2002${text}\u2002`).join(' | ')} |`;

const cell = (text: string): string => text.slice(0, MAX_CELL_CHARS).replace(/[|\n\r]/g, ' ');

/** The words of others: as code nothing in them is a link or an image. */
const code = (text: string): string => `\`${cell(text).replaceAll('`', "'")}\``;
