// research.ts: a sub-agent's turn: search for the question and its parts, read around a cut sentence, or answer.
// Keeps nothing between turns: all it knows is in the messages.

import type { Reply } from '../wire.ts';
import { nextCalls, noteCalls } from './next-calls.ts';
import { asWritten } from './question/joined-words.ts';
import type { Kind } from './question/kinds.ts';
import { isPlain, readQuestion, type Question } from './question/question.ts';
import { shareOf, type Found } from './quotes/asked.ts';
import { beginningsIn, toBegin } from './quotes/beginnings.ts';
import { chooseQuotes } from './quotes/choose-quotes.ts';
import { asGiven, writeFindings } from './quotes/findings.ts';
import { neighbourOf } from './quotes/neighbours.ts';
import { ofVersion } from './quotes/of-version.ts';
import type { Choice } from './quotes/quotable.ts';
import { readPassages } from './quotes/read-passages.ts';
import { absentNames, gapsOf, isFarFrom, isOffTopic, MOST_NEAR } from './report/gaps.ts';
import { inContext } from './report/in-context.ts';
import { isBeside, withoutPlace } from './report/stretch.ts';
import { toReadOn } from './report/to-read-on.ts';
import { askCall, asksFirst, replyOf } from './request/asks-first.ts';
import { readBesides, unknownOf } from './request/besides.ts';
import { notesIn } from './request/notes.ts';
import { asObject, followTrail } from './request/passages.ts';
import { jsonBlock, type Prompt } from './request/prompt.ts';
import { isRefused, type Refusals } from './request/reask.ts';
import { answeredBy, hasShared, shareCall, sharedIn, type Finding } from './request/shared.ts';
import type { ResearchTools } from './request/tools.ts';
import { calledBy } from './words/names.ts';
import { contentTerms } from './words/words.ts';

/** Findings that are shown to others while it goes on. */
const MAX_SHARED = 2;
/** Passages that are read closely. */
const MAX_READINGS = 60;

/** One turn of a sub-agent. */
export function research(prompt: Prompt, tools: ResearchTools, refusals: Refusals): Reply {
  const names = calledBy(jsonBlock(prompt.blocks, 'documents'));
  const known = (word: string): boolean => names.has(word);
  const context = claimsIn(jsonBlock(prompt.blocks, 'needs'));
  const { asked: told, isBesides } = readBesides(
    prompt.blocks.get('subtask') ?? prompt.blocks.get('goal') ?? prompt.text,
  );
  const asks = tools.ask && asksFirst(told);
  const said = asks && tools.ask && replyOf(prompt.after, tools.ask);
  if (asks && tools.ask && !said) return { content: '', toolCalls: [askCall(asks, tools.ask)] };
  const asked = asks ? [said?.reply, asks.rest].filter((part) => part !== undefined).join(': ') : told;
  const notes = notesIn(prompt.after);
  const goal = [asked, ...notes.map(({ text }) => text)].join('\n');
  const trail = followTrail(prompt.after, (tool) => tools.others.has(tool));
  const neighbour = neighbourOf(goal, trail);
  const plainly = readQuestion(neighbour.question ?? goal, known, context);
  const fromOthers = trail.turns === 0 ? answeredBy(plainly, sharedIn(prompt.after)) : [];
  if (fromOthers.length > 0) return { content: JSON.stringify({ findings: fromOthers, missing: [] }), toolCalls: [] };
  const all = [...(neighbour.entry ? [neighbour.entry] : []), ...trail.passages];
  const passages = ofVersion(plainly.text, isBesides ? unknownOf(all, context) : all);
  const question = asWritten(
    plainly,
    passages.slice(0, MAX_READINGS).map(({ heading, text }) => `${heading}\n${text}`),
  );
  const read = readPassages(question, [...passages.slice(0, MAX_READINGS), ...beginningsIn(question, trail.reads)]);
  const choices = chooseQuotes(question, read, refusals);
  const unread = notes.filter(({ isNew }) => isNew);
  if (unread.length > 0 && trail.turns > 0 && tools.search)
    return { content: '', toolCalls: noteCalls(unread, tools.search) };
  // What a first sub-agent followed up was found by it.
  const isOver = isBesides && trail.turns > 0;
  const toolCalls = isOver
    ? []
    : nextCalls(
        question,
        trail,
        { choices, known, near: neighbour.near, begin: toBegin(question, read) },
        tools,
        context,
      );
  const isOnTopic = !isOffTopic(question, read.readings);
  const given = isOnTopic ? asGiven(question, choices, trail.reads) : [];
  const findings = writeFindings(question, given);
  if (toolCalls.length > 0) {
    // Beside another call: alone it would take a turn.
    const { share } = tools;
    const shares = share && !hasShared(prompt.after, share) ? findings.slice(0, MAX_SHARED) : [];
    return { content: '', toolCalls: [...toolCalls, ...shares.flatMap((one) => (share ? shareCall(share, one) : []))] };
  }
  const missing = gapsOf(question, { choices: given.length > 0 ? choices : [], given }, read, isBesides);
  const isNear = missing.length > 0 && (isBesides || isFarFrom(question, choices, read));
  if (!isNear && refusals.unnamed === 0)
    addContext(question, read, { findings, given, isAnswered: missing.length === 0 }, refusals);
  if (isNear) findings.splice(MOST_NEAR);
  else if (missing.length > 0 && isPlain(question)) findings.splice(MOST_UNANSWERED);
  const isToldElsewhere = isOnTopic && absentNames(question, read.readings).length === 0;
  if (
    isToldElsewhere &&
    !isBesides &&
    (missing.length > 0 || TOLD_AT_LENGTH.has(question.kind)) &&
    refusals.unnamed === 0
  )
    findings.push(...toReadOn(read, findings, refusals));
  if (asks && said?.reply === undefined) missing.push(`Nobody said what was asked: ${asks.question}`);
  if (findings.length === 0 && missing.length === 0) missing.push('Nothing was found that answers this question.');
  return { content: JSON.stringify({ findings, missing }), toolCalls: [] };
}

/** The place of the quote that has most of the question, as a finding behind that one. Beside an answer it must speak of the question,
 * too; of what a thing is all that follows does, but for the other items of a list. */
function addContext(
  question: Question,
  { weights }: Found,
  { findings, given, isAnswered }: { findings: Finding[]; given: readonly Choice[]; isAnswered: boolean },
  refusals: Refusals,
): void {
  const most = Math.max(...given.map(({ quotable }) => quotable.covers));
  const at = given.findIndex(({ quotable }) => quotable.covers === most);
  const best = given[at];
  if (!best || (!isAnswered && shareOf(question.weights, best.quotable.terms) < CLOSE)) return;
  const context = inContext(
    best,
    given.map(({ quotable }) => quotable.unit),
  );
  if (!context || isRefused(context.quote, refusals)) return;
  const said = new Set(contentTerms(withoutPlace(context.claim)));
  const isTold = question.kind === 'definition' && best.quotable.unit.kind !== 'item';
  if (isAnswered && !isTold && shareOf(weights, said) < OF_IT) return;
  const citations = [{ source: best.reading.passage.source, quote: context.quote }];
  findings.splice(at + 1, 0, { claim: context.claim, citations });
}

/** Findings where a plain question is not answered, what stands around the best of them included. */
const MOST_UNANSWERED = 3;

/** Share of the question in a quote that does not answer it, from which on its place may. */
const CLOSE = 0.4;
/** Share of the question in what stands around a quote, for it to speak of it. */
const OF_IT = 0.4;

/** Kinds of questions whose answers one sentence seldom holds. */
const TOLD_AT_LENGTH: ReadonlySet<Kind> = new Set(['how-to', 'difference']);

/** All claims in the findings of earlier subtasks, however they are nested. */
function claimsIn(needs: unknown, depth = 0): string[] {
  if (Array.isArray(needs)) return needs.flatMap((item) => claimsIn(item, depth + 1));
  if (typeof needs !== 'object' || needs === null || depth > 6) return [];
  const { claim, ...rest } = asObject(needs);
  return [
    ...(typeof claim === 'string' && !isBeside(claim) ? [claim] : []),
    ...Object.values(rest).flatMap((item) => claimsIn(item, depth + 1)),
  ];
}
