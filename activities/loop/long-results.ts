// long-results.ts: a tool result that is too long to show at once goes to the store whole, and is read by the page.
// A model's context is shared by all results, so no single one may fill it.

import { z } from 'zod';
import type { Store } from '../../store/store.ts';
import { dataJson } from '../text/blocks.ts';
import { defineTool, MAX_CONTENT_BYTES, type Tool } from '../tools/tool.ts';

/** Characters of a page: in any script fewer bytes than one result may have. */
const PAGE_CHARS = 7_000;

/** What the model sees of a result: all of it, or its first page and how to go on. */
export async function shortenResult(content: string, store: Store): Promise<{ content: string; ref?: string }> {
  if (Buffer.byteLength(content) <= MAX_CONTENT_BYTES) return { content };
  const ref = await store.putBlob(content);
  return { content: dataJson(page(content, 1, ref)), ref };
}

/** The tool that reads on. Only results of this sub-agent's own calls can be named. */
export function readResult(refs: () => ReadonlySet<string>, store: Store): Tool {
  return defineTool({
    name: 'read_result',
    description: 'Reads a page of a tool result that was too long to show at once.',
    input: z.object({
      result: z.string().describe('The id that the shortened result gave'),
      page: z.int().min(1).describe('Which page, from 1'),
    }),
    sideEffects: 'none',
    isContained: true,
    execute: async ({ result, page: number }) => {
      if (!refs().has(result)) throw new Error(`there is no long result "${result.slice(0, 80)}"`);
      const text = Buffer.from(await store.getBlob(result)).toString('utf8');
      return page(text, Math.min(number, pagesOf(text)), result);
    },
  });
}

const pagesOf = (text: string): number => Math.max(1, Math.ceil(text.length / PAGE_CHARS));

function page(text: string, number: number, result: string): object {
  const pages = pagesOf(text);
  const note =
    number < pages
      ? `page ${number} of ${pages}; read on with read_result and page ${number + 1}`
      : `page ${number} of ${pages}, the last`;
  return { note, result, text: text.slice((number - 1) * PAGE_CHARS, number * PAGE_CHARS) };
}
