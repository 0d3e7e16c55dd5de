// plan.ts: the master's step: cuts a goal into subtasks that can be worked on side by side.

import { aspectsOf } from './question/aspects.ts';
import { buildsOn } from './question/builds-on.ts';
import { clausesOf } from './question/clauses.ts';
import { sidesOf } from './question/comparison.ts';
import { asksFirst } from './request/asks-first.ts';
import { asObject } from './request/passages.ts';
import { jsonBlock, type Prompt } from './request/prompt.ts';
import type { Refusals } from './request/reask.ts';
import { calledBy, namesIn } from './words/names.ts';

interface Subtask {
  title: string;
  kind: string;
  goal: string;
  needs: number[];
  /** It is done after the answer. */
  background: boolean;
}

const MAX_TITLE = 60;
const DEFAULT_MAX = 12;
/** "Compare how A does x and how B does y" asks two questions; what is compared is not a side's aspect. */
const COMPARED_QUESTIONS = /^\s*(?:please\s+)?(?:compare|contrast)\s+(?=(?:how|what|when|where|which|why)\b)/i;

/** The plan for the goal in the prompt. */
export function plan(prompt: Prompt, refusals: Refusals): { subtasks: Subtask[] } {
  const { whole, kind } = chooseKind(
    prompt.blocks.get('goal') ?? prompt.text.trim(),
    jsonBlock(prompt.blocks, 'kinds'),
  );
  const { goal, afterwards } = cutAfterwards(whole);
  const told = Number(prompt.blocks.get('max'));
  const allowed = Number.isInteger(told) && told > 0 ? told : DEFAULT_MAX;
  const parts = split(goal.replace(COMPARED_QUESTIONS, ''), calledBy(jsonBlock(prompt.blocks, 'documents')));
  const max = refusals.unnamed > 0 ? Math.max(1, Math.floor(parts.length / 2 ** refusals.unnamed)) : allowed;
  const kept = parts.filter((part) => !refusals.texts.has(part.goal));
  const room = Math.max(1, Math.min(max, allowed) - (afterwards === undefined ? 0 : 1));
  const made = fit(kept.length > 0 ? kept : [{ title: goal, goal }], room).map((part) => ({
    title: short(part.title),
    kind,
    goal: part.goal,
    // Positions count while none was refused alone.
    needs: kept.length === parts.length ? (part.needs ?? []) : [],
    background: false,
  }));
  if (afterwards === undefined || made.length >= allowed) return { subtasks: made };
  const needs = made.map((_one, index) => index + 1);
  return {
    subtasks: [...made, { title: short(afterwards), kind, goal: `${afterwards} (${goal})`, needs, background: true }],
  };
}

/** "…, and then archive what was found": a goal whose end says what is to be done once it is answered. */
const AFTERWARDS =
  /^(.{3,}?)(?:[,;.?!]\s*|\s+)(?:and\s+)?(?:then|afterwards|after that)[,:]?\s+((?:archive|file|store|save|record|back up|collect)\s.+)$/is;

function cutAfterwards(goal: string): { goal: string; afterwards?: string } {
  const [, first = '', then = ''] = AFTERWARDS.exec(goal) ?? [];
  return first === '' ? { goal } : { goal: first.trim(), afterwards: then.trim() };
}

interface Part {
  title: string;
  goal: string;
  /** Positions, from 1, of parts whose findings it builds on. */
  needs?: number[];
}

function split(goal: string, known: Set<string>): Part[] {
  // Who asks needs the reply for the rest.
  const asks = asksFirst(goal);
  if (asks) return [{ title: asks.rest, goal }];
  const chain = buildsOn(goal);
  // The second has the whole question: what it asks of is named in the first alone.
  if (chain)
    return [
      { title: chain.first, goal: chain.first },
      { title: chain.second, goal, needs: [1] },
    ];
  const isKnown = (word: string): boolean => known.has(word);
  const isName = (word: string): boolean => known.has(word.toLowerCase()) || namesIn(`x ${word}`).length > 0;
  const parts = clausesOf(goal, isKnown).flatMap((clause): Part[] => {
    const sides = sidesOf(clause, isName);
    if (!sides) return (aspectsOf(clause) ?? [clause]).map((goal) => ({ title: goal, goal }));
    return sides.map(({ name, question, aspect }) => ({
      title: aspect === '' ? name : `${name}: ${aspect}`,
      goal: question,
    }));
  });
  // One part is the whole question, word for word: nothing of it may be lost.
  if (parts.length <= 1) return [{ title: goal, goal }];
  return parts.filter((part, index) => parts.findIndex((other) => other.goal === part.goal) === index);
}

/** Joins the last parts when there are more than allowed. */
function fit(parts: Part[], max: number): Part[] {
  if (parts.length <= max) return parts;
  const rest = parts.slice(max - 1);
  // Joined with what it builds on, it has the whole question already.
  const whole = rest.find(({ needs = [] }) => needs.some((need) => need >= max));
  if (whole) return [...parts.slice(0, max - 1), { title: whole.goal, goal: whole.goal }];
  return [...parts.slice(0, max - 1), { title: rest[0]?.title ?? '', goal: rest.map((part) => part.goal).join('\n') }];
}

/** `scheduler: When is …?`: who asks may name the kind that is to work on it. */
const TO_KIND = /^\s*([\w-]{1,64}):\s(.+)$/s;

/** The kind that the goal begins with, and the goal without it; else the first that says it looks things up, else the first. */
function chooseKind(goal: string, kinds: unknown): { whole: string; kind: string } {
  const named = (Array.isArray(kinds) ? (kinds as unknown[]) : []).flatMap((kind) => {
    const { name, description } = asObject(kind);
    return typeof name === 'string' ? [{ name, description: typeof description === 'string' ? description : '' }] : [];
  });
  const fits = named.find((kind) => /research|search|document|evidence/i.test(`${kind.name} ${kind.description}`));
  const [, to, rest = ''] = TO_KIND.exec(goal) ?? [];
  if (named.some(({ name }) => name === to) && to !== undefined && rest.trim() !== '')
    return { whole: rest.trim(), kind: to };
  return { whole: goal, kind: (fits ?? named[0])?.name ?? 'researcher' };
}

/** At most 60 characters, cut between words. */
function short(title: string): string {
  const line = title
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[?.!]+$/, '');
  if (line.length <= MAX_TITLE) return line;
  const cut = line.slice(0, MAX_TITLE - 1);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > MAX_TITLE / 2 ? space : undefined).replace(/[\s,;:]+$/, '')}…`;
}
