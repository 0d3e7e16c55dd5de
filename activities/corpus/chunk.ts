// chunk.ts: cuts a text into passages of about a thousand characters at headings, paragraphs and list items.

export interface Chunk {
  /** Both from 1, both included. */
  line: number;
  endLine: number;
  /** The headings above it: `Options > Default values`. */
  heading: string;
  text: string;
}

const AIM = 1_000;
const MOST = 1_400;

export function chunkText(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  const headings: string[] = [];
  let lines: string[] = [];
  let first = 1;
  let size = 0;
  let fence: string | undefined;

  const close = (next: number): void => {
    const body = lines.join('\n');
    if (/[\p{L}\p{N}]/u.test(body))
      chunks.push({
        line: first,
        endLine: next - 1,
        heading: headings.filter(Boolean).join(' > '),
        text: body.trimEnd(),
      });
    lines = [];
    size = 0;
    first = next;
  };

  text.split('\n').forEach((line, i) => {
    const number = i + 1;
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark[0];
    else if (mark && mark[0] === fence) fence = undefined;
    const heading = fence === undefined ? /^(#{1,6})\s+(.*)$/.exec(line) : null;
    if (heading) {
      // A heading alone says nothing: it goes with what follows, unless that was long enough already.
      if (lines.some((one) => one.trim() !== '' && !/^#{1,6}\s/.test(one))) close(number);
      headings.length = (heading[1]?.length ?? 1) - 1;
      headings[(heading[1]?.length ?? 1) - 1] = plainHeading(heading[2] ?? '');
    } else if (size >= AIM && fence === undefined && isBreak(lines.at(-1) ?? '', line)) {
      close(number);
    } else if (size + line.length > MOST && size > 0) {
      close(number);
    }
    lines.push(line);
    size += line.length + 1;
  });
  close(text.split('\n').length + 1);
  return chunks.flatMap(cutLong);
}

/** True where a paragraph, list item or table row ends. */
function isBreak(before: string, line: string): boolean {
  return before.trim() === '' || /^\s*([-*+]|\d+[.)]|\|)\s/.test(line);
}

/** A single huge line is cut at spaces; all its parts have its number. */
function cutLong(chunk: Chunk): Chunk[] {
  if (chunk.text.length <= MOST * 2) return [chunk];
  const parts: Chunk[] = [];
  for (let rest = chunk.text; rest !== '';) {
    const space = rest.length > MOST ? rest.lastIndexOf(' ', MOST) : -1;
    const end = rest.length <= MOST ? rest.length : space > AIM / 2 ? space : MOST;
    parts.push({ ...chunk, text: rest.slice(0, end) });
    rest = rest.slice(end);
  }
  return parts;
}

function plainHeading(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]+>|[`*#]/g, '')
    .trim()
    .slice(0, 120);
}
