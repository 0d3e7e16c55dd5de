// html.ts: an answer as one HTML page that stands alone: it loads nothing and runs nothing, whatever the texts in it say.

import { DATA_HEADING, notFoundLine, shownData } from '../../../protocol/answer-data.ts';
import { CONFLICTS_HEADING, conflictText, isOnlyNear, UNCITED, type Answer } from '../../../protocol/answer.ts';
import { citationPlace } from '../../../protocol/findings.ts';
import { plain } from '../terminal/text.ts';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}' +
  'h1{font-size:1.4rem}h2{font-size:1.1rem}a{color:#0b57d0;text-decoration:none}blockquote{margin:.2rem 0 1rem;color:#555}' +
  'th{text-align:left;font-weight:normal;color:#555;padding-right:1rem;vertical-align:top}pre{white-space:pre-wrap}' +
  'small{color:#555}@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}a{color:#8ab4f8}blockquote,small{color:#aaa}}';

export function answerHtml(
  answer: Answer,
  { title, summary, data }: { title: string; summary: string; data?: unknown },
): string {
  const list = (items: string[]): string => `<ul>\n${items.map((item) => `<li>${item}</li>\n`).join('')}</ul>\n`;
  const marks = (numbers: readonly number[]): string =>
    numbers.map((n) => `<a href="#source-${n}">[${n}]</a>`).join('') || UNCITED;
  const sections = answer.sections.map(
    ({ heading, claims }) =>
      `<h2>${escaped(heading)}</h2>\n${list(claims.map((claim) => `${marked(claim.text)} ${marks(claim.citations)}`))}`,
  );
  const conflicts = answer.conflicts
    ? [`<h2>${CONFLICTS_HEADING}</h2>\n${list(answer.conflicts.map((one) => marked(conflictText(one))))}`]
    : [];
  const gaps = answer.gaps.length > 0 ? [`<h2>Not found</h2>\n${list(answer.gaps.map(marked))}`] : [];
  const sources = answer.citations.map(
    (one, i) =>
      `<p id="source-${i + 1}">[${i + 1}] ${escaped(citationPlace(one))}</p>\n<blockquote>“${marked(one.quote)}”</blockquote>\n`,
  );
  const notes = answer.notes.map((note) => `<p><small>${escaped(note)}</small></p>\n`);
  const isFirst = isOnlyNear(answer);
  return [
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width">\n',
    `<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n<h1>${escaped(title)}</h1>\n`,
    ...(isFirst ? gaps : []),
    ...sections,
    ...conflicts,
    ...(data === undefined ? [] : [dataHtml(data)]),
    ...(isFirst ? [] : gaps),
    ...(sources.length > 0 ? ['<h2>Sources</h2>\n', ...sources] : []),
    ...notes,
    `<p><small>${escaped(summary)}</small></p>\n</html>\n`,
  ].join('');
}

function dataHtml(data: unknown): string {
  const { rows, json, notFound } = shownData(data);
  const cells = rows?.map(({ field, value }) => `<tr><th>${escaped(field)}</th><td>${escaped(value)}</td></tr>\n`);
  const shown = cells ? `<table>\n${cells.join('')}</table>\n` : `<pre>${escaped(json ?? '')}</pre>\n`;
  const missing = notFound.length > 0 ? `<p>${escaped(notFoundLine(notFound))}</p>\n` : '';
  return `<h2>${DATA_HEADING}</h2>\n${shown}${missing}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => plain(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** What a text has in ticks is code, as its reader sees it where Markdown is shown. */
const marked = (text: string): string => escaped(text).replace(/`([^`\n]+)`/g, '<code>$1</code>');
