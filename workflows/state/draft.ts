// draft.ts: the draft: findings folded in the plan's order, whatever order they came in. The same findings give the same
// text. Its length is kept with the tree's totals.

import { sectionText } from './draft-section.ts';
import { shownLife, subtasksOf, type Totals, type Tree } from './tree.ts';

export function draftText(tree: Tree): string {
  return subtasksOf(tree)
    .flatMap((subtask) => {
      const { digests } = shownLife(subtask);
      return digests.length > 0 ? [sectionText(subtask.spec.title, digests)] : [];
    })
    .join('\n');
}

/** Length of the draft's text. */
export const draftLength = ({ draftChars, draftSections }: Totals): number =>
  draftChars + Math.max(0, draftSections - 1);
