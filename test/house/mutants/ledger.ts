// ledger.ts: mutants of what is reserved of a task's budget, and of what comes back.

import type { Mutant } from './mutant.ts';

const PURE = 'test/workflows/ledger.properties.test.ts';
const REAL = 'test/workflows/ledger.test.ts';
const TERMS = 'test/activities/ledger-terms.test.ts';

const CONSERVED = 'what is reserved, settled, handed over and refunded is conserved, and never below zero';
const WAITS =
  'whatever is spent, stopped, begun beside or added to the budget, nobody waits for ever, and who is left out is told why';

const rows: Mutant[] = [
  {
    // As if nothing were reserved.
    row: 'forty begin, and an overrun is no more than the calls in flight',
    file: 'workflows/state/grants.ts',
    find: 'for (const kind of KINDS) move(grants, account, kind, more[kind] ?? 0);',
    put: 'void [account, more];',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'a hundred sub-agents with a budget for forty spend no more than it, and the answer says who was not begun',
    file: 'workflows/research.ts',
    find: '    admit: queue.ask,\n',
    put: '',
    test: REAL,
    needs: 'server',
  },
  {
    row: 'what the first ones do not need lets others begin, and never more than there is',
    file: 'workflows/state/grants.ts',
    find: 'else move(grants, account, kind, -account.rest[kind]);',
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: CONSERVED,
    file: 'workflows/state/grants.ts',
    find: '    parent.rest[kind] -= part;\n',
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: CONSERVED,
    file: 'workflows/state/grants.ts',
    find: 'return smaller(smaller(own, all),',
    put: 'return smaller(own,',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: CONSERVED,
    file: 'workflows/state/grants.ts',
    find: 'grants.used[account.pool][kind] += amount - granted;',
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: WAITS,
    file: 'workflows/grant-queue.ts',
    find: 'else if (grants.openCount > 0) return;',
    put: 'else if (grants.openCount >= 0) return;',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: WAITS,
    file: 'workflows/endings.ts',
    find: '  if (context.ledger.grants) refund(context.ledger.grants, lifeKey(subtask, life));\n',
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'of a budget that is reserved nothing is given twice: neither more for one nor another life beside it',
    file: 'workflows/commands/extend.ts',
    find: 'if ((more[kind] ?? 0) > (room[kind] ?? Infinity))',
    put: 'if ((more[kind] ?? 0) > Infinity)',
    test: 'test/workflows/controls.test.ts',
    needs: 'nothing',
  },
  {
    row: 'what is delegated never waits for a subtask that waits for its parent’s money',
    file: 'workflows/delegation.ts',
    find: '      !mayWaitForGrant(one, grants) &&\n',
    put: '',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'a subtask gets an equal part of what is there, but no less than is of use',
    file: 'workflows/state/grants.ts',
    find: `Math.max(equal, least, kind`,
    put: `Math.max(equal, kind`,
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'the first round has its part, what follows has another, and takes what the first round left',
    file: 'workflows/state/grants.ts',
    find: ': notBegun > 0',
    put: ': notBegun >= 0',
    test: PURE,
    needs: 'nothing',
  },
  {
    row: 'who looks sees what is spent, what those at work may still spend, and what is left',
    file: 'workflows/state/money.ts',
    find: 'left(left(budget, spent), reserved)',
    put: 'left(budget, spent)',
    test: REAL,
    needs: 'server',
  },
  {
    row: 'what can follow the first round has a part of the budget, and what can’t has none',
    file: 'ledger-terms.ts',
    find: '{ first: FIRST + FURTHER, further: 0 }',
    put: '{ first: FIRST, further: FURTHER }',
    test: TERMS,
    needs: 'nothing',
  },
  {
    row: 'the least that is of use is what nine of ten had enough with, once 20 are known',
    file: 'ledger-terms.ts',
    find: 'spent.length < LEAST_HEDGE_SAMPLES',
    put: 'spent.length < 1',
    test: TERMS,
    needs: 'nothing',
  },
];

export default rows;
