// trace-lines.ts: a trace as lines of text: the tree, when each span began and how long it took, tokens, cost, and what happened on
// the way.

import type { Span, SpanEvent, TaskTrace } from '../../../protocol/trace.ts';
import { columnsOf, cut, oneLine, pad } from '../terminal/text.ts';

const TIME_COLUMNS = 9;
const TOKEN_COLUMNS = 13;
const COST_COLUMNS = 9;
const LEAST_NAME = 30;

/** @param columns that a line may take. */
export function traceLines({ traceId, spans, background }: TaskTrace, columns: number): string[] {
  const all = [...spans, ...background.flat()];
  const ids = new Set(all.map(({ spanId }) => spanId));
  const children = new Map<string | undefined, Span[]>();
  for (const span of all) {
    const parent = span.parentId !== undefined && ids.has(span.parentId) ? span.parentId : undefined;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const roots = children.get(undefined) ?? [];
  const start = roots[0]?.start ?? 0;
  const names = Math.max(LEAST_NAME, columns - 2 * TIME_COLUMNS - TOKEN_COLUMNS - COST_COLUMNS);
  const lines = [
    `trace ${traceId}`,
    `${pad('', names)}${right('at', TIME_COLUMNS)}${right('took', TIME_COLUMNS)}${right('tokens', TOKEN_COLUMNS)}${right('cost', COST_COLUMNS)}`,
  ];
  const show = (span: Span, lead: string, isLast: boolean, isRoot: boolean): void => {
    const branch = isRoot ? '' : isLast ? '└─ ' : '├─ ';
    const below = isRoot ? '' : `${lead}${isLast ? '   ' : '│  '}`;
    const title = span.content?.['muster.title'];
    const failed = span.error ? ` ✗ ${span.error.type}` : '';
    const label = `${span.name}${failed}${typeof title === 'string' ? `  ${oneLine(title)}` : ''}`;
    lines.push(
      [
        pad(`${lead}${branch}${cut(label, names - 1 - columnsOf(lead + branch))}`, names),
        right(ago(span.start - start), TIME_COLUMNS),
        right(`${took(span.end - span.start)}${span.isOpen ? '…' : ''}`, TIME_COLUMNS),
        right(tokensOf(span), TOKEN_COLUMNS),
        right(costOf(span), COST_COLUMNS),
      ]
        .join('')
        .trimEnd(),
    );
    const inner = (children.get(span.spanId) ?? []).toSorted((a, b) => a.start - b.start);
    for (const event of span.events)
      lines.push(`${below}${inner.length > 0 ? '│' : ' '}  · ${eventLine(event, start)}`.slice(0, columns));
    for (const [at, child] of inner.entries()) show(child, below, at === inner.length - 1, false);
  };
  for (const root of roots) show(root, '', true, true);
  return lines;
}

const right = (text: string, columns: number): string => ' '.repeat(Math.max(1, columns - columnsOf(text))) + text;

const ago = (ms: number): string => `+${took(ms)}`;

function took(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)}:${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')}`;
}

/** In and out. */
function tokensOf({ attributes }: Span): string {
  const input = attributes['gen_ai.usage.input_tokens'] ?? attributes['muster.tokens.input'];
  const output = attributes['gen_ai.usage.output_tokens'] ?? attributes['muster.tokens.output'];
  return typeof input === 'number' && typeof output === 'number' && input + output > 0 ? `${input}→${output}` : '';
}

function costOf({ attributes }: Span): string {
  const cost = attributes['muster.cost_usd'];
  return typeof cost === 'number' ? `$${cost.toFixed(4)}` : '';
}

function eventLine({ name, at, attributes = {}, content = {} }: SpanEvent, start: number): string {
  const said = Object.values({ ...attributes, ...content })
    .map((value) => String(value))
    .filter((value) => value !== '');
  return oneLine(`${name}${said.length > 0 ? `: ${said.join(', ')}` : ''}  ${ago(at - start)}`);
}
