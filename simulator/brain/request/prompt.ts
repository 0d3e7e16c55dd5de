// prompt.ts: finds the tagged blocks of a message, and nothing else in it: the words around them may change.
// Blocks are read from left to right and a block's inside is skipped, so text in a JSON block can't open another.

import { textOf, type ChatMessage } from '../../wire.ts';

const JSON_TAGS = new Set([
  'kinds',
  'documents',
  'passages',
  'needs',
  'findings',
  'headings',
  'claims',
  'answer',
  'earlier',
  'board',
  'subtasks',
  'missing',
  'conflicts',
  'gaps',
]);
const OPENING =
  /<(goal|subtask|kinds|documents|passages|needs|findings|headings|claims|answer|max|problems|earlier|board|subtasks|missing|conflicts|gaps)>/g;
const TASK_TAGS = ['goal', 'subtask', 'findings'];

export type Blocks = Map<string, string>;

/** The message that states the task, and what was said after it. */
export interface Prompt {
  blocks: Blocks;
  /** Whole text of the message. */
  text: string;
  /** Messages after the one that states the task. */
  after: ChatMessage[];
}

/** The blocks of a text: the first of each name. */
export function blocksOf(text: string): Blocks {
  const blocks: Blocks = new Map();
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(text); match; match = OPENING.exec(text)) {
    const tag = match[1] ?? '';
    const start = OPENING.lastIndex;
    const end = JSON_TAGS.has(tag) ? jsonEnd(text, start) : text.indexOf(`</${tag}>`, start);
    const stop = end < 0 ? text.length : end;
    if (!blocks.has(tag)) blocks.set(tag, text.slice(start, stop).trim());
    OPENING.lastIndex = stop;
  }
  return blocks;
}

/** The block as JSON; undefined when there is none or it does not parse. */
export function jsonBlock(blocks: Blocks, tag: string): unknown {
  return looseJson(blocks.get(tag) ?? '');
}

/** Parses JSON that may stand among other text. */
export function looseJson(text: string): unknown {
  const start = text.search(/[[{]/);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start, jsonEnd(text, start)));
  } catch {
    return undefined;
  }
}

/** Where the JSON value that begins at or after `start` ends; strings are skipped whole. */
function jsonEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && char === '<') return at;
  }
  return text.length;
}

/** Finds the task among the messages: the last user message with a task's tag, else the last that is no complaint. */
export function readPrompt(messages: ChatMessage[]): Prompt {
  let fallback: Prompt | undefined;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message?.role !== 'user') continue;
    const text = textOf(message);
    const blocks = blocksOf(text);
    const prompt = { blocks, text, after: messages.slice(at + 1) };
    if (TASK_TAGS.some((tag) => blocks.has(tag))) return prompt;
    if (!fallback && !blocks.has('problems')) fallback = prompt;
  }
  return fallback ?? { blocks: new Map(), text: '', after: [] };
}
