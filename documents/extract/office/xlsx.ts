// xlsx.ts: a workbook to text: a page and a heading for each sheet, a line for each row, each value under its column's
// header, since it is about rows that people ask.

import type { Extracted } from '../extracted.ts';
import type { Archive } from './archive.ts';
import { cellFormats, shownValue } from './cell-values.ts';
import { partsOf, relationsOf } from './relations.ts';
import { readXml } from './read-xml.ts';
import { rowLines } from './row-lines.ts';
import { readSheet } from './read-sheet.ts';
import { MOST_CHARACTERS } from './text-lines.ts';

export async function extractXlsx(archive: Archive, main: string): Promise<Extracted> {
  const relations = await relationsOf(archive, main);
  const book = await readBook(archive, main);
  const [shared] = partsOf(relations, 'sharedStrings');
  const strings = shared === undefined ? [] : await sharedStrings(archive, shared);
  const [styles] = partsOf(relations, 'styles');
  const formats = styles === undefined ? [] : await cellFormats(archive, styles);
  const parts: string[] = [];
  const pages: number[] = [];
  const lost: string[] = [];
  let line = 1;
  let left = MOST_CHARACTERS;
  for (const { name, relation } of book.sheets) {
    const part = relations.find(({ id, type }) => id === relation && type === 'worksheet')?.part;
    if (part === undefined) continue;
    const show = { strings, formats, from1904: book.from1904 };
    const sheet = await readSheet(archive, part, left, (cell) => shownValue(cell, show));
    const { lines, characters, cutBefore = sheet.isCut ? sheet.lastRow + 1 : undefined } = rowLines(sheet.rows, left);
    left -= Math.max(characters, sheet.characters);
    if (cutBefore !== undefined) lost.push(`sheet “${name}” from row ${cutBefore} on: more than 20 million characters`);
    pages.push(line);
    parts.push(`## ${name}\n${lines.join('\n')}\n`);
    line += lines.length + 2;
  }
  const text = `${parts.join('\n')}\n`;
  if (!/[^\s]/.test(text.replace(/^## .*$/gm, ''))) return { text: '', shape: 'markdown' };
  return { text, shape: 'markdown', pages, ...(lost.length > 0 ? { lost: lost.join('; ') } : {}) };
}

async function readBook(
  archive: Archive,
  main: string,
): Promise<{ from1904: boolean; sheets: { name: string; relation: string }[] }> {
  const sheets: { name: string; relation: string }[] = [];
  let from1904 = false;
  await readXml(archive, main, {
    open: (element, { name = '', relation = '', date1904 = '' }) => {
      if (element === 'sheet') sheets.push({ name: name.replace(/\s+/g, ' '), relation });
      if (element === 'workbookPr') from1904 = /^(?:1|true)$/.test(date1904);
    },
  });
  return { from1904, sheets };
}

/** Cells name their texts by number. How a name is pronounced stands beside it, and is no part of it. */
async function sharedStrings(archive: Archive, part: string): Promise<string[]> {
  const strings: string[] = [];
  let size = 0;
  let inText = false;
  let isPronounced = false;
  await readXml(archive, part, {
    open: (name) => {
      if (name === 'si') strings.push('');
      if (name === 'rPh') isPronounced = true;
      inText = name === 't' && !isPronounced;
    },
    words: (text) => {
      if (!inText || strings.length === 0) return;
      strings[strings.length - 1] += text;
      size += text.length;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') isPronounced = false;
    },
    isEnough: () => size > 5 * MOST_CHARACTERS,
  });
  return strings;
}
