// cell-values.ts: what a cell of a workbook shows: its text, its number without the noise of binary fractions, its date as
// a date. Thousands separators and currencies of formats are left out: numbers stay searchable as they are.

import type { Archive } from './archive.ts';
import { readXml } from './read-xml.ts';
import type { RawCell, SheetCell } from './read-sheet.ts';

type Format = 'date' | 'time' | 'duration' | 'percent' | 'plain';

export interface ShowOptions {
  /** Texts that cells name by number. */
  strings: readonly string[];
  /** By number of style. */
  formats: readonly Format[];
  /** Days are counted from 1904, as some Macs did. */
  from1904: boolean;
}

const DAY_MS = 86_400_000;
/** Formats that need no definition, and differ by language in little but the order. */
const BUILT_IN: readonly [from: number, to: number, format: Format][] = [
  [9, 10, 'percent'],
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'date'],
  [27, 31, 'date'],
  [32, 35, 'time'],
  [36, 36, 'date'],
  [45, 45, 'time'],
  [46, 46, 'duration'],
  [47, 47, 'time'],
  [50, 58, 'date'],
];

/** @throws ArchiveError */
export async function cellFormats(archive: Archive, part: string): Promise<Format[]> {
  const own = new Map<number, Format>();
  const formats: Format[] = [];
  let inCells = false;
  await readXml(archive, part, {
    open: (name, { numFmtId = '', formatCode = '' }) => {
      const id = Number(numFmtId);
      if (name === 'numFmt') own.set(id, formatOf(formatCode));
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      formats.push(own.get(id) ?? BUILT_IN.find(([from, to]) => id >= from && id <= to)?.[2] ?? 'plain');
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}

function formatOf(code: string): Format {
  // Without quoted words, escaped signs, colours and conditions; `[h]` counts hours.
  const bare = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .toLowerCase();
  if (/\[(?:h+|m+|s+)\]/.test(bare)) return 'duration';
  if (/[yd]|m{3,}/.test(bare) && !bare.includes('general')) return 'date';
  if (/[hs]/.test(bare) && !bare.includes('general')) return 'time';
  return bare.includes('%') ? 'percent' : 'plain';
}

export function shownValue({ type, style, value, formula }: RawCell, options: ShowOptions): SheetCell {
  // Written by a program that does not calculate: what would be shown is not there.
  if (value === '' && formula !== '') return { text: `=${formula}`, isText: false };
  if (type === 's') return { text: unescaped(options.strings[Number(value)] ?? ''), isText: true };
  if (type === 'b') return { text: value === '1' ? 'TRUE' : 'FALSE', isText: false };
  if (type === 'd') return { text: value, isText: false };
  if (type !== '') return { text: unescaped(value), isText: type !== 'e' };
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return { text: value, isText: false };
  return { text: shownNumber(number, options.formats[style] ?? 'plain', options.from1904), isText: false };
}

function shownNumber(number: number, format: Format, from1904: boolean): string {
  const clean = (value: number): string => String(Number(value.toPrecision(15)));
  if (format === 'percent') return `${clean(number * 100)}%`;
  if (format === 'duration') return shownDuration(number);
  if (format === 'plain' || number < 0 || number > 2_958_466) return clean(number);
  // Day 60 is 29 February 1900, which there never was.
  const day = from1904 ? number + 1_462 : number < 60 ? number + 1 : number;
  const at = new Date(Math.round(((day - 25_569) * DAY_MS) / 1_000) * 1_000).toISOString();
  const [date = '', rest = ''] = at.split('T');
  const time = rest.startsWith('00:00:00') ? '' : rest.slice(0, rest.slice(6, 8) === '00' ? 5 : 8);
  if (format === 'time' && number < 1) return time || '00:00';
  return time === '' ? date : `${date} ${time}`;
}

/** A day and a half is `36:00`, whatever unit its format begins with. */
function shownDuration(days: number): string {
  const seconds = Math.round(Math.abs(days) * 86_400);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${days < 0 ? '-' : ''}${hours}:${two(minutes)}${rest === 0 ? '' : `:${two(rest)}`}`;
}

/** `_x000D_` is how such files write a character that XML can't. */
const unescaped = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
