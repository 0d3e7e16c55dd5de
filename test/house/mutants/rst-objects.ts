// rst-objects.ts: mutants of reading what Sphinx documents by directives.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/rst-objects.test.ts');
const TEXT = 'what Sphinx documents by a directive is a heading, and what stands indented below it is its text';
const HEADS = 'passages of a documented object stand under its name, and directives that show text stay as they are';
const NOTED = 'what a note or a tab says is its text, and no code';
const FILE = 'extract/rst-objects.ts';

const rows: Mutant[] = [
  mutant(TEXT, FILE, 'bodies = bodies.filter(({ of }) => column > of);', ''),
  mutant(TEXT, FILE, 'if (isFromCode && OPTION_LINE.test(written))', 'if (false)'),
  mutant(TEXT, FILE, "if (text === undefined) return '';", ''),
  mutant(TEXT, FILE, 'OF_NAME.has(name)', 'false'),
  mutant(TEXT, FILE, '.split(/\\s+/).at(-1)', ''),
  mutant(TEXT, FILE, 'Math.min(column, body?.by ?? 0)', '0'),
  mutant(HEADS, FILE, '|envvar|confval|', '|'),
  mutant(HEADS, FILE, 'FENCED.test(text) || ', ''),
  mutant(HEADS, FILE, 'body && indentOf(line) === 0 ?', 'indentOf(line) === 0 ?'),
  mutant(NOTED, FILE, 'if (frame || NOTE.test(line))', 'if (frame)'),
  mutant(NOTED, FILE, 'body?.hasFields === false', 'body?.of === -1'),
  mutant(NOTED, FILE, '|tab|group-tab|', '|tab|'),
];

export default rows;
