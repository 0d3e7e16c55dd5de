// documents.ts: mutants of what is promised about reading documents and about the servers that embed them.

import type { Mutant } from './mutant.ts';

const ENCODING = 'test/documents/reads-any-encoding.test.ts';
const OFFICE = 'test/documents/reads-office-files.test.ts';
const EMBEDDINGS = 'test/documents/embeddings-within-bounds.test.ts';

const rows: Mutant[] = [
  {
    row: 'a file in %s that says nowhere in which encoding it is keeps its words: %s',
    title: 'a file in gbk that says nowhere in which encoding it is keeps its words',
    file: 'decode-text.ts',
    find: 'return isDamagedUtf8(utf8) ? utf8',
    put: 'return utf8 ? utf8',
    test: ENCODING,
    needs: 'nothing',
  },
  {
    row: '%s says in which encoding it is',
    title: 'an XML document by its first line says in which encoding it is',
    file: 'decode-text.ts',
    find: 'const isUtf8 = !utf8.includes',
    put: 'const isUtf8 = declared !== undefined || !utf8.includes',
    test: ENCODING,
    needs: 'nothing',
  },
  {
    row: 'a bad byte costs a character, not a file',
    file: 'decode-text.ts',
    find: 'const STRAY = 2;',
    put: 'const STRAY = 0;',
    test: ENCODING,
    needs: 'nothing',
  },
  {
    row: 'a row of a workbook says under which headers its values stand, and its line is that of the row',
    file: 'row-lines.ts',
    find: '`${name}: ${oneLine(text)}`',
    put: 'oneLine(text)',
    test: OFFICE,
    needs: 'nothing',
  },
  {
    row: 'a document of Word keeps its text boxes once, its notes, headers and controls, and nothing that was deleted',
    file: 'docx.ts',
    find: `'Fallback', `,
    put: '',
    test: OFFICE,
    needs: 'nothing',
  },
  {
    row: 'an archive that unpacks to more than is allowed is read no further, whatever it says of its sizes',
    file: 'archive.ts',
    find: 'if (this.#left < 0)',
    put: 'if (this.#left === 0)',
    test: OFFICE,
    needs: 'nothing',
  },
  {
    row: 'a file that takes too long is stopped where it is read, and the next one is read',
    file: 'extract-apart.ts',
    find: 'if (!isParsed(name, bytes))',
    put: 'if (isParsed(name, bytes))',
    test: OFFICE,
    needs: 'nothing',
  },
  {
    row: 'result --skipped prints every file that was not read, with its reason, plain and as JSON',
    file: 'prepare-sources.ts',
    find: 'skipped.length > named.length',
    put: 'skipped.length < 0',
    test: 'test/cli/skipped-files.test.ts',
    needs: 'server',
  },
  {
    row: 'a server that takes ten texts at once and says so by %s gets no more, once it has said so',
    title: 'a server that takes ten texts at once and says so by 400 gets no more',
    file: 'fit-embeddings.ts',
    find: 'if (first && second && half',
    put: 'if (!first && half',
    test: EMBEDDINGS,
    needs: 'nothing',
  },
  {
    row: 'a server that takes short texts only gets the beginnings of the long ones, and batches as large as before',
    file: 'fit-embeddings.ts',
    find: 'return cutTo(text, this.#bound.mostTokens);',
    put: 'return text;',
    test: EMBEDDINGS,
    needs: 'nothing',
  },
  {
    row: 'a text with many more tokens than its length lets expect shortens itself and none of the others',
    file: 'text-bound.ts',
    find: 'counted > 0 && this.#counted > 0 ?',
    put: 'counted < 0 ?',
    test: EMBEDDINGS,
    needs: 'nothing',
  },
  {
    row: 'a passage that a server refuses alone is found by its words, the others by vectors, and it is said once',
    file: 'fit-embeddings.ts',
    find: 'made.refused += 1;',
    put: '',
    test: EMBEDDINGS,
    needs: 'nothing',
  },
  {
    row: 'texts that were paid before another one failed are not paid again',
    file: 'fit-embeddings.ts',
    find: 'this.#begun.set(texts, made);',
    put: '',
    test: EMBEDDINGS,
    needs: 'nothing',
  },
  {
    row: 'a folder of too many files is refused before any is opened, by its largest folders and with what to leave out',
    file: 'find-files.ts',
    find: 'tally.refuseTooLarge(sources.map(({ path }) => path));',
    put: '',
    test: 'test/documents/too-large.test.ts',
    needs: 'nothing',
  },
  {
    row: 'who follows a task is told of reading at each tenth, in growing order, and of quick reading nothing',
    file: 'reading-report.ts',
    find: 'part <= this.#part ||',
    put: '',
    test: 'test/activities/reading-report.test.ts',
    needs: 'nothing',
  },
];
export default rows;
