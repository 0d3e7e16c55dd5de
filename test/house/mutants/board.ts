// board.ts: mutants of the board: what is shared, what is shown of it, and to whom.

import { mutantsOf, type Mutant } from './mutant.ts';

const BOARD = 'test/agents/board.test.ts';
const OFFLINE = 'test/simulator/board.test.ts';
const REAL = 'test/workflows/board.test.ts';

const ONCE = 'a sub-agent is shown before its next turn what others shared, once, and nothing of its own';
const SAME = 'a later attempt is shown the same before the same turn, whatever was shared meanwhile';
const BOUNDED = 'before one turn there are at most 20 items of 8 KB in all, and the rest before the next';
const HOSTILE =
  'what is no item, is too large or stands in no source is never shown, and what is shown stays inside its block';
const SHARED =
  'a finding is shared when its quote stands in its source, once a call and once for all, and so many of one';
const FETCHES = 'what a sub-agent shares in the middle of its work is not fetched again by the one beside it';

const mutant = (row: string, file: string, find: string, put: string, test: string): Mutant =>
  mutantsOf(test, test === REAL ? 'server' : 'nothing')(row, file, find, put);

const rows: Mutant[] = [
  mutant(ONCE, 'loop/board.ts', '&& one.by !== log.key.subtask ? one', '? one', BOARD),
  mutant(ONCE, 'loop/board.ts', 'log.board.at(-1)?.seen ?? 0', '0', BOARD),
  mutant(SAME, 'loop/board.ts', 'if (log.board.some((record) => record.turn === turn)) return;', '', BOARD),
  mutant(BOUNDED, 'loop/board.ts', 'items.length >= BOARD_LIMITS.itemsATurn || ', '', BOARD),
  mutant(BOUNDED, 'loop/board.ts', ' || bytes + size > BOARD_LIMITS.bytesATurn', '', BOARD),
  mutant(HOSTILE, 'loop/board.ts', 'await view.check(item.finding)', 'item.finding', BOARD),
  mutant(HOSTILE, 'loop/board.ts', "jsonBlock('board', shown)", '`<board>${JSON.stringify(shown)}</board>`', BOARD),
  mutant(HOSTILE, 'protocol/board.ts', 'isText(claim, BOARD_LIMITS.claimChars)', 'claim !== undefined', BOARD),
  mutant(SHARED, 'agents/share-finding.ts', ' || problems.length > 0', '', BOARD),
  mutant(SHARED, 'agents/share-finding.ts', 'there.some((one) => isSame(one, item))', 'false', BOARD),
  mutant(SHARED, 'agents/share-finding.ts', 'own.length >= BOARD_LIMITS.itemsOfOne', 'false', BOARD),
  mutant(FETCHES, 'agents/work-on-subtask.ts', '...(board ? { board: board.view } : {}),', '', REAL),
  mutant(FETCHES, 'workflows/receive-reports.ts', 'board.push(finding);', '', REAL),
  mutant(
    'tells of what was shared at the latest when it closes: no outcome holds it',
    'lifecycle/report-bucket.ts',
    " || item.kind === 'shared'",
    '',
    'test/activities/reporter.test.ts',
  ),
  mutant(
    'what others found and answers its question it gives with their source, and looks nothing up',
    'brain/research.ts',
    'if (fromOthers.length > 0)',
    'if (fromOthers.length > 99)',
    OFFLINE,
  ),
  mutant(
    'what others found and does not answer its question changes nothing',
    'brain/request/notes.ts',
    'isBoard(message) || ',
    '',
    OFFLINE,
  ),
  mutant(
    'what it found it shares once, beside what it still looks for',
    'brain/research.ts',
    'share && !hasShared(prompt.after, share)',
    'share',
    OFFLINE,
  ),
];

export default rows;
