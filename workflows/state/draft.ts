// draft.ts: the draft: findings folded in the plan's order, whatever order they came in. The same findings give the same
// text. Its length is known without writing it.

import type { FindingDigest } from '../../protocol/findings.ts';
import { seenLife, subtasksOf, type Totals, type Tree } from './tree.ts';

export function draftText(tree: Tree): string {
  return subtasksOf(tree)
    .flatMap((subtask) => {
      const { digests } = seenLife(subtask);
      return digests.length > 0 ? [sectionText(subtask.spec.title, digests)] : [];
    })
    .join('\n');
}

/** Length of the draft's text. */
export const draftLength = ({ draftChars, draftSections }: Totals): number =>
  draftChars + Math.max(0, draftSections - 1);

const sectionText = (title: string, digests: readonly FindingDigest[]): string =>
  `## ${title}\n\n${digests.map(({ claim, at }) => `- ${claim} (${at})`).join('\n')}\n`;

/** Length of a section's text: `## title`, an empty line, a line for each finding. */
export const sectionChars = (title: string, digests: readonly FindingDigest[]): number =>
  digests.reduce((sum, { claim, at }) => sum + claim.length + at.length + 6, title.length + 5);
