// result-text.ts: what an MCP tool returns, as text for a model. Pictures and sounds are named, not shown; what the protocol
// does not know is shown as it is: an unfit result is data for the model all the same.

import { isObject } from './json-object.ts';
import { visibleText } from '../../../documents/extract/visible-text.ts';

/** Longer results are cut; what is shorter may still be paged by whoever hands it to a model. */
const MAX_CHARS = 500_000;
/** Values of structured content that are looked for in the text. */
const MOST_VALUES = 200;

export function readResult(result: Record<string, unknown>): { text: string; isError: boolean } {
  const { content, structuredContent, isError, _meta, resultType: _type, ...rest } = result;
  const blocks = (Array.isArray(content) ? content : content === undefined || content === null ? [] : [content])
    .map(blockText)
    .filter((text) => text !== '');
  // Servers that give structured content give the same as text, unless they were written carelessly.
  if (structuredContent !== undefined && (blocks.length === 0 || !holds(blocks.join('\n'), structuredContent)))
    blocks.push(JSON.stringify(structuredContent));
  if (blocks.length === 0 && Object.keys(rest).length > 0) blocks.push(JSON.stringify(rest));
  const text = visibleText(blocks.join('\n\n').slice(0, 2 * MAX_CHARS));
  return {
    text: text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}\n[cut: the result is longer than this]` : text,
    isError: isError === true || isError === 'true',
  };
}

/** Whether a text says all the values, as far as they are looked at. */
function holds(text: string, value: unknown): boolean {
  const left: unknown[] = [value];
  for (let seen = 0; left.length > 0 && seen < MOST_VALUES; seen += 1) {
    const one = left.pop();
    if (typeof one === 'object' && one !== null) left.push(...Object.values(one).slice(0, MOST_VALUES));
    else if (typeof one === 'number' && !text.includes(String(one))) return false;
    else if (typeof one === 'string' && !text.includes(one) && !text.includes(JSON.stringify(one).slice(1, -1)))
      return false;
  }
  return true;
}

function blockText(block: unknown): string {
  if (typeof block === 'string') return block;
  if (!isObject(block)) return JSON.stringify(block);
  const { type, text, data, mimeType, name, uri, resource } = block;
  if (type === 'text' || type === undefined) {
    if (typeof text === 'string') return text;
    return JSON.stringify(text ?? block);
  }
  if (typeof data === 'string') {
    const bytes = Math.round((data.length * 3) / 4);
    return `[${words(mimeType ?? type)}, ${Math.round(bytes / 1_000)} kB, not shown]`;
  }
  if (type === 'resource_link') return `[${words(name ?? 'link')}: ${words(uri)}]`;
  if (type === 'resource' && isObject(resource)) {
    return typeof resource.text === 'string' ? resource.text : `[${words(resource.uri)}, not text]`;
  }
  const { type: _named, ...rest } = block;
  return `[${words(type)}] ${typeof text === 'string' ? text : JSON.stringify(rest)}`;
}

const words = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? '?'));
