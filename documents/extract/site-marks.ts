// site-marks.ts: Markdown without what only the program that makes a site of it reads: imports and components of MDX, bounds of
// notes and tabs, shortcodes and tags of templates. Each line of the text is that line of the file; in code all stays.

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** `import Tabs from '@theme/Tabs';`, `export const a = 1;` */
const MODULE =
  /^(?:import\s(?:[^'"\n]{0,300}\sfrom\s+)?['"][^'"\n]{1,300}['"];?|export\s+(?:const|default|function)\s[^\n]{0,400})\s*$/;
const REMARK = /^\s*\{\/\*[^\n]*\*\/\}\s*$/;
/** `<TabItem label="npm">`: HTML has no names with a capital. */
const COMPONENT = /<\/?[A-Z][a-z][\w.]{0,60}(?:\s[^<>\n]{0,300})?\/?>/g;
const BEGINS_WITH_ONE = /^\s*<\/?[A-Z][a-z]/;
const NAMED = /\b(?:label|title)="([^"\n]{1,160})"/;
/** `:::tip Pro tip`, `!!! note "Careful"`, `=== "Linux"` */
const COLONS =
  /^\s*:{3,}[ \t]{0,8}[a-z][\w-]{0,30}(?:\[([^\]\n]{1,160})\]|[ \t]{1,8}([^\s{][^\n{]{0,160}))?(?:\{[^}\n]{0,160}\})?$/;
const INDENTING =
  /^(\s*)(?:(?:!!!|\?\?\?\+?)\s+[\w-]{1,30}(?:[ \t]+[\w-]{1,30})?(?:[ \t]+"([^"\n]{0,160})")?|===[!+]?[ \t]+"([^"\n]{1,160})")\s*$/;
/** `> [!tip] Sync it first`: its title is said. */
const TITLED_CALLOUT = /^(\s*>\s*)\[![\w-]{1,30}\][-+]?[ \t]{1,8}(\S.{0,200})$/;
const CALLOUT = /^\s*>\s*\[![\w-]{1,30}\][-+]?\s*$/;
const SHORTCODE = /\{\{[<%][^\n]{0,400}?[%>]\}\}/g;
/** `{{%deprecated%}}`: its reader sees the word. */
const STATE = /^\{\{[<%]\s{0,8}(required|optional|nullable|deprecated|removed|experimental)\s{0,8}[%>]\}\}$/i;
/** Code within a line, which stays as it is. */
const CODE = /(`[^`\n]{1,400}`)/;
const HIGHLIGHT = /^\s*\{%-?\s*(end)?highlight(?:\s+([\w+#-]{1,30}))?[^%\n]{0,100}%\}\s*$/;
const TAG = /\{%[^%\n]{0,400}%\}/g;
/** `{% slack_channel "equipment" %}` within a sentence: its reader sees the name. No path, and nothing that only steers. */
const NAMES =
  /^\{%-?\s{0,8}(?!(?:include|render|extends|block|load|static|url|icon|if|unless|for|case|when|assign|layout|section)\b)[\w.-]{1,40}\s{1,8}["']([^"'/.\n]{1,60})["']\s{0,8}-?%\}$/;
const CONTENT = /\bcontent="([^"\n]{1,400})"/;
const TOML = /^\+{3}\s*$/;
const TOML_FIELD = /^([\w-]{1,60})\s*=\s*(.*)$/;
/** A page's fields end before this line. */
const MOST_FIELDS = 60;
/** What an indented body stands behind. */
const INDENT = 4;

/** The text without them. */
export function withoutSiteMarks(text: string): string {
  if (!MAY_HOLD.test(text) || RESTRUCTURED.test(text)) return text;
  const lines = withYamlFields(text.split('\n'));
  let fence: string | undefined;
  /** Columns that the bodies of notes and tabs stand indented by, the outer ones first. */
  let bodies: number[] = [];
  return lines
    .map((written) => {
      if (written.trim() !== '') bodies = bodies.filter((column) => indentOf(written) >= column);
      const line = written.slice(Math.min(indentOf(written), bodies.length * INDENT));
      const mark = FENCE.exec(line)?.[1];
      if (fence !== undefined) {
        if (mark !== undefined && mark.startsWith(fence)) fence = undefined;
        return line;
      }
      if (mark !== undefined) {
        fence = mark;
        return line;
      }
      const body = INDENTING.exec(written);
      if (!body) return shown(line);
      bodies.push((body[1] ?? '').length + INDENT);
      return led(body[2] ?? body[3]);
    })
    .join('\n');
}

/** Something of all this: most texts have none. */
const MAY_HOLD =
  /^\+{3}\s*$|^(?:import|export)\s|^\s*(?:<\/?[A-Z][a-z]|:{3}|!!!|\?\?\?|===|>\s*\[!|\{\/\*)|\{\{[<%]|\{%/m;

/** Its code stands indented, and may be a template. */
const RESTRUCTURED = /^\.\. [\w-]{1,60}::/m;

function shown(line: string): string {
  if (MODULE.test(line) || REMARK.test(line) || CALLOUT.test(line)) return '';
  const colons = COLONS.exec(line.trimEnd());
  if (colons) return led(colons[1] ?? colons[2]);
  const highlight = HIGHLIGHT.exec(line);
  if (highlight) return `\`\`\`${highlight[1] === undefined ? (highlight[2] ?? '') : ''}`;
  const [, quoted = '', title] = TITLED_CALLOUT.exec(line) ?? [];
  const titled = title === undefined ? line : quoted + led(title);
  const said = indentOf(line) >= INDENT ? line : titled.split(CODE).map(withoutTags).join('');
  if (!BEGINS_WITH_ONE.test(said)) return said;
  const words = said.replace(COMPONENT, ' ').trim();
  return words === '' ? led(NAMED.exec(said)?.[1]) : words;
}

/** What a tag shows stands in its place: `{% include note.html content="…" %}`. */
const withoutTags = (text: string): string =>
  text.includes('`') ? text : text.replace(SHORTCODE, stateIn).replace(TAG, (tag) => shownBy(tag, text));

const shownBy = (tag: string, text: string): string =>
  CONTENT.exec(tag)?.[1] ?? (text.trim() === tag ? '' : (NAMES.exec(tag)?.[1] ?? ''));

function stateIn(shortcode: string): string {
  const [, state] = STATE.exec(shortcode) ?? [];
  return state === undefined ? '' : `(${state})`;
}

/** What is called so stands below it. */
const led = (title: string | undefined): string => {
  const words = title?.trim() ?? '';
  return words === '' || /[.:!?]$/.test(words) ? words : `${words}:`;
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Fields in TOML above a page, as YAML has them. */
function withYamlFields(lines: string[]): string[] {
  if (!TOML.test(lines[0] ?? '')) return lines;
  const end = lines.slice(0, MOST_FIELDS).findIndex((line, at) => at > 0 && TOML.test(line));
  return lines.map((line, at) =>
    at > end ? line : at === 0 || at === end ? '---' : line.replace(TOML_FIELD, '$1: $2'),
  );
}
