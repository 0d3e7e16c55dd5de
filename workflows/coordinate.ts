// coordinate.ts: are the outcomes enough? Asked at each ending that may decide (not that of a life beside which another still
// works), and once more when all have ended. Pure, recomputed on replay. Second rounds come here.

import type { Failure } from '../protocol/failures.ts';
import { firstOf } from '../protocol/first-of.ts';
import { joinInWords, type JoinPolicy } from '../protocol/join.ts';
import type { Ending, Verdict } from './fan-out.ts';
import { counts, openCount, shownLife, subtasksOf, type SubtaskState, type Tree } from './state/tree.ts';

/** How a join stands with the ending that is asked about. */
interface Tally {
  /** Subtasks that can count: planned ones, and what people added. */
  of: number;
  /** Of these, how many have ended with a finding or data. */
  brought: number;
  /** Of these, how many have not ended. */
  open: number;
}

/** How one join policy decides, purely. A new policy is one of these and a line in JOINS. */
interface Join<P extends JoinPolicy = JoinPolicy> {
  /** Subtasks that must count for an answer. Undefined: it waits for all as long as there is time. */
  needed: (policy: P, of: number) => number | undefined;
  /** Whether so many are enough, though others are at work. */
  endsEarly: boolean;
}

const JOINS: { [Kind in JoinPolicy['kind']]: Join<Extract<JoinPolicy, { kind: Kind }>> } = {
  // Until the deadline every subtask may still add something.
  bestEffort: { needed: () => undefined, endsEarly: false },
  all: { needed: (_policy, of) => of, endsEarly: false },
  quorum: { needed: ({ k }, of) => Math.min(k, of), endsEarly: true },
  first: { needed: () => 1, endsEarly: true },
};

/** Of a class of an older version, whose policy is refused with its request: no answer from a part. */
const rowOf = ({ kind }: JoinPolicy): Join => (JOINS as Partial<Record<string, Join>>)[kind] ?? (JOINS.all as Join);

/** What follows this ending of a subtask, which is not folded into the tree yet. */
export function coordinate(join: JoinPolicy, tree: Tree, subtask: SubtaskState, ending: Ending): Verdict {
  const row = rowOf(join);
  const { of, brought, open } = tallyWith(tree, subtask, ending);
  const needed = row.needed(join, of);
  // The last one that is at work stops nothing.
  if (needed === undefined || openCount(tree) <= 1) return 'go on';
  if (brought >= needed && row.endsEarly)
    return { enough: `${brought} of ${of} subtasks brought something, and ${joinInWords(join)} was asked for` };
  if (brought + open < needed)
    return {
      enough: `${joinInWords(join)} was asked for, and at most ${brought + open} of ${of} subtasks can bring something`,
    };
  return 'go on';
}

function tallyWith(tree: Tree, subtask: SubtaskState, ending: Ending): Tally {
  const { counted, ended, brought } = tree.totals;
  if (!counts(subtask)) return { of: counted, brought, open: counted - ended };
  return { of: counted, brought: brought + (brings(subtask, ending) ? 1 : 0), open: counted - ended - 1 };
}

/** Whether it found something or made data, however it ended. */
function brings(subtask: SubtaskState, ending: Ending): boolean {
  const outcome = 'usage' in ending ? ending : ending.status === 'stopped' ? ending.last : undefined;
  const found = outcome && 'findingCount' in outcome ? outcome : undefined;
  if (found && (found.findingCount > 0 || found.dataRef !== undefined)) return true;
  return ending.status !== 'done' && shownLife(subtask).findingCount > 0;
}

/** Why no answer can be written from what is there; undefined when one can. A stopped subtask counts when it had findings. */
export function shortfall(join: JoinPolicy, tree: Tree): Failure | undefined {
  const { counted, brought, useful } = tree.totals;
  const needed = rowOf(join).needed(join, counted);
  const [have, min] = needed === undefined ? [useful, Math.max(1, 'min' in join ? join.min : 1)] : [brought, needed];
  if (have >= min) return undefined;
  const reasons = subtasksOf(tree).flatMap((subtask) => {
    const { failure } = shownLife(subtask);
    return failure ? [`${subtask.spec.id} “${subtask.spec.title}”: ${failure.message}`] : [];
  });
  const all = have === 0 ? 'no subtask succeeded' : `only ${have} of the ${min} subtasks asked for succeeded`;
  return { type: 'AllSubtasksFailed', message: `${all}. ${firstOf(reasons, 8)}`.trim() };
}
