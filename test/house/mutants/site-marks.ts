// site-marks.ts: mutants of reading Markdown of site generators.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/site-marks.test.ts');
const MARKS = '%s in Markdown are no text, and what they show is';
const KEPT = 'of %s nothing is taken for a mark of a site';
const TOML = 'fields in TOML above a page title it as those in YAML do, in a folder and on the web';

const rows: Mutant[] = [
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'if (MODULE.test(line) || ',
    'if (',
    'imports and exports of MDX in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'REMARK.test(line) || ',
    '',
    'remarks of MDX in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'led(NAMED.exec(said)?.[1])',
    "''",
    'components in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'if (colons) return led(colons[1] ?? colons[2]);',
    '',
    'notes between colons in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'bodies.length * INDENT',
    '0',
    'notes and tabs with an indented body in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    ' || CALLOUT.test(line)',
    '',
    'the mark of an alert in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    '.replace(SHORTCODE,',
    ".replace('{{{',",
    'shortcodes in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'titled.split(CODE).map(withoutTags)',
    '[titled].map(withoutTags)',
    'shortcodes beside code in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'STATE.exec(shortcode)',
    '/(?!)/.exec(shortcode)',
    'shortcodes that tell a state in Markdown are no text, and what they show is',
  ),
  mutant(
    KEPT,
    'extract/site-marks.ts',
    'if (fence !== undefined) {',
    'if (fence === line) {',
    'of fenced code nothing is taken for a mark of a site',
  ),
  mutant(
    KEPT,
    'extract/site-marks.ts',
    'indentOf(line) >= INDENT ? line : ',
    '',
    'of indented code nothing is taken for a mark of a site',
  ),
  mutant(
    KEPT,
    'extract/site-marks.ts',
    "text.includes('`')",
    'false',
    'of code in a sentence nothing is taken for a mark of a site',
  ),
  mutant(
    KEPT,
    'extract/site-marks.ts',
    '[a-z][\\w-]{0,30}(?:\\[',
    '(?:\\{?[a-z][\\w-]{0,30}\\}?)(?:\\[',
    'of a directive of MyST nothing is taken for a mark of a site',
  ),
  mutant(
    KEPT,
    'extract/site-marks.ts',
    ' || RESTRUCTURED.test(text)',
    '',
    'of reStructuredText nothing is taken for a mark of a site',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'CONTENT.exec(tag)?.[1] ?? ',
    '',
    'tags of templates in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    "NAMES.exec(tag)?.[1] ?? ''",
    "''",
    'tags that name something within a sentence in Markdown are no text, and what they show is',
  ),
  mutant(
    MARKS,
    'extract/site-marks.ts',
    'quoted + led(title)',
    'line',
    'the title of an alert in Markdown are no text, and what they show is',
  ),
  mutant(TOML, 'extract/site-marks.ts', "line.replace(TOML_FIELD, '$1: $2')", 'line'),
  mutant(
    'hostile marks of sites take a time that grows no faster than they',
    'extract/site-marks.ts',
    '/\\{\\{[<%][^\\n]{0,400}?[%>]\\}\\}/g',
    '/\\{\\{[<%][^\\n]*?[%>]\\}\\}/g',
  ),
];

export default rows;
