// restructured.ts: what reStructuredText has beside Markdown: roles around words, code below "::", directives that show nothing.

interface Line {
  text: string;
}

/** Of reStructuredText, with all that stands indented below: its reader sees links, or nothing. */
export const UNSEEN_DIRECTIVE = /^\s*\.\. (?:toctree|contents|index|image|raw|include|meta|highlight|sectionauthor)::/;

/** The last line of what stands indented under a line. */
export function bodyEnd(lines: readonly Line[], at: number, indent = indentOf(lines[at])): number {
  let last = at;
  for (let next = at + 1; next < lines.length; next += 1) {
    if (lines[next]?.text.trim() === '') continue;
    if (indentOf(lines[next]) <= indent) break;
    last = next;
  }
  return last;
}

/** Of reStructuredText, what leads code in: "Run it::", ".. code-block:: sh". */
const LITERAL = /^(?!\s*\.\. ).*::\s*$|^\s*\.\. (?:code(?:-block)?|sourcecode|prompt|parsed-literal)::/;

function filledBefore(lines: readonly Line[], at: number): string {
  let before = at - 1;
  while (before > 0 && lines[before]?.text.trim() === '') before -= 1;
  return lines[before]?.text ?? '';
}

const indentOf = (line: Line | undefined): number => (line?.text ?? '').search(/\S/);

/** Whether an indented line begins code that a line above leads in. */
export const isLiteral = (lines: readonly Line[], at: number): boolean =>
  indentOf(lines[at]) > 0 && LITERAL.test(filledBefore(lines, at));

/** The last line of the code that begins here. */
export const literalEnd = (lines: readonly Line[], at: number): number => bodyEnd(lines, at, indentOf(lines[at]) - 1);

/** ":linenos:" below a directive is no code. */
export const isNoOption = ({ text }: Line): boolean => !/^\s*:[\w-]+:/.test(text);

/** Of reStructuredText, and in Markdown with its roles: ":ref:`the list <ignoring>`", "{ref}`the list <ignoring>`", "`a name <https://…>`_", "[#note]_", ".. note::": what its reader sees. */
export const withoutRoles = (text: string): string =>
  text
    .replace(/^\s*\.\. (?:note|warning|tip|hint|important|caution|attention|danger|seealso)::[^\S\n]*/gm, '')
    .replace(
      /(?::(?:[\w.+-]+:){0,3}[\w.+-]+:|\{[\w.+:-]+\})`([^`]*?)\s*(?:<([^<>`]*)>)?`/g,
      (_, words: string, target?: string) => {
        const said = words.trim() === '' ? (target ?? '') : words.trim();
        return /^[\w-]+$|\s/.test(said) && target !== undefined ? said : `\`${said}\``;
      },
    )
    .replace(/(?<![`_])`([^`<>]+?)(?:\s*<[^<>`]*>)?`__?(?!\w)/g, '$1')
    .replace(/\s?\[[#*]?[\w-]*\]_(?!\w)/g, '');
