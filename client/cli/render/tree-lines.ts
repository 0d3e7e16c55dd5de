// tree-lines.ts: a task's view as the lines of the live tree, no wider and no higher than the terminal. Pure.

import type { STEP_LOGS } from '../../../protocol/names.ts';
import type { TaskStatus } from '../../status.ts';
import type { Colours } from '../terminal/io.ts';
import type { SubtaskView, TaskView } from './task-view.ts';
import { columnsOf, formatCount, counted, cut, cutAtStart, duration, oneLine, pad, wrap } from '../terminal/text.ts';

export interface TreeSize {
  columns: number;
  rows: number;
}

type State = SubtaskView['state'];

/** How each state looks, in the order in which they are shown where not all fit: first what a person should see. */
const LOOKS: Record<State, { symbol: string; colour: 'green' | 'red' | 'yellow' | 'cyan' | 'dim' }> = {
  retrying: { symbol: '↻', colour: 'yellow' },
  running: { symbol: '●', colour: 'cyan' },
  waiting: { symbol: '…', colour: 'yellow' },
  failed: { symbol: '✗', colour: 'red' },
  planned: { symbol: '○', colour: 'dim' },
  done: { symbol: '✓', colour: 'green' },
  stopped: { symbol: '■', colour: 'dim' },
  skipped: { symbol: '–', colour: 'dim' },
};
const URGENCY = Object.keys(LOOKS);
/** Of a state that only a newer worker knows. */
const UNKNOWN_LOOK = { symbol: '?', colour: 'dim' } as const;
const lookOf = (state: State): (typeof LOOKS)[State] => (Object.hasOwn(LOOKS, state) ? LOOKS[state] : UNKNOWN_LOOK);
const MAX_TITLE_COLUMNS = 40;
const MAX_NOTE_LINES = 3;
const MIN_ROWS_FOR_ID = 10;
/** From here on the state's word stands beside its symbol. */
const MIN_COLUMNS_FOR_STATE = 30;

/** Lines without line ends; the last column stays free, so that no terminal wraps. */
export function treeLines(view: TaskView, { columns, rows }: TreeSize, now: number, colours: Colours): string[] {
  const width = Math.max(20, columns - 1);
  const { bold, dim, yellow } = colours;
  const head = [
    // Until its first status nobody here knows its goal.
    bold(cut(view.goal || view.taskId, width)),
    ...(rows < MIN_ROWS_FOR_ID || view.goal === '' ? [] : [dim(cut(view.taskId, width))]),
    dim(cut(headline(view, now, width), width)),
    ...workLines(view).map(({ line }) => dim(cut(line, width))),
  ];
  const most = Math.max(1, Math.min(MAX_NOTE_LINES, rows - 5));
  const note = [...(view.note === undefined ? [] : [view.note]), ...view.remarks]
    .flatMap((one) => noteLines(oneLine(one), width, most))
    .slice(0, most)
    .map((line) => yellow(line));
  const asking = view.asking === undefined ? [] : [dim(cutAtStart(view.asking, width))];
  const room = Math.max(1, rows - 1 - head.length - note.length - asking.length);
  const { shown, left } = choose(view.subtasks, room);
  const lines = subtaskLines(shown, width, now, colours);
  if (left.length > 0) lines.push(dim(cut(`  … and ${left.length} more: ${tally(left)}`, width)));
  return [...head, ...lines, ...note, ...asking];
}

/** A command that a note ends with is there to be copied: it stands on a line of its own where the note is longer than one. */
function noteLines(note: string, width: number, most: number): string[] {
  const all = wrap(`! ${note}`, width);
  const [, words, command] = /^(.*:) (muster \S+ .+)$/.exec(note) ?? [];
  if (all.length === 1 || words === undefined || command === undefined) return all;
  const ends = wrap(command, width);
  return [...wrap(`! ${words}`, width).slice(0, Math.max(1, most - ends.length)), ...ends];
}

interface WorkLine {
  of: string;
  line: string;
  /** It has events, which say more. */
  isEventful?: boolean;
}

/** What the master's steps and the sub-agents are at, a line each: that a long one works, and is not stuck. */
export function workLines({
  step,
  reading,
  live = [],
}: Pick<TaskStatus, 'step' | 'reading'> & Partial<Pick<TaskStatus, 'live'>>): WorkLine[] {
  const named = live.slice(0, MOST_NAMED).map(({ id, phase, tokens, writes = '' }) => {
    const text = writes === '' ? '' : ` “…${oneLine(writes).slice(-WRITTEN_CHARS)}”`;
    return `${id} ${oneLine(phase)} (${counted(tokens, 'token')} so far)${text}`;
  });
  const more = live.length > MOST_NAMED ? [`${live.length - MOST_NAMED} more`] : [];
  return [
    ...(reading === undefined ? [] : [{ of: 'documents', line: `documents: ${oneLine(reading)}` }]),
    ...(step === undefined ? [] : [{ of: step.name, line: stepLine(step) }]),
    ...(live.length === 0 ? [] : [{ of: 'sub-agents', line: [...named, ...more].join('; '), isEventful: true }]),
  ];
}

/** Sub-agents that are named in one line. */
const MOST_NAMED = 3;
/** Characters of what a sub-agent's model writes just now. */
const WRITTEN_CHARS = 60;

/** What a person calls a step of the master; one of a newer worker by its name. */
const STEPS: Readonly<Record<string, string>> = {
  plan: 'planning',
  round: 'planning a further round',
  synthesize: 'writing the answer',
  'answer so far': 'writing the answer so far',
  verify: 'checking the answer',
  shape: 'filling the schema',
  direct: 'answering at once',
  conflicts: 'comparing what documents say',
  settle: 'settling what documents say differently',
} satisfies Record<keyof typeof STEP_LOGS, string>;

const stepLine = ({ name, model, tokens, seconds }: NonNullable<TaskStatus['step']>): string =>
  `${Object.hasOwn(STEPS, name) ? STEPS[name] : oneLine(name)}: ${oneLine(model)} ${tokens > 0 ? `has written about ${counted(tokens, 'token')}` : 'is asked'}, ${duration(seconds * 1_000)}`;

/** What says least goes first where not all fits: the budget, the documents, the tokens, how long others took. */
function headline(view: TaskView, now: number, width: number): string {
  const tokens = Math.max(
    view.tokens,
    view.subtasks.reduce((sum, one) => sum + one.tokens, 0),
  );
  const parts = {
    stage: view.stage === 'closed' || view.state !== 'running' ? view.state : view.stage,
    took: duration((view.closedAt ?? now) - view.startedAt),
    left: view.left ? leftInWords(view.left) : '',
    tokens: tokens > 0 ? counted(tokens, 'token') : '',
    money: view.money && view.stage !== 'closed' ? moneyInWords(view.money) : '',
    documents: view.documents === undefined ? '' : counted(view.documents, 'document'),
    subtasks: view.subtasks.length > 0 ? tally(view.subtasks) : '',
  };
  const line = (): string =>
    Object.values(parts)
      .filter((part) => part !== '')
      .join(' · ');
  for (const least of ['money', 'documents', 'tokens', 'left'] as const)
    if (columnsOf(line()) > width) parts[least] = '';
  return line();
}

/** What of the budget is promised to those at work, and what is left beside that. */
function moneyInWords({ reserved, left }: NonNullable<TaskView['money']>): string {
  const { tokens, costUsd } = left;
  return [
    ...(tokens === undefined ? [] : [`${formatCount(reserved.tokens)} reserved, ${formatCount(tokens)} left`]),
    ...(costUsd === undefined ? [] : [`$${reserved.costUsd.toFixed(2)} reserved, $${costUsd.toFixed(2)} left`]),
  ].join(', ');
}

/** By what other tasks took; a class alone says only by when it should be done. */
const leftInWords = ({ basis, p50Ms, p90Ms }: NonNullable<TaskView['left']>): string =>
  basis === 'class'
    ? `at most ${duration(p90Ms)} left by its class`
    : `about ${duration(p50Ms)} left, 9 of 10 within ${duration(p90Ms)}`;

function subtaskLines(shown: SubtaskView[], width: number, now: number, colours: Colours): string[] {
  const ids = Math.max(0, ...shown.map((one) => columnsOf(oneLine(one.id))));
  const titles = Math.min(
    MAX_TITLE_COLUMNS,
    Math.floor(width * 0.4),
    Math.max(0, ...shown.map((one) => columnsOf(oneLine(one.title)))),
  );
  const tails = shown.map((one) => [
    one.startedAt === undefined ? '' : clockOf((one.endedAt ?? now) - one.startedAt),
    one.tokens > 0 ? `${formatCount(one.tokens)} tok` : '',
  ]);
  const widest = [0, 1].map((at) => Math.max(0, ...tails.map((tail) => tail[at]?.length ?? 0)));
  return shown.map((one, i) => {
    const tail = widest
      .flatMap((columns, at) => (columns > 0 ? [pad(tails[i]?.[at] ?? '', columns, 'left')] : []))
      .join(' ');
    const start = `${lookOf(one.state).symbol} ${pad(cut(one.id, ids), ids)}  ${pad(cut(one.title, titles), titles)}  `;
    const middle = width - columnsOf(start) - columnsOf(tail) - 1;
    // A narrow terminal shows what is going on rather than what it cost.
    const what = `${one.round === undefined ? '' : `round ${one.round}: `}${doing(one, now)}`;
    if (middle < 16) return paint(one, cut(`${start}${what}`, width), colours);
    const word = one.state === 'running' && middle >= MIN_COLUMNS_FOR_STATE ? stateWord(one) : '';
    return `${paint(one, start, colours)}${pad(cut(word + what, middle), middle)} ${colours.dim(tail)}`;
  });
}

/** A person who saw it interrupted is told that it goes on. */
const stateWord = ({ interruptions }: SubtaskView): string => (interruptions > 0 ? 'resumed, ' : 'running, ');

function doing(one: SubtaskView, now: number): string {
  const findings = counted(one.findings, 'finding');
  switch (one.state) {
    case 'planned':
      return one.needs.length > 0 ? `waits for ${one.needs.join(', ')}` : 'not started yet';
    case 'running':
      return one.writes === undefined ? phaseOf(one) : `${phaseOf(one)}: …${one.writes.slice(-MAX_WRITES)}`;
    case 'retrying': {
      const when = one.retryAt === undefined ? '' : ` in ${duration(one.retryAt - now)}`;
      return `tries again${when}: ${one.problem ?? ''}`;
    }
    case 'waiting':
      return `waits for ${one.waitsFor ?? 'a reply from outside'}`;
    case 'done':
      return `done, ${findings}${one.turns > 0 ? `, ${counted(one.turns, 'turn')}` : ''}`;
    case 'failed':
    case 'skipped':
    case 'stopped':
      return `${one.state}${one.findings > 0 ? `, ${findings}` : ''}${one.problem === undefined ? '' : `: ${one.problem}`}`;
    default:
      return one.state satisfies never;
  }
}

const phaseOf = ({ phase, turns }: SubtaskView): string => phase || (turns > 0 ? `turn ${turns}` : 'at work');

const MAX_WRITES = 60;

/** 0:08, 2:05, 1:03:10 */
function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

const paint = ({ state }: SubtaskView, text: string, colours: Colours): string => colours[lookOf(state).colour](text);

function tally(subtasks: readonly SubtaskView[]): string {
  return [...new Set([...URGENCY, ...subtasks.map((one) => one.state)])]
    .flatMap((state) => {
      const many = subtasks.filter((one) => one.state === state).length;
      return many > 0 ? [`${many} ${state}`] : [];
    })
    .join(', ');
}

/** As many as fit, in the plan's order. */
function choose(subtasks: SubtaskView[], room: number): { shown: SubtaskView[]; left: SubtaskView[] } {
  if (subtasks.length <= room) return { shown: subtasks, left: [] };
  const urgent = new Set(
    subtasks.toSorted((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state)).slice(0, Math.max(0, room - 1)),
  );
  return { shown: subtasks.filter((one) => urgent.has(one)), left: subtasks.filter((one) => !urgent.has(one)) };
}
