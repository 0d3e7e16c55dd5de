// html-in-markdown.ts: headings, definitions, lists and paragraphs that stand in Markdown as HTML, and what Pandoc says of their looks,
// to plain Markdown. A line of the text stays that line of the file. Tables are tables-in-markup.ts.

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ATTRIBUTES = String.raw`(?:\s[^<>]*)?`;
const BLOCK =
  'address|article|aside|blockquote|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|menu|nav|ol|p|section|summary|ul';
/** As CommonMark has it: such a line begins a block of HTML, which a blank line ends. */
const BEGINS = new RegExp(String.raw`^ {0,3}</?(?:${BLOCK})(?=[\s/>])`, 'i');
const BEGINS_TAG = /^ {0,3}</;
/** In these all is as it is. */
const VERBATIM = /<(pre|script|style|textarea)(?=[\s>])/i;
const TAG_OF_BLOCK = new RegExp(String.raw`</?(?:${BLOCK})${ATTRIBUTES}/?>`, 'gi');
const INLINE = new RegExp(
  String.raw`</?(?:a|abbr|b|bdi|bdo|big|cite|del|dfn|em|font|i|img|ins|mark|picture|q|s|small|source|span|strong|sub|sup|time|tt|u|var)${ATTRIBUTES}/?>`,
  'gi',
);
const CODE = new RegExp(String.raw`<(code|kbd|samp)${ATTRIBUTES}>([^<>\x60]*)</\1>`, 'gi');
const ITEM = new RegExp(String.raw`^\s*<li${ATTRIBUTES}>`, 'i');
const HEADING = new RegExp(String.raw`^\s*<h([1-6])${ATTRIBUTES}>(.*)</h\1>\s*$`, 'i');
const OPENS_HEADING = new RegExp(String.raw`^\s*<h([1-6])${ATTRIBUTES}>(?!.*</h)`, 'i');
/** Of a heading that is written over several. */
const MOST_LINES = 6;
const TERM = new RegExp(String.raw`^\s*<dt${ATTRIBUTES}>(.*?)(?:</dt>\s*)?$`, 'i');
const MEANING = new RegExp(String.raw`^\s*<dd${ATTRIBUTES}>(?=\s*\S)`, 'i');
/** The mark of a link to the heading itself, and what Pandoc says of a heading's looks. */
const HEADING_MARKS = /(?:¶|\{[#.:][^{}]*\})$/;
const IS_HEADING = /^ {0,3}#{1,6}\s/;
/** "::: {.wide}" and its end: where a box of Pandoc begins and ends. */
const BOX = /^:{3,}(?:\s*\{[^{}]*\}\s*:*)?$/;
/** Most texts have nothing of these. */
const MAY_HOLD = new RegExp(String.raw`^ {0,3}(?:</?(?:${BLOCK})[\s/>]|#{1,6}\s.*[¶}]\s*$|:{3,})`, 'im');

/** The text with the HTML of its blocks as Markdown. Code, and HTML that is shown as code, stay as they are. */
export function withoutHtml(text: string): string {
  if (!MAY_HOLD.test(text)) return text;
  let fence: string | undefined;
  let verbatim: string | undefined;
  let isHtml = false;
  const lines = text.split('\n');
  return lines
    .map((line, at) => {
      if (fence !== undefined) {
        if (line.trim().startsWith(fence)) fence = undefined;
        return line;
      }
      fence = FENCE.exec(line)?.[1];
      if (fence !== undefined) return line;
      // What a sentence speaks of opens nothing.
      if (verbatim === undefined && (isHtml || BEGINS_TAG.test(line)))
        verbatim = VERBATIM.exec(line)?.[1]?.toLowerCase();
      if (verbatim !== undefined) {
        if (line.toLowerCase().includes(`</${verbatim}`)) verbatim = undefined;
        return line;
      }
      isHtml = line.trim() !== '' && (isHtml || BEGINS.test(line));
      return isHtml ? asMarkdown(openHeading(lines, at) ?? line) : plain(line);
    })
    .join('\n');
}

/** A heading that begins on this line and ends on a later one, as one line; those after it are left empty. */
function openHeading(lines: string[], at: number): string | undefined {
  const level = OPENS_HEADING.exec(lines[at] ?? '')?.[1];
  if (level === undefined) return undefined;
  const rest = lines.slice(at, at + MOST_LINES);
  const end = rest.findIndex((line) => line.toLowerCase().includes(`</h${level}>`));
  if (end < 1) return undefined;
  lines.fill('', at + 1, at + end + 1);
  return rest.slice(0, end + 1).join(' ');
}

/** A line of a block of HTML. */
function asMarkdown(line: string): string {
  const inWords = (html: string): string =>
    html.replace(CODE, '`$2`').replace(INLINE, '').replace(TAG_OF_BLOCK, ' ').replace(/\s+/g, ' ').trim();
  const [, level, heading = ''] = HEADING.exec(line) ?? [];
  if (level !== undefined) return `${'#'.repeat(Number(level))} ${withoutMarks(inWords(heading))}`.trim();
  const term = inWords(TERM.exec(line)?.[1] ?? '');
  if (term !== '') return `**${term.replace(/^`([^`]*)`$/, '$1')}**`;
  const words = inWords(line);
  if (words === '') return '';
  return `${MEANING.test(line) ? ': ' : ITEM.test(line) ? '- ' : ''}${words}`;
}

/** A line outside of HTML. */
function plain(line: string): string {
  if (IS_HEADING.test(line)) return withoutMarks(line);
  return BOX.test(line.trim()) ? '' : line;
}

/** Spaces are taken off apart: a pattern that allows for them takes quadratic time on many. */
const withoutMarks = (heading: string): string => {
  const text = heading.trimEnd();
  const bare = text.replace(HEADING_MARKS, '');
  return bare === text ? heading : bare.trimEnd();
};
