// rst-objects.ts: what Sphinx documents, an option, a setting, a function, to a heading with its text, and notes and tabs to theirs:
// in reStructuredText that stands indented below a directive, as code does in Markdown. Each line of the text is that line of the file.

/** `.. py:data:: SECRET_KEY`, `.. option:: --quiet` */
const OBJECT =
  /^\.\. (?:[a-z]{1,12}:[a-z]{1,30}|option|envvar|confval|setting|data|function|method|class|attribute|exception|module|macro|type|member|var|property|classmethod|staticmethod|decorator|describe|object|command|program|cmdoption)::[ \t]+(\S.*)$/;
/** What frames a text, with what it is called: `.. group-tab:: Linux`. */
const FRAME =
  /^\.\. (?:tabs|tab|group-tab|tab-set|tab-item|only|container|rst-class|admonition|topic|dropdown|collapse|toggle|rubric)::(?:[ \t]+(\S.*))?$/;
const UNNAMED = /^\.\. (?:tabs|tab-set|only|container|rst-class)::/;
/** Its line is read by whoever reads the text. */
const NOTE = /^\.\. (?:note|warning|tip|hint|important|caution|attention|danger|error|seealso|todo)::/;
/** Of these the text is not in the file: `.. autoclass:: flask.Flask`, and what it is to show. */
const FROM_CODE = /^\.\. auto[a-z]{3,20}::/;
const OPTION_LINE = /^\s+:[\w-]{1,40}:/;
/** `:param name: who is meant`, `:default: 5`, `:no-index:` */
const FIELD = /^:([\w-]{1,40})(?:[ \t]+([^:\n]{1,120}))?:(?:[ \t]+(\S.*))?$/;
const OF_NAME = new Set(['param', 'parameter', 'arg', 'argument', 'key', 'keyword', 'ivar', 'cvar', 'var']);
/** Markdown: its code may show such directives. */
const FENCED = /^`{3}/m;
/** Below the titles of sections, which marks stand under. */
const HEADING = '###### ';

interface Body {
  /** Column of its directive. */
  of: number;
  /** Columns that it stands indented by; unknown before its first line. */
  by: number | undefined;
  /** Its fields are shown: no frame's are. */
  hasFields: boolean;
}

/** The text with these as Markdown has them. */
export function withObjects(text: string): string {
  if (FENCED.test(text) || !/^[ \t]*\.\. (?:[a-z:]{1,44})::/m.test(text)) return text;
  let bodies: Body[] = [];
  let isFromCode = false;
  return text
    .split('\n')
    .map((written) => {
      if (written.trim() === '') return written;
      const column = indentOf(written);
      bodies = bodies.filter(({ of }) => column > of);
      const body = bodies.at(-1);
      if (body) body.by ??= column;
      const line = written.slice(Math.min(column, body?.by ?? 0));
      if (isFromCode && OPTION_LINE.test(written)) return '';
      isFromCode = FROM_CODE.test(line);
      if (isFromCode) return '';
      const named = OBJECT.exec(line)?.[1];
      if (named !== undefined) {
        bodies.push({ of: column, by: undefined, hasFields: true });
        return `${HEADING}${named.replace(/\\(?=[*_`\\])/g, '')}`;
      }
      const frame = FRAME.exec(line);
      if (frame || NOTE.test(line)) bodies.push({ of: column, by: undefined, hasFields: false });
      if (frame) return frame[1] === undefined || UNNAMED.test(line) ? '' : `${frame[1]}:`;
      const field = body && indentOf(line) === 0 ? FIELD.exec(line) : null;
      if (field && body?.hasFields === false) return '';
      if (field) return fieldText(field[1] ?? '', field[2], field[3]);
      return line;
    })
    .join('\n');
}

/** What a reader sees of a field; of what only says how to show it, nothing. */
function fieldText(name: string, of: string | undefined, text: string | undefined): string {
  if (text === undefined) return '';
  // "param str name": the type stands before the name.
  if (of !== undefined && OF_NAME.has(name)) return `- **${of.split(/\s+/).at(-1)}**: ${text}`;
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return `${title}${of === undefined ? '' : ` ${of}`}: ${text}`;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
