// round-subtasks.ts: what code makes of the subtasks that a model proposes for a further round: only such stay as are for something
// that is missing, can be run, and ask for nothing that was done or is in the round already.

import type { MergedSubtask } from '../../protocol/merged.ts';
import { meaningOf, type Meaning } from '../text/meaning.ts';
import { plainText } from '../../protocol/plain-text.ts';
import { asksTheSame } from '../text/same-question.ts';
import type { RoundOutput } from '../text/prompts/round-prompt.ts';
import type { ProposedSubtask } from './planned-subtask.ts';

/** What a round builds on. */
export interface RoundGround {
  /** Subtasks that have ended. Only what is done can be needed, or makes a proposal a repeat. */
  ended: readonly { id: string; kind: string; goal: string; done: boolean }[];
  /** Ids of those that brought too little. */
  lacks: readonly string[];
  /** Names of the kinds that may be planned. */
  kinds: readonly string[];
  /** Subtasks that it may have at most. */
  most: number;
}

/** Characters that a person sees of it. */
const MAX_TITLE = 120;

export type RoundProposal = Omit<ProposedSubtask, 'id'> & { fills: string[] };

/** The proposals that can be run, and what is wrong with the others, for a re-ask. */
export function checkRound(
  { subtasks }: RoundOutput,
  { ended, lacks, kinds, most }: RoundGround,
): { accepted: RoundProposal[]; problems: string[] } {
  const problems: string[] = [];
  if (subtasks.length > most) problems.push(`there are ${subtasks.length} subtasks; at most ${most} are allowed`);
  const mayBeNeeded = new Set(ended.flatMap(({ id, done }) => (done ? [id] : [])));
  const isMissing = new Set(lacks);
  const accepted = subtasks.slice(0, most).flatMap(({ title, kind, goal, ...one }, at): RoundProposal[] => {
    const said = `subtask ${at + 1}`;
    const fills = [...new Set(one.fills)].filter((id) => isMissing.has(id));
    const needs = [...new Set(one.needs)].filter((id) => mayBeNeeded.has(id));
    if (needs.length < new Set(one.needs).size) problems.push(`${said} may only need earlier subtasks that are done`);
    if (fills.length === 0) problems.push(`${said} is for nothing that is missing; there are ${lacks.join(', ')}`);
    if (!kinds.includes(kind)) problems.push(`${said}: there is no kind "${kind.slice(0, 60)}"`);
    const isEmpty = plainText(goal, goal.length) === '';
    if (isEmpty) problems.push(`${said} has no goal`);
    const isRun = fills.length > 0 && kinds.includes(kind) && !isEmpty;
    const shown = plainText(title, MAX_TITLE) || plainText(goal, MAX_TITLE);
    return isRun ? [{ title: shown, kind, goal, needs, fills }] : [];
  });
  return { accepted, problems };
}

/**
 * Gives ids to what is new. What asks for the same as one that is done is done for nothing; of two that ask for the same the first
 * is for what both were for.
 */
export function numberRound(
  proposals: readonly RoundProposal[],
  { ended }: Pick<RoundGround, 'ended'>,
  first: number,
): { added: (RoundProposal & { id: string })[]; merged: MergedSubtask[] } {
  const done = ended.flatMap(({ id, kind, goal, done: isDone }) =>
    isDone ? [{ id, kind, meaning: meaningOf(goal) }] : [],
  );
  const added: (RoundProposal & { id: string; meaning: Meaning })[] = [];
  const merged: MergedSubtask[] = [];
  for (const one of proposals) {
    const meaning = meaningOf(one.goal);
    const isSame = (other: { kind: string; meaning: Meaning }): boolean =>
      other.kind === one.kind && asksTheSame(other.meaning, meaning);
    const twin = added.find(isSame);
    const same = done.find(isSame) ?? twin;
    if (twin) twin.fills = [...new Set([...twin.fills, ...one.fills])];
    if (same) merged.push({ title: one.title, into: same.id });
    else added.push({ ...one, id: `s${first + added.length}`, meaning });
  }
  return { added: added.map(({ meaning: _meaning, ...one }) => one), merged };
}
