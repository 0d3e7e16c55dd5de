// final-text.ts: what of a model's text is its output: not what it thinks in a block or a channel of its own, nor the marks
// of its dialect. Pure; knows forms of marks, no model's name.

import { jsonSlices, parsed, repaired } from './json-values.ts';

/** Blocks and channels that hold what a model thinks, plans or drafts. */
const THINKING =
  'think|thinking|thoughts?|reasoning|reason|reflection|analysis|scratchpad|planning|internal|monologue|draft';
/** `<think>`, `<ns:think a="b">`, `<|think|>`, `[THINK]`, `◁think▷`, `<|begin_of_thought|>`, `<|START_THINKING|>`. */
const mark = (sides: string, square: string): RegExp =>
  new RegExp(
    `(?:<\\|?|◁)\\s*${sides}(?:[a-z]+:)?(?:${THINKING})(?:\\s[^<>]{0,200})?\\s*(?:\\|?>|▷)|\\[${square}(?:think|thinking|reasoning)\\]`,
    'gi',
  );
const BEGINS = mark('(?:begin_of_|start_)?', '');
const ENDS = mark('(?:\\/|end_of_|end_)\\s*', '\\/');
/** `<|channel|>final<|message|>`: which channel the words behind it belong to; `<channel|>` ends one. */
const CHANNEL =
  /<channel\|>|<\|channel\|?>\s*([a-z_]+)?(?:\s+to=[^\s<]{1,80})?\s*(?:<\|constrain\|>[^<]{0,40})?(?:<\|message\|>)?/gi;
/** Other marks of a dialect that are no words: `<|im_end|>`, `<|start|>assistant`, `</s>`. */
const MARKS = /<\|start\|>\s*[a-z]*|<\|[a-z_]{1,40}\|>|<\/?s>|\[\/?(?:INST|RESP|RESPONSE|ANSWER)\]/gi;

/** The output in a text; empty when all of it is thinking. A text that is JSON as a whole is taken as it is. */
export function finalText(text: string): string {
  const whole = text.trim();
  if (whole === '' || parsed(whole) !== undefined) return whole;
  return beforeNextTurn(withoutThinking(finalChannel(whole)))
    .replace(MARKS, '')
    .trim();
}

/** A turn of the person that asks: a model that does not stop makes it up, and answers it. */
const NEXT_TURN =
  /<\|(?:im_start|start_header_id)\|>\s*(?:user|human)\b|<start_of_turn>\s*user\b|<\|user\|>|\[INST\]|(?<=[}`]\s*)\n\s*(?:Human|User)\s*:/g;

/** What stands before the first such turn, where it begins behind some words and not in what an object says. */
function beforeNextTurn(text: string): string {
  const turns = [...text.matchAll(NEXT_TURN)];
  if (turns.length === 0) return text;
  const objects = objectsIn(text);
  const next = turns.find(
    ({ index }) => text.slice(0, index).trim() !== '' && !objects.some(({ from, end }) => from < index && index < end),
  );
  return next ? text.slice(0, next.index) : text;
}

/** The words of the final channel, or those of none; a text without channels stays as it is. */
function finalChannel(text: string): string {
  const marks = [...text.matchAll(CHANNEL)];
  if (marks.length === 0) return text;
  let final: string | undefined;
  let outside = '';
  marks.forEach(({ 0: head, 1: name, index }, at) => {
    if (at === 0) outside += text.slice(0, index);
    const words = text.slice(index + head.length, marks[at + 1]?.index ?? text.length);
    // A mark without a name closes the channel before it.
    if (name === undefined) outside += words;
    else if (/^(final|answer|response)$/i.test(name)) final = words.split(/<\|(?:end|return|call)\|>/)[0];
  });
  return final ?? outside;
}

/**
 * Without blocks of thinking. One that is never closed goes on to the end; where one is closed that was never opened, the
 * prompt opened it. What an object says of such marks is its content.
 */
export function withoutThinking(text: string): string {
  const marks = [...all(BEGINS, text, true), ...all(ENDS, text, false)].sort((a, b) => a.at - b.at);
  if (marks.length === 0) return text;
  const objects = objectsIn(text);
  let isThinking = false;
  let kept = '';
  let from = 0;
  for (const { at, end, begins } of marks) {
    if (!isThinking && objects.some((one) => one.from < at && at < one.end)) continue;
    if (isThinking && begins) continue;
    kept = begins ? kept + text.slice(from, at) : isThinking ? kept : '';
    isThinking = begins;
    from = end;
  }
  return isThinking ? kept : kept + text.slice(from);
}

/** What was thought, without the marks around it. */
export const withoutMarks = (text: string): string => text.replace(BEGINS, '').replace(ENDS, '');

function objectsIn(text: string): { from: number; end: number }[] {
  let from = 0;
  return jsonSlices(text).slices.flatMap((slice) => {
    const at = text.indexOf(slice, from);
    from = at + slice.length;
    const isObject = parsed(slice) !== undefined || (/^\{\s*"/.test(slice) && repaired(slice) !== undefined);
    return isObject ? [{ from: at, end: from }] : [];
  });
}

const all = (pattern: RegExp, text: string, begins: boolean): { at: number; end: number; begins: boolean }[] =>
  [...text.matchAll(pattern)].map(({ 0: words, index }) => ({ at: index, end: index + words.length, begins }));
