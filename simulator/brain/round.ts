// round.ts: what else to look for where what was found is not enough: what failed once more, and what was left open besides what was
// found. What found nothing at all would find nothing again.

import { questionIn } from './report/gaps.ts';
import { besides } from './request/besides.ts';
import { asObject } from './request/passages.ts';
import { jsonBlock, type Prompt } from './request/prompt.ts';
import type { Refusals } from './request/reask.ts';
import { calledBy, namesIn } from './words/names.ts';

interface Asked {
  id: string;
  title: string;
  kind: string;
  goal: string;
  /** Earlier subtasks that it was to make up for. */
  fills: unknown[];
  isEmpty: boolean;
}

interface Subtask {
  title: string;
  kind: string;
  goal: string;
  needs: string[];
  fills: string[];
}

const MAX_TITLE = 60;
const MAX_NAMES = 4;

/** The subtasks of a further round. */
export function round({ blocks }: Prompt, refusals: Refusals): { subtasks: Subtask[] } {
  const documents = calledBy(jsonBlock(blocks, 'documents'));
  const asked = listIn(jsonBlock(blocks, 'subtasks')).map(readAsked);
  const told = Number(blocks.get('max'));
  const subtasks = listIn(jsonBlock(blocks, 'missing')).flatMap((item): Subtask[] => {
    const { id, why, says } = asObject(item);
    const own = asked.find((one) => one.id === id);
    if (!own) return [];
    const { title, kind, goal } = own;
    if (why === 'failed') return [{ title, kind, goal, needs: [], fills: [own.id] }];
    const open = listIn(says).flatMap((one) => (typeof one === 'string' ? questionIn(one, goal) : []));
    const [first] = open;
    if (why !== 'gap' || first === undefined) return [];
    const found = asked.filter((one) => !one.isEmpty && (one === own || one.fills.includes(own.id)));
    const question = withNames([...new Set(open)].join('\n'), goal, (word) => documents.has(word));
    return [{ title: short(first), kind, goal: besides(question), needs: found.map((one) => one.id), fills: [own.id] }];
  });
  const max = Number.isInteger(told) && told > 0 ? told : subtasks.length;
  return { subtasks: subtasks.filter(({ goal }) => !refusals.texts.has(goal)).slice(0, max) };
}

/** A part of a question stands by itself with the names of the whole. */
function withNames(part: string, whole: string, known: (word: string) => boolean): string {
  const names = namesIn(whole, known).filter(({ text }) => !part.includes(text));
  return names.length === 0
    ? part
    : `${part} (${names
        .slice(0, MAX_NAMES)
        .map(({ text }) => text)
        .join(', ')})`;
}

function readAsked(item: unknown): Asked {
  const { id, title, kind, goal, fills, found } = asObject(item);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const isEmpty = listIn(found).length === 0;
  return { id: text(id), title: text(title), kind: text(kind), goal: text(goal), fills: listIn(fills), isEmpty };
}

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

function short(question: string): string {
  const line = question.replace(/\s+/g, ' ').replace(/[?.!]+$/, '');
  return line.length <= MAX_TITLE ? line : `${line.slice(0, MAX_TITLE - 1).replace(/\s+\S*$/, '')}…`;
}
