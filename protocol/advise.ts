// advise.ts: how requests of a class should be answered: at once, streamed, or as tasks that are picked up later. Five dimensions and
// nine questions, answered by what was measured where it was, else by what somebody says. Pure.

import { sloOf, type RequestClass } from './classes.ts';
import type { Measured } from './measure.ts';
import { DEEP_ABOVE_MS, WHOLE_BELOW_MS } from './route.ts';

/** Above this rate nobody should hold a connection for each. */
export const BUSY_PER_SECOND = 50;
/** More answers than this that point to tasks decide. */
export const MOST_YES = 3;
const OFTEN_RETRIED = 0.05;
const OFTEN_FAILED = 0.02;
/** So much above the average is a burst. */
const BURST = 5;
const FEWEST_MEASURED = 10;

/** What somebody says; each wins over what was measured. */
export interface Told {
  /** Seconds that 95 of 100 take. */
  p95?: number;
  /** Requests a second. */
  rate?: number;
  traffic?: 'steady' | 'bursty' | 'batch';
  /** Whoever asks sits before it, or comes back for it. */
  people?: 'wait' | 'return';
  steps?: boolean;
  costly?: boolean;
  retries?: boolean;
  partial?: boolean;
  person?: boolean;
  audit?: boolean;
  outlive?: boolean;
}

type From = 'told' | 'measured' | 'class' | 'nobody';
export type Says = 'whole' | 'streamed' | 'async' | 'either';

export interface Dimension {
  name: 'time' | 'traffic' | 'people' | 'failures' | 'observability';
  /** What is so, in words. */
  value: string;
  says: Says;
  from: From;
}

/** One question of the list; yes points to tasks. */
export interface Question {
  key: QuestionKey;
  question: string;
  /** Undefined where nobody says, and nothing was measured. */
  answer?: boolean;
  from: From;
}

export interface Advice {
  class: string;
  verdict: Exclude<Says, 'either'>;
  /** In sentences, what decided first. */
  why: string[];
  dimensions: Dimension[];
  questions: Question[];
  /** Questions that are open: with them answered the verdict may be another. */
  open: QuestionKey[];
  /** For the config file. */
  config: { classes: Record<string, object> };
}

export type QuestionKey = 'long' | 'steps' | 'busy' | 'outlive' | 'costly' | 'retries' | 'partial' | 'person' | 'audit';

const QUESTIONS: Readonly<Record<QuestionKey, string>> = {
  long: 'Do more than 5 of 100 take over 10 seconds?',
  steps: 'Does it take several steps, whose number nobody knows before?',
  busy: 'Do they come in bursts or batches, or 50 a second and more?',
  outlive: 'Does whoever asks leave before the answer is there, or must it outlive a lost connection?',
  costly: 'Is work that is lost halfway expensive to do again?',
  retries: 'Do parts of it fail, and have to be tried again alone?',
  partial: 'Is a part of the answer worth having when the rest fails?',
  person: 'Does a person approve or reply in the middle?',
  audit: 'Must each step be seen afterwards, with what it cost?',
};

/** The keys that a question is answered by, in order. */
export const QUESTION_KEYS = Object.keys(QUESTIONS) as QuestionKey[];

export const questionText = (key: QuestionKey): string => QUESTIONS[key];

/** @param seen of the class, by path; absent where too little has closed. */
export function advise(row: RequestClass, seen: readonly Measured[], told: Told = {}): Advice {
  const facts = factsOf(row, seen, told);
  const questions = QUESTION_KEYS.map((key): Question => ({ key, question: QUESTIONS[key], ...facts.answers[key] }));
  const yes = questions.filter(({ answer }) => answer === true);
  const time = bySeconds(facts.p95);
  const [verdict, reason] = decided(facts, time, yes.length);
  const says = `${yes.length} of 9 questions point to tasks${yes.length === 0 ? '' : ` (${yes.map(({ key }) => key).join(', ')})`}`;
  return {
    class: row.name,
    verdict,
    why: [reason, ...(reason.startsWith(says) ? [] : [`${says}; more than ${MOST_YES} would decide`])],
    dimensions: dimensionsOf(facts, time),
    questions,
    open: questions.filter(({ answer }) => answer === undefined).map(({ key }) => key),
    config: { classes: { [row.name]: configOf(row, verdict, facts.p95) } },
  };

  function decided({ p95, p95From, traffic }: Facts, by: Says, points: number): [Advice['verdict'], string] {
    if (points > MOST_YES)
      return [
        'async',
        `${points} of 9 questions point to tasks (${yes.map(({ key }) => key).join(', ')}), more than ${MOST_YES}`,
      ];
    if (traffic === 'batch') return ['async', 'they come as a batch, and nobody waits for a single one'];
    const seconds = `95 of 100 take up to ${p95.toFixed(1)} s${p95From === 'class' ? ', as the class promises' : ''}`;
    if (by === 'async') return ['async', `${seconds}, more than anybody waits for`];
    if (by === 'streamed') return ['streamed', `${seconds}: long enough to be read as it comes`];
    return ['whole', `${seconds}: short enough for one piece`];
  }
}

interface Facts {
  p95: number;
  p95From: From;
  rate: number | undefined;
  rateFrom: From;
  traffic: NonNullable<Told['traffic']> | undefined;
  people: Told['people'];
  answers: Record<QuestionKey, { answer?: boolean; from: From }>;
}

function factsOf(row: RequestClass, all: readonly Measured[], told: Told): Facts {
  const seen = all.filter(({ tasks }) => tasks >= FEWEST_MEASURED);
  const isSeen = seen.length > 0;
  const tasks = seen.reduce((sum, one) => sum + one.tasks, 0);
  const share = (pick: (one: Measured) => number): number =>
    seen.reduce((sum, one) => sum + pick(one) * one.tasks, 0) / Math.max(1, tasks);
  // What most of them took: a class is measured by the path that it mostly goes. Tasks that did not complete say nothing of that.
  const [main] = seen
    .filter((one) => completed(one) >= FEWEST_MEASURED)
    .toSorted((a, b) => completed(b) - completed(a));
  const p95 = told.p95 ?? (main?.p95Ms === undefined ? sloOf(row).seconds : main.p95Ms / 1_000);
  const p95From: From = told.p95 !== undefined ? 'told' : main ? 'measured' : 'class';
  const [mean, peak] = ['mean', 'peak'].map((which) =>
    seen.reduce((sum, { perSecond }) => sum + (perSecond?.[which as 'mean' | 'peak'] ?? 0), 0),
  ) as [number, number];
  const rate = told.rate ?? (isSeen ? peak : undefined);
  const rateFrom: From = told.rate !== undefined ? 'told' : isSeen ? 'measured' : 'nobody';
  const isBurst = told.rate === undefined && isSeen && peak >= FEWEST_MEASURED && peak > BURST * mean;
  const traffic = told.traffic ?? (rate === undefined ? undefined : isBurst ? 'bursty' : 'steady');
  const isBusy = traffic === undefined ? undefined : traffic !== 'steady' || (rate ?? 0) >= BUSY_PER_SECOND;
  const answer = (said: boolean | undefined, measuredOne: boolean | undefined, from: From = 'measured') =>
    said !== undefined
      ? { answer: said, from: 'told' as const }
      : measuredOne === undefined
        ? { from: 'nobody' as const }
        : { answer: measuredOne, from };
  return {
    p95,
    p95From,
    rate,
    rateFrom,
    traffic,
    people: told.people,
    answers: {
      long: { answer: p95 > DEEP_ABOVE_MS / 1_000, from: p95From },
      steps: answer(told.steps, isSeen ? share(({ subtasks }) => subtasks) > 1 : undefined),
      busy: isBusy === undefined ? { from: 'nobody' } : { answer: isBusy, from: told.traffic ? 'told' : rateFrom },
      outlive: answer(told.outlive ?? (told.people === undefined ? undefined : told.people === 'return'), undefined),
      costly: answer(told.costly, row.budget?.costUsd === undefined ? undefined : row.budget.costUsd >= 1, 'class'),
      retries: answer(
        told.retries,
        isSeen
          ? share(({ retried, failed, tasks: n }) => (retried > OFTEN_RETRIED || failed / n > OFTEN_FAILED ? 1 : 0)) >
              0.5
          : undefined,
      ),
      partial: answer(told.partial, undefined),
      person: answer(told.person, (row.approve ?? row.askPerson) ? true : undefined, 'class'),
      audit: answer(told.audit, row.verify ? true : undefined, 'class'),
    },
  };
}

const completed = ({ tasks, failed, cancelled }: Measured): number => tasks - failed - cancelled;

const bySeconds = (p95: number): Says =>
  p95 * 1_000 < WHOLE_BELOW_MS ? 'whole' : p95 * 1_000 <= DEEP_ABOVE_MS ? 'streamed' : 'async';

function dimensionsOf(facts: Facts, time: Says): Dimension[] {
  const { p95, p95From, rate, rateFrom, traffic, people, answers } = facts;
  const asyncIf = (yes: boolean | undefined): Says => (yes ? 'async' : 'either');
  return [
    { name: 'time', value: `95 of 100 take up to ${p95.toFixed(1)} s`, says: time, from: p95From },
    {
      name: 'traffic',
      value: traffic === undefined ? 'not known' : `${traffic}${rate === undefined ? '' : `, up to ${rate} a second`}`,
      says: asyncIf(answers.busy.answer),
      from: answers.busy.from === 'nobody' ? rateFrom : answers.busy.from,
    },
    {
      name: 'people',
      value: people === undefined ? 'not known' : people === 'wait' ? 'wait for it' : 'come back for it',
      says: people === 'return' ? 'async' : 'either',
      from: people === undefined ? 'nobody' : 'told',
    },
    {
      name: 'failures',
      value: inWords(answers.retries.answer, 'parts fail and are tried again', 'parts seldom fail'),
      says: asyncIf(answers.retries.answer === true || answers.partial.answer === true),
      from: answers.retries.from,
    },
    {
      name: 'observability',
      value: inWords(answers.audit.answer, 'each step must be seen afterwards', 'the answer is enough'),
      says: asyncIf(answers.audit.answer),
      from: answers.audit.from,
    },
  ];
}

const inWords = (answer: boolean | undefined, yes: string, no: string): string =>
  answer === undefined ? 'not known' : answer ? yes : no;

/** Fast budgets that may be set, in ms. */
const BUDGET = { least: 1_000, most: 10_000 };

function configOf(row: RequestClass, verdict: Advice['verdict'], p95: number): object {
  const { percentile, owner } = sloOf(row);
  const path = verdict === 'async' ? 'deep' : verdict === 'streamed' ? 'auto' : 'fast';
  return {
    path,
    ...(verdict === 'async'
      ? {}
      : {
          fastBudgetMs: Math.min(
            BUDGET.most,
            Math.max(BUDGET.least, Math.ceil(p95 * 1.2) * 1_000, verdict === 'whole' ? 0 : row.fastBudgetMs),
          ),
        }),
    slo: { percentile, seconds: Math.max(1, Math.ceil(p95 * 1.2)), owner },
  };
}
