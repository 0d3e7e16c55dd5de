// outside.ts: mutants of "Text from outside": each lets through one thing that a text could make a model do.

import type { Mutant } from './mutant.ts';

const HOSTILE = 'test/hostile/hostile-documents.test.ts';

const rows: Mutant[] = [
  {
    row: 'starts no sub-agent beside the plan’s, and changes no limit',
    file: 'delegate.ts',
    find: 'const { delegates } = kind;',
    put: 'const { delegates = { depth: 1, max: 4 } } = kind;',
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'runs no tool outside its kind’s list, of no server either',
    file: 'mcp-tools.ts',
    find: '.filter((tool) => allows(patterns, tool.name))',
    put: '',
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'sends no request to an address that it may not read, by redirect or name either',
    file: 'guarded-send.ts',
    find: 'const PUBLIC = agents(false);',
    put: 'const PUBLIC = agents(true);',
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'cites only words that stand in prepared documents, under their names',
    file: 'check-findings.ts',
    find: 'const citation = await locate(source, quote);',
    put: `const citation = (await locate(source, quote)) ?? { source, quote, sha256: '0', place: { line: 1 } };`,
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'gets no address and no recipient into answer, gaps, events or Markdown',
    file: 'synthesize.ts',
    find: 'const said = withoutForeignAddresses(text, shown);',
    put: 'const said = text;',
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'gets no address that a document slipped into a claim into the draft, a Query’s result or the findings in the store',
    file: 'check-findings.ts',
    find: 'const said = withoutForeignAddresses(claim, [...shown, ...cited]);',
    put: 'const said = claim;',
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'no message has a tag inside a block or a result, a character that nobody sees, or more than one result may have',
    file: 'visible-text.ts',
    find: `.replace(INVISIBLE, '')`,
    put: '',
    test: HOSTILE,
    needs: 'server',
  },
  {
    row: 'puts nothing into the data that no cited quote says, neither an address nor a number, and says which fields',
    file: 'evidence/ground-data.ts',
    find: 'ground.unfounded.push(path);',
    put: 'return value;',
    test: 'test/agents/finished-answers.test.ts',
    needs: 'server',
  },
  {
    row: 'of the offline model fills a schema from its quotes, and has no data where one field is beyond them',
    file: 'evidence/ground-data.ts',
    find: 'if (!isLess) return {',
    put: 'if (!isLess) return { data: kept,',
    test: 'test/agents/finished-answers.test.ts',
    needs: 'server',
  },
  {
    row: 'can’t drive the terminal of whoever reads its answer or follows its events',
    file: 'terminal/text.ts',
    find: `return stripVTControlCharacters(text).replace(CONTROL, '');`,
    put: 'return text;',
    test: HOSTILE,
    needs: 'server',
  },
];
export default rows;
