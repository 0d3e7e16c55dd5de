// share-finding.ts: the tool by which a sub-agent puts a finding on its task's board while it works. A quote that is not in its
// source goes no further here either. How many there may be is bounded here.

import { z } from 'zod';
import { BOARD_LIMITS, isBoardItem, type BoardItem } from '../../protocol/board.ts';
import type { LogKey, Store } from '../../store/store.ts';
import { bytesOf, postBoard, readBoard } from '../loop/board.ts';
import { defineTool, type Tool } from '../tools/tool.ts';
import type { Reporter } from './reporting.ts';

type Check = (finding: {
  claim: string;
  citations: { source: string; quote: string }[];
}) => Promise<{ accepted: BoardItem['finding'] | undefined; problems: string[] }>;

/** @param check a finding's own check, against the sources. */
export function shareFindingTool(
  store: Store,
  { run, subtask, generation }: LogKey,
  reporter: Reporter,
  check: Check,
): Tool {
  const life = `${subtask}/g${generation}/`;
  return defineTool({
    name: 'share_finding',
    description:
      'Shows a finding to the sub-agents that work beside you, so that they need not look for it: for what others may need, too. ' +
      'Call it beside other calls, not alone. It is no part of your own findings: give it there, too.',
    input: z.object({
      claim: z.string().min(1).max(BOARD_LIMITS.claimChars).describe('One fact, understood alone'),
      citations: z
        .array(
          z.object({
            source: z.string().max(BOARD_LIMITS.sourceChars).describe('Name of the source exactly as the tool gave it'),
            quote: z.string().max(BOARD_LIMITS.quoteChars).describe('Words copied exactly from that source'),
          }),
        )
        .min(1)
        .max(BOARD_LIMITS.citations),
    }),
    // Its id is the call's: run again it is on the board once.
    sideEffects: 'idempotent',
    isContained: true,
    async execute(finding, { callback }) {
      const { accepted, problems } = await check(finding);
      if (!accepted || problems.length > 0) throw new Error(problems.join('; ') || 'nothing in it stands in a source');
      const id = callback?.handle ?? `${life}${accepted.claim.slice(0, 80)}`;
      const item: BoardItem = { id, by: subtask, finding: accepted };
      if (!isBoardItem(item) || bytesOf(item) > BOARD_LIMITS.bytesATurn)
        throw new Error('it is too long: share one fact with a short quote');
      const there = (await readBoard(store, run, 0)).filter(isBoardItem);
      const own = there.filter((one) => one.id.startsWith(life));
      const known = own.findIndex((one) => one.id === id);
      if (known < 0) {
        if (there.some((one) => isSame(one, item))) return { shared: false, why: 'it is on the board already' };
        if (own.length >= BOARD_LIMITS.itemsOfOne) throw new Error(`you have shared ${own.length}: no more are taken`);
        if (there.length >= BOARD_LIMITS.items) throw new Error('the board is full');
        await postBoard(store, run, item);
      }
      const n = known < 0 ? own.length + 1 : known + 1;
      reporter.shared(n, { id: `${life}b${n}`, ...accepted });
      return { shared: true };
    },
  });
}

const isSame = ({ finding: one }: BoardItem, { finding: other }: BoardItem): boolean =>
  one.claim === other.claim ||
  (one.citations[0]?.quote === other.citations[0]?.quote && one.citations[0]?.source === other.citations[0]?.source);
