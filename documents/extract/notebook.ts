// notebook.ts: a Jupyter notebook to text: its words as Markdown, its code in fences, what it printed in short. Pictures
// and the state of widgets are left out.

import { stripVTControlCharacters } from 'node:util';
import type { Extracted } from './extracted.ts';
import { extractHtml } from './extract-html.ts';
import { withoutInlineData } from './inline-data.ts';
import { visibleText } from './visible-text.ts';

/** What one cell printed is kept up to here: a training run prints a line a step. */
const MOST_PRINTED = 2_000;

type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined when this is no notebook. */
export function readNotebook(content: string): Extracted | undefined {
  const book = parsed(content);
  const cells = [book?.['cells'], ...listOf(book?.['worksheets']).map((sheet) => sheet['cells'])].find(Array.isArray);
  if (!book || !cells) return undefined;
  const language = languageOf(book);
  let shortened = 0;
  const parts = listOf(cells).flatMap((cell) => {
    // `input`, `heading` and `language` are of notebooks before version 4.
    const source = stringOf(cell['source'] ?? cell['input']).trimEnd();
    if (cell['cell_type'] === 'heading')
      return [`${'#'.repeat(Math.min(6, Math.max(1, Number(cell['level']) || 1)))} ${source}`];
    if (cell['cell_type'] !== 'code') return [source];
    const printed = listOf(cell['outputs']).map(printedBy).filter(Boolean).join('\n');
    const kept = printed.length > MOST_PRINTED ? `${printed.slice(0, MOST_PRINTED)}…` : printed;
    if (kept !== printed) shortened += 1;
    return [fenced(source, stringOf(cell['language']) || language), kept === '' ? '' : `Output:\n\n${fenced(kept)}`];
  });
  const text = parts.filter((part) => part.trim() !== '').join('\n\n');
  return {
    text: `${visibleText(withoutInlineData(text))}\n`,
    shape: 'markdown',
    ...(shortened === 0
      ? {}
      : {
          lost: `what ${shortened === 1 ? 'a cell' : `${shortened} cells`} printed beyond ${MOST_PRINTED} characters`,
        }),
  };
}

function printedBy(output: Fields): string {
  const { text, data, traceback, ename, evalue } = output;
  if (output['output_type'] === 'error' || output['output_type'] === 'pyerr')
    // The traceback shows the code once more, in colours.
    return onScreen(ename === undefined ? stringOf(traceback) : `${stringOf(ename)}: ${stringOf(evalue)}`);
  const forms = isFields(data) ? data : output;
  if (Object.keys(forms).some((form) => form.includes('widget-view'))) return '';
  const plain = onScreen(stringOf(forms['text/plain'] ?? text));
  // `<Figure size 640x480>`, `<IPython.core.display.HTML object>`: what stands for a picture or a page.
  if (plain !== '' && !/^<[^\n]*>$/.test(plain)) return plain;
  const markdown = stringOf(forms['text/markdown'] ?? forms['text/latex'] ?? forms['latex']);
  return markdown || extractHtml(stringOf(forms['text/html'] ?? forms['html'])).text.trim();
}

/** What a terminal shows in the end: no colours, and of a line that was written over, the last. */
function onScreen(printed: string): string {
  const lines = stripVTControlCharacters(printed).split('\n');
  return lines
    .map((line) => line.trimEnd())
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .join('\n')
    .trim();
}

function fenced(code: string, language = ''): string {
  if (code.trim() === '') return '';
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

function languageOf({ metadata }: Fields): string {
  const { kernelspec, language_info: info } = isFields(metadata) ? metadata : {};
  return (isFields(info) && stringOf(info['name'])) || (isFields(kernelspec) && stringOf(kernelspec['language'])) || '';
}

function parsed(content: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** Texts stand whole or as a list of lines. */
function stringOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('') : '';
}
