// break-json-lines.ts: gives JSON on one endless line the lines that citations need. Adds white space only: no number is
// rounded and no key moves, as they would by way of JSON.parse.

/** A line longer than this says that nobody formatted the file for reading. */
const LONG_LINE = 2_000;

export function breakLongJsonLines(text: string): string {
  if (!hasLongLine(text)) return text;
  const out: string[] = [];
  let depth = 0;
  // Strings, brackets, separators, white space, and all else (numbers, words).
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|\s+|[^"{}[\],:\s]+/gs)) {
    if (token.trim() === '') continue;
    if (token === '{' || token === '[') {
      depth += 1;
      out.push(token, indent(depth));
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      const empty = out.at(-2) === '{' || out.at(-2) === '[';
      if (empty) out.pop();
      out.push(empty ? token : indent(depth) + token);
    } else if (token === ',') out.push(token, indent(depth));
    else out.push(token === ':' ? ': ' : token);
  }
  return out.join('');
}

const indent = (depth: number): string => `\n${'  '.repeat(Math.min(depth, 20))}`;

function hasLongLine(text: string): boolean {
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    if (end - start > LONG_LINE) return true;
    start = end + 1;
  }
  return text.length - start > LONG_LINE;
}
