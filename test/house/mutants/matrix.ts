// matrix.ts: mutants of tables of marks.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/matrix.test.ts');
const HOLD = 'of a table of marks the rows answer that hold in the column that is asked for';

const rows: Mutant[] = [
  mutant(HOLD, 'quotes/extent.ts', 'const held = rowsThatHold(question, units, at);', 'const held: Unit[] = [];'),
  mutant(HOLD, 'text/tables.ts', 'if (whole.length > 0 && cells.every(({ cell }) => isMark(cell))) return whole;', ''),
  mutant(HOLD, 'text/tables.ts', 'SHOWN_AS.get(cell) ?? cell', 'cell'),
  mutant('… or the others, where it is asked what does not hold', 'quotes/matrix.ts', '!ASKS_NOT.test(text)', 'true'),
  mutant(
    '… or the one that is named with it, whatever its mark',
    'quotes/matrix.ts',
    "named.length > 0 || kind === 'yes-no'",
    'false',
  ),
  mutant(
    'where cells are no marks a row is said as any other',
    'quotes/matrix.ts',
    " || !rows.every(({ cells }) => isMark(cells[column] ?? ''))",
    '',
  ),
];

export default rows;
