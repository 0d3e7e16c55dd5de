// read-content.ts: the text of a message's content, in any of the forms in which servers send it. Pure.

import { isObject } from '../text/json-values.ts';

/** The words of a content, and apart from them what it says is reasoning. */
export function readContent(content: unknown): { text: string; reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' };
  if (isObject(content) && !('type' in content) && !('text' in content)) return { text: json(content), reasoning: '' };
  let text = '';
  let reasoning = '';
  for (const part of Array.isArray(content) ? (content as unknown[]) : [content]) {
    if (typeof part === 'string') text += part;
    else if (isObject(part)) {
      const type = typeof part.type === 'string' ? part.type : 'text';
      if (/reason|think|thought|summary/.test(type))
        reasoning += wordsIn(part.thinking ?? part.text ?? part.reasoning ?? part.content);
      else if (type.endsWith('text')) text += wordsIn(part.text) || json(part.parsed);
      else if (type.endsWith('json')) text += json(part.json ?? part.parsed ?? part.value);
    }
  }
  return { text, reasoning };
}

/** An answer that a server has parsed already, as it was; nothing where there is none. */
export const json = (value: unknown): string => (isObject(value) ? JSON.stringify(value) : '');

/** The words of a part, which may itself be a list of parts. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((one) => wordsIn(isObject(one) ? one.text : one)).join('');
  // `{ "text": { "value": … } }`
  return isObject(value) ? wordsIn(value.value) : '';
}

/** The reasoning among a message's fields, under whatever name; what is sent under two names counts once. */
export function reasoningIn(fields: Record<string, unknown>): string {
  const named = Object.entries(fields).filter(([name]) => /^(reasoning|thinking|thought)/.test(name));
  return (
    named.map(([, value]) => value).find((value): value is string => typeof value === 'string' && value !== '') ??
    named.map(([, value]) => wordsIn(Array.isArray(value) ? value : undefined)).find((words) => words !== '') ??
    ''
  );
}
