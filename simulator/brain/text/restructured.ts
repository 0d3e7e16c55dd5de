// restructured.ts: what reStructuredText has beside Markdown, and Markdown with its directives: roles around words, code below
// "::", directives that show nothing, or text.

interface Line {
  text: string;
}

/** "```{note}", ":::{tip}": what stands in it is text, and no code. */
const TEXT_BLOCK =
  /^(\s{0,3})(`{3,}|~{3,}|:{3,})(\{(?:(version|deprecated)[a-z]*|note|warning|tip|hint|important|caution|attention|danger|seealso|admonition|dropdown|tab[a-z-]*)\}.*)$/;

/** The lines without the marks around such text; what says a version stays: "{versionadded} 22.3". */
export function withoutTextBlocks<L extends Line & { start: number }>(lines: readonly L[]): L[] {
  const open: string[] = [];
  return lines.map((line) => {
    const [, indent = '', marks, directive = '', version] = TEXT_BLOCK.exec(line.text) ?? [];
    if (marks) open.push(marks);
    else if (open.at(-1) === line.text.trim()) open.pop();
    else return line;
    return version
      ? { ...line, text: directive, start: line.start + indent.length + (marks?.length ?? 0) }
      : { ...line, text: '' };
  });
}

/** ".. versionadded:: 3.7", "{versionadded} 3.7". */
const OF_VERSION = /^\s*(?:\.\. |\{)(version(?:added|changed|removed)|deprecated)(?:::|\})[^\S\n]*(\S+)(\s*\S)?/;
/** Whether a unit says since which version what its section tells is so. */
export const saysVersion = (text: string): boolean => OF_VERSION.test(text);
const IN_VERSION: Record<string, string> = {
  versionadded: 'Added in',
  versionchanged: 'Changed in',
  versionremoved: 'Removed in',
  deprecated: 'Deprecated since',
};

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
    .replace(
      OF_VERSION,
      (_, directive: string, version: string, more?: string) =>
        `${IN_VERSION[directive] ?? ''} version ${version}${more ? `:${more}` : '.'}`,
    )
    .replace(/^\s*\.\. (?:note|warning|tip|hint|important|caution|attention|danger|seealso)::[^\S\n]*/gm, '')
    .replace(
      // What stands in ticks is code, whatever is in it: "`/sessions/{id}` and `x`".
      /``[^`]+``|`[^`]*`|(?::(?:[\w.+-]+:){0,3}[\w.+-]+:|\{[\w.+:-]+\})`([^`]*?)\s*(?:<([^<>`]*)>)?`/g,
      (code, words?: string, target?: string) => {
        if (words === undefined) return code;
        const said = words.trim() === '' ? (target ?? '') : words.trim();
        return /^[\w-]+$|\s/.test(said) && target !== undefined ? said : `\`${said}\``;
      },
    )
    .replace(/(?<![`_])`([^`<>]+?)(?:\s*<[^<>`]*>)?`__?(?!\w)/g, '$1')
    .replace(/\s?\[[#*]?[\w-]*\]_(?!\w)/g, '');
