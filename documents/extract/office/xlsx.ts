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

/** Of one sheet. */
const MOST_COMMENTS = 10_000;

export async function extractXlsx(archive: Archive, main: string): Promise<Extracted | { problem: string }> {
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
    const found = relations.find(({ id }) => id === relation);
    // Of a sheet that is one chart there are no cells.
    if (found && found.type !== 'worksheet') lost.push(`sheet “${name}”: it is a ${found.type}`);
    else if (!found || !archive.has(found.part)) lost.push(`sheet “${name}” is not in it`);
    if (found?.type !== 'worksheet' || !archive.has(found.part)) continue;
    const { part } = found;
    const show = { strings, formats, from1904: book.from1904 };
    const sheet = await readSheet(archive, part, left, (cell) => shownValue(cell, show));
    const { lines, characters, cutBefore = sheet.isCut ? sheet.lastRow + 1 : undefined } = rowLines(sheet.rows, left);
    lines.push(...(await commentLines(archive, part)));
    left -= Math.max(characters, sheet.characters);
    if (cutBefore !== undefined) lost.push(`sheet “${name}” from row ${cutBefore} on: more than 20 million characters`);
    pages.push(line);
    parts.push(`## ${name}\n${lines.join('\n')}\n`);
    line += lines.length + 2;
  }
  const text = `${parts.join('\n')}\n`;
  if (!/[^\s]/.test(text.replace(/^## .*$/gm, '')))
    return lost.length > 0 ? { problem: lost.join('; ') } : { text: '', shape: 'markdown' };
  return { text, shape: 'markdown', pages, ...(lost.length > 0 ? { lost: lost.join('; ') } : {}) };
}

/** What people wrote at cells, a line each. */
async function commentLines(archive: Archive, sheet: string): Promise<string[]> {
  const found: string[] = [];
  for (const part of partsOf(await relationsOf(archive, sheet), 'comments')) {
    let inText = false;
    await readXml(archive, part, {
      open: (name, { ref = '' }) => {
        if (name === 'comment') found.push(`Comment at ${ref}: `);
        inText = name === 't';
      },
      words: (text) => {
        if (inText && found.length > 0) found[found.length - 1] += text.replace(/\s+/g, ' ');
      },
      close: (name) => {
        if (name === 't') inText = false;
      },
      isEnough: () => found.length > MOST_COMMENTS,
    });
  }
  return found;
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
