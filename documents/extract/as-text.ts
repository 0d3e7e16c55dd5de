// as-text.ts: decoded content of a kind to the text that is read and quoted, the same whether it was a file or a page of
// the web. Change what comes out for some content, and the versions of both (extracted.ts, read-page.ts) must rise.

import type { Extracted, TextShape } from './extracted.ts';
import { asciidocText } from './asciidoc.ts';
import { breakLongJsonLines } from './break-json-lines.ts';
import { withoutHtml } from './html-in-markdown.ts';
import { withoutInlineData } from './inline-data.ts';
import { orgText } from './org.ts';
import { podText } from './pod.ts';
import { roffText } from './roff.ts';
import { withObjects } from './rst-objects.ts';
import { withoutSiteMarks } from './site-marks.ts';

export type TextKind = 'asciidoc' | 'html' | 'json' | 'notebook' | 'org' | 'pod' | 'roff' | TextShape;

/** Markup that a text is written in, by the ending of its name. */
const MARKUP: Readonly<Record<string, TextKind>> = {
  '.adoc': 'asciidoc',
  '.asciidoc': 'asciidoc',
  '.org': 'org',
  '.pod': 'pod',
};

export const markupOf = (extension: string): TextKind | undefined => MARKUP[extension];

/** Tables of HTML or of reStructuredText: only for these a parser is loaded. */
const mayHoldTables = (text: string): boolean =>
  /<table[\s>]|^ *(?:=+ +=|\+-+\+|\.\. (?:list|csv)-table::)/im.test(text);

/**
 * The text of some content, and its title where it names one.
 * @param address of a page, from which its links are written out. Default: links are their words alone.
 */
export async function asText(
  kind: TextKind,
  content: string,
  address?: string,
): Promise<Extracted & { title?: string }> {
  if (kind === 'notebook') {
    const { readNotebook } = await import('./notebook.ts');
    return readNotebook(content) ?? (await asText('json', content));
  }
  if (kind === 'roff') return { text: roffText(content), shape: 'markdown' };
  if (kind === 'asciidoc') return { text: asciidocText(withoutInlineData(content)), shape: 'markdown' };
  if (kind === 'org') return { text: orgText(withoutInlineData(content)), shape: 'markdown' };
  if (kind === 'pod') return { text: podText(withoutInlineData(content)), shape: 'markdown' };
  if (kind === 'json') return { text: breakLongJsonLines(withoutInlineData(content)), shape: 'code' };
  if (kind === 'markdown') return { text: await plainMarkdown(withoutInlineData(content)), shape: kind };
  if (kind !== 'html') return { text: kind === 'code' ? content : withoutInlineData(content), shape: kind };
  // Its parser is large: loaded with the first page.
  const { extractHtml } = await import('./extract-html.ts');
  return { ...extractHtml(content, address), shape: 'markdown' };
}

/** Markdown without HTML, as far as that says where things stand, and without what is said to a site's maker. */
async function plainMarkdown(written: string): Promise<string> {
  const content = withObjects(withoutSiteMarks(written));
  if (!mayHoldTables(content)) return withoutHtml(content);
  const { withMarkdownTables } = await import('./tables-in-markup.ts');
  return withoutHtml(withMarkdownTables(content));
}
