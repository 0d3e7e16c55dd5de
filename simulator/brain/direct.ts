// direct.ts: an answer at once, from the passages in the prompt: the findings that research would bring, each behind it the number
// of its passage. Without passages the offline model has nothing to say, and says that.

import { readQuestion } from './question/question.ts';
import { chooseQuotes } from './quotes/choose-quotes.ts';
import { asGiven, writeFindings } from './quotes/findings.ts';
import { readPassages } from './quotes/read-passages.ts';
import { gapsOf, isFarFrom, isOffTopic, MOST_NEAR } from './report/gaps.ts';
import { asObject, type Passage } from './request/passages.ts';
import { jsonBlock, type Prompt } from './request/prompt.ts';
import type { Refusals } from './request/reask.ts';

/** In its wire shape. */
interface Direct {
  text: string;
  quotes: { passage: number; quote: string }[];
  enough: boolean;
  missing: string[];
}

const MOST_SAID = 4;

export function direct(prompt: Prompt, refusals: Refusals, introduction: string): Direct {
  const passages = passagesIn(jsonBlock(prompt.blocks, 'passages'));
  if (passages.length === 0) return { text: introduction, quotes: [], enough: true, missing: [] };
  const question = readQuestion(prompt.blocks.get('goal') ?? prompt.text, () => false, []);
  const read = readPassages(question, passages);
  const choices = chooseQuotes(question, read, refusals);
  const given = isOffTopic(question, read.readings) ? [] : asGiven(question, choices, []);
  const missing = gapsOf(question, { choices: given.length > 0 ? choices : [], given }, read);
  const most = missing.length > 0 && isFarFrom(question, choices, read) ? MOST_NEAR : MOST_SAID;
  const findings = writeFindings(question, given).slice(0, most);
  const quotes = findings.flatMap(({ citations: [first] }) => {
    const at = first
      ? passages.findIndex(({ source, text }) => source === first.source && text.includes(first.quote))
      : -1;
    return first && at >= 0 ? [{ passage: at + 1, quote: first.quote }] : [];
  });
  const numberOf = (quote: string | undefined): string => {
    const found = quotes.find((one) => one.quote === quote);
    return found ? ` [${found.passage}]` : '';
  };
  const text = findings.map(({ claim, citations }) => `${claim}${numberOf(citations[0]?.quote)}`).join('\n');
  return { text, quotes, enough: quotes.length > 0 && missing.length === 0, missing: missing.slice(0, 5) };
}

function passagesIn(given: unknown): Passage[] {
  const list = Array.isArray(given) ? (given as unknown[]) : [];
  return list.map(asObject).map(({ source, heading, text }, at) => ({
    source: typeof source === 'string' ? source : '',
    heading: typeof heading === 'string' ? heading : '',
    text: typeof text === 'string' ? text : '',
    line: 1,
    rank: 1 / (at + 1),
  }));
}
