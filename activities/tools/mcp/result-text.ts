// result-text.ts: what an MCP tool brings, as text for a model. Pictures and sounds are named, not shown.

import type { CallToolResult } from '@modelcontextprotocol/client';
import { visibleText } from '../../../documents/extract/visible-text.ts';

/** Longer results are cut; what is shorter may still be paged by whoever hands it to a model. */
const MAX_CHARS = 500_000;

type Block = CallToolResult['content'][number];

export function resultText({ content, structuredContent }: CallToolResult): string {
  const blocks = content.map(blockText).filter((text) => text !== '');
  // Servers that give structured content give the same as text, unless they were written carelessly.
  if (blocks.length === 0 && structuredContent !== undefined) blocks.push(JSON.stringify(structuredContent));
  const text = visibleText(blocks.join('\n\n').slice(0, 2 * MAX_CHARS));
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}\n[cut: the result is longer than this]` : text;
}

function blockText(block: Block): string {
  if (block.type === 'text') return block.text;
  if (block.type === 'image' || block.type === 'audio') {
    return `[${block.mimeType}, ${Math.round((block.data.length * 3) / 4 / 1_000)} kB, not shown]`;
  }
  if (block.type === 'resource_link') return `[${block.name}: ${block.uri}]`;
  const { resource } = block;
  return 'text' in resource ? resource.text : `[${resource.uri}, not text]`;
}
