// answer.ts: an answer rendered for reading on a terminal: headings, wrapped claims, sources with place and quote.

import { DATA_HEADING, notFoundLine, shownData } from '../../../protocol/answer-data.ts';
import { CONFLICTS_HEADING, conflictText, isOnlyNear, marksOf, type Answer } from '../../../protocol/answer.ts';
import { citationPlace } from '../../../protocol/findings.ts';
import type { Colours } from '../terminal/io.ts';
import { columnsOf, cut, oneLine, pad, plain, wrap } from '../terminal/text.ts';

/** Lines longer than this are hard to read, however wide the terminal is. */
const MAX_COLUMNS = 100;
const MIN_COLUMNS = 24;
const MAX_QUOTE_COLUMNS = 400;

/** Of the names of fields, so that the longest does not push all values aside. */
const MAX_FIELD_COLUMNS = 30;

/**
 * @param part `behind` leaves the claims themselves out: they stand there already.
 * @param data of the request's own schema, where it is to be shown.
 */
export function renderAnswer(
  answer: Answer,
  columns: number,
  colours: Colours,
  part: 'all' | 'behind' = 'all',
  data?: unknown,
): string {
  const width = Math.max(MIN_COLUMNS, Math.min(columns, MAX_COLUMNS) - 1);
  const { bold, dim, yellow } = colours;
  const lines: string[] = [''];
  /** A paragraph behind a mark, its lines under each other. */
  const addItem = (mark: string, text: string, paint = (line: string) => line): void => {
    const body = wrap(text, width - mark.length);
    lines.push(...body.map((line, i) => `${i === 0 ? mark : ' '.repeat(mark.length)}${paint(line)}`));
  };
  const heading = (text: string, paint = (line: string) => line): void => {
    lines.push(...wrap(oneLine(text), width).map((line) => bold(paint(line))), '');
  };

  const notFound = (): void => {
    if (answer.gaps.length === 0) return;
    heading('Not found', yellow);
    for (const gap of answer.gaps) addItem('  – ', oneLine(gap));
    lines.push('');
  };
  const isFirst = part === 'all' && isOnlyNear(answer);
  if (isFirst) notFound();
  for (const section of part === 'all' ? answer.sections : []) {
    heading(section.heading);
    for (const claim of section.claims) {
      addItem('  • ', `${oneLine(claim.text)} ${marksOf(claim)}`, (line) =>
        line.replace(/(?:\[\d+\])+$/, (marks) => dim(marks)),
      );
    }
    lines.push('');
  }
  if (answer.conflicts) {
    heading(CONFLICTS_HEADING, yellow);
    for (const conflict of answer.conflicts) addItem('  – ', oneLine(conflictText(conflict)));
    lines.push('');
  }
  if (data !== undefined) {
    heading(DATA_HEADING);
    const { rows = [], json, notFound } = shownData(data);
    const room = Math.min(MAX_FIELD_COLUMNS, Math.max(0, ...rows.map(({ field }) => columnsOf(oneLine(field)))));
    for (const { field, value } of rows) addItem(`  ${pad(cut(field, room), room)}  `, oneLine(value));
    if (json !== undefined) lines.push(...json.split('\n').map((line) => `  ${plain(line)}`));
    if (notFound.length > 0) addItem('  ', oneLine(notFoundLine(notFound)));
    lines.push('');
  }
  if (!isFirst) notFound();
  if (answer.citations.length > 0) {
    heading('Sources');
    answer.citations.forEach((citation, i) => {
      const mark = `  ${`[${i + 1}]`.padEnd(String(answer.citations.length).length + 2)} `;
      addItem(mark, oneLine(citationPlace(citation)));
      addItem(' '.repeat(mark.length), `“${cut(citation.quote, MAX_QUOTE_COLUMNS)}”`, dim);
    });
    lines.push('');
  }
  for (const note of answer.notes) addItem('Note: ', oneLine(note), dim);
  return `${lines.join('\n').trimEnd()}\n`;
}
