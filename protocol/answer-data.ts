// answer-data.ts: data of a request's own schema as people read them beside the answer: a table of field and value where every
// value is a plain one, else the JSON, and which fields were not found. Pure.

import { inert } from './answer.ts';

export interface DataRow {
  field: string;
  /** In words: yes and no for true and false, `not found` for null. */
  value: string;
}

export interface ShownData {
  /** One for each field; absent where a value holds others. */
  rows?: DataRow[];
  /** Over several lines; absent where there are rows. */
  json?: string;
  /** Where the JSON has null, as `limits.seconds` or `names[2]`; empty where there are rows. */
  notFound: string[];
}

/** Above them, wherever an answer is shown. */
export const DATA_HEADING = 'Data';

export function shownData(data: unknown): ShownData {
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.entries(data) : [];
  if (fields.length > 0 && fields.every(([, value]) => typeof value !== 'object' || value === null))
    return { rows: fields.map(([field, value]) => ({ field, value: inWords(value) })), notFound: [] };
  return { json: JSON.stringify(data, undefined, 2), notFound: nullsIn(data, '') };
}

/** Under the JSON, which says null for it. */
export const notFoundLine = (fields: readonly string[]): string => `Not found: ${fields.join(', ')}.`;

/** The section of `answerMarkdown` for them; nothing where no schema was given. */
export function dataMarkdown(data: unknown): string[] {
  if (data === undefined) return [];
  const { rows, json, notFound } = shownData(data);
  const heading = [`## ${DATA_HEADING}`, ''];
  if (rows) {
    const cell = (text: string): string => inert(text).replaceAll('\\', '\\\\').replaceAll('|', '\\|');
    const lines = rows.map(({ field, value }) => `| ${cell(field)} | ${cell(value)} |`);
    return [...heading, '| Field | Value |', '|---|---|', ...lines, ''];
  }
  // No line of JSON begins with a fence: a string has no line breaks in it.
  const fields = notFound.length > 0 ? [inert(notFoundLine(notFound)), ''] : [];
  return [...heading, '```json', json ?? '', '```', '', ...fields];
}

function inWords(value: unknown): string {
  if (value === null) return 'not found';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function nullsIn(value: unknown, at: string): string[] {
  if (value === null) return [at === '' ? 'all of it' : at];
  if (typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap((one, n) => nullsIn(one, `${at}[${n}]`));
  return Object.entries(value).flatMap(([key, one]) => nullsIn(one, at === '' ? key : `${at}.${key}`));
}
