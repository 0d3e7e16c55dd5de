// rounds.ts: what a second round brings offline, beside one round with the same budget of tokens: each question is asked both ways.

import { startSimulator } from '../../simulator/server.ts';
import { pairedBootstrap } from './bootstrap.ts';
import { engine } from './engine.ts';
import { openLibrary } from './library.ts';
import { readQuestions, type Question } from './questions.ts';
import { percent, scoreQuestions, type Scored } from './recall.ts';

export interface RoundsScore {
  n: number;
  /** Percent of the needed passages among the first five that are cited, and among all. */
  oneRound: Share;
  twoRounds: Share;
  /** Points of the first five, and the bound that 95 % of resampled means lie above. */
  difference: number;
  lower95: number;
  /** Questions for which a second round looked for something. */
  lookedAgain: number;
}

interface Share {
  firstFive: number;
  all: number;
  /** Tokens a question, mean. */
  tokens: number;
}

export interface RoundsResult {
  /** Tokens that a question may spend, whichever way. */
  budget: number;
  tune: RoundsScore;
  heldOut: RoundsScore;
  seconds: number;
}

/** Fifteen hundredths of it are a further sub-agent's work: one reads about 30,000 tokens of these documents. */
const BUDGET = 240_000;

export async function measureRounds(): Promise<RoundsResult> {
  const began = Date.now();
  const library = await openLibrary();
  const simulator = await startSimulator({ keepBodies: false });
  try {
    const ways = [];
    for (const isLookedAgain of [false, true])
      ways.push(
        await scoreQuestions(
          library,
          engine(library, simulator.url, { isLookedAgain, budget: BUDGET }),
          readQuestions(),
        ),
      );
    const [one = [], two = []] = ways;
    const of = (split: Question['split']): RoundsScore => {
      const isOf = ({ question }: Scored): boolean => question.split === split;
      return scoreOf(one.filter(isOf), two.filter(isOf));
    };
    return {
      budget: BUDGET,
      tune: of('tune'),
      heldOut: of('held-out'),
      seconds: Math.round((Date.now() - began) / 100) / 10,
    };
  } finally {
    await simulator.close();
    await library.close();
  }
}

function scoreOf(one: readonly Scored[], two: readonly Scored[]): RoundsScore {
  const { mean, lower } = pairedBootstrap(two.map(({ engine }, at) => engine - (one[at]?.engine ?? 0)));
  return {
    n: one.length,
    oneRound: shareOf(one),
    twoRounds: shareOf(two),
    difference: percent(mean),
    lower95: percent(lower),
    lookedAgain: two.filter(({ again }) => again > 0).length,
  };
}

function shareOf(scored: readonly Scored[]): Share {
  const mean = (pick: (one: Scored) => number): number =>
    scored.reduce((sum, one) => sum + pick(one), 0) / Math.max(1, scored.length);
  return {
    firstFive: percent(mean(({ engine }) => engine)),
    all: percent(mean(({ all }) => all)),
    tokens: Math.round(mean(({ spent }) => spent)),
  };
}
