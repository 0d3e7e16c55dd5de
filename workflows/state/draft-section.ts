// draft-section.ts: what one subtask gives to the draft, and how long that is.

import type { FindingDigest } from '../../protocol/findings.ts';

export const sectionText = (title: string, digests: readonly FindingDigest[]): string =>
  `## ${title}\n\n${digests.map(({ claim, at }) => `- ${claim} (${at})`).join('\n')}\n`;

/** Length of a section's text: `## title`, an empty line, a line for each finding. */
export const sectionChars = (title: string, digests: readonly FindingDigest[]): number =>
  digests.reduce((sum, { claim, at }) => sum + claim.length + at.length + 6, title.length + 5);
