// earlier.ts: what a question sees of its session: read from the results of earlier tasks each time it is shown, so that what was
// removed meanwhile is seen no more. For a model it is data, like all that comes from elsewhere.

import type { TaskResult } from '../../protocol/result.ts';
import type { SessionView } from '../../protocol/session.ts';
import { BlobMissingError, type Store } from '../../store/store.ts';
import type { EarlierTurn } from '../text/earlier-turn.ts';
import { readAnswer } from './answers.ts';

/** Of each question at most. */
const QUESTION_CHARS = 500;

/** What an answer says of a question that leaned on an earlier one. */
export const meantNotes = (session: SessionView | undefined): string[] =>
  session?.resolved === undefined ? [] : [`Understood as: ${session.resolved}`];

/** Oldest first; the newest have the room where there is not enough for all. */
export async function earlierOf(store: Store, session: SessionView | undefined): Promise<EarlierTurn[]> {
  if (!session) return [];
  const { open = [] } = session;
  const places = [...session.sees, ...open];
  const read = await Promise.all(places.map((taskId) => turnOf(store, taskId, open.includes(taskId))));
  return withinChars(
    read.flatMap((one) => (one ? [one] : [])),
    session.chars,
  );
}

/** Undefined when nothing is kept of it any more. */
export async function turnOf(store: Store, taskId: string, isOpen = false): Promise<EarlierTurn | undefined> {
  const result = isOpen ? undefined : await store.getResult(taskId);
  if (!result) {
    const head = isOpen ? await store.getTask(taskId) : undefined;
    return head && { question: head.goal.slice(0, QUESTION_CHARS), state: 'still at work', answer: '', findings: [] };
  }
  const answer = await answerOf(store, result);
  const claims = answer?.sections.flatMap((section) => section.claims.map(({ text }) => `- ${text}`)) ?? [];
  return {
    question: (result.session?.resolved ?? result.goal).slice(0, QUESTION_CHARS),
    state: result.outcome,
    answer: answer ? claims.join('\n') : (result.draft ?? ''),
    findings: answer?.citations.map(({ source, quote }) => ({ source, quote })) ?? [],
  };
}

async function answerOf(store: Store, { answer, answerRef }: TaskResult) {
  if (answer || answerRef === undefined) return answer;
  try {
    return await readAnswer(store, answerRef);
  } catch (error) {
    if (error instanceof BlobMissingError) return undefined;
    throw error;
  }
}

function withinChars(turns: readonly EarlierTurn[], chars: number): EarlierTurn[] {
  let left = chars;
  const taken: EarlierTurn[] = [];
  for (const turn of [...turns].reverse()) {
    left -= turn.question.length;
    if (left < 0) break;
    const answer = turn.answer.slice(0, left);
    left -= answer.length;
    const findings = turn.findings.filter(({ source, quote }) => {
      const takes = source.length + quote.length;
      if (takes > left) return false;
      left -= takes;
      return true;
    });
    taken.unshift({ ...turn, answer, findings });
  }
  return taken;
}
