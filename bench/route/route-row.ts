// route-row.ts: the router's rules beside the labels of requests, what each way of going wrong costs, and what rules by words can't
// see: questions that others wrote, whose hops don't show.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsOf } from '../../protocol/route-needs.ts';
import { MOST_STEPS } from '../../protocol/route-history.ts';
import type { Bench } from '../row.ts';
import { round } from '../statistics.ts';
import { confusionOf, readRequests, routed, SPLITS } from './requests.ts';

const TIMES = 20;

/** What a mistake costs whoever asks, and the deployment. */
const COST = {
  deepAsFast:
    'one model call that is not enough (its tokens are booked), and what it took, at most the fast budget; then it is planned',
  fastAsDeep:
    'a plan, at least one sub-agent and the writing: three more model calls, and an id instead of words at once',
};

export function routeRows({ print }: Bench): void {
  for (const split of SPLITS) {
    const requests = readRequests(split);
    const began = performance.now();
    for (let n = 0; n < TIMES; n += 1) requests.forEach(routed);
    const usAVerdict = round(((performance.now() - began) * 1_000) / (TIMES * requests.length), 0);
    print({
      row: 'route',
      split,
      ...confusionOf(requests),
      usAVerdict,
      ...(split === 'held-out' ? { cost: COST } : {}),
    });
  }
  print({ row: 'route-others', ...others() });
}

/** Kinds of questions that stand in one place, and those that take several; the rest of their files is neither. */
const ONE_PLACE = [
  'how to',
  'who',
  'when',
  'where',
  'how many',
  'definition',
  'table row',
  'yes or no',
  'why',
  'list',
  'change',
  'what for',
];

/** Questions of two other benches, whose writers knew nothing of a router: shares in percent. */
function others(): Record<string, unknown> {
  const read = (file: string): { kind: string; question: string }[] => {
    const value = JSON.parse(readFileSync(join(import.meta.dirname, '../../../bench', file), 'utf8')) as unknown;
    return (Array.isArray(value) ? value : (value as { questions: unknown[] }).questions) as never;
  };
  const places = ['tune', 'practice', 'held-out', 'fresh']
    .flatMap((set) => read(`answers/questions-${set}.json`))
    .filter(({ kind }) => ONE_PLACE.includes(kind));
  const hops = ['a', 'b'].flatMap((set) => read(`recall/questions-${set}.json`));
  const isFast = ({ question }: { question: string }): boolean => {
    const { steps, tools } = needsOf(question);
    return steps <= MOST_STEPS.usual && tools.length === 0;
  };
  const share = (of: readonly { question: string }[], wanted: boolean): number =>
    round((100 * of.filter((one) => isFast(one) === wanted).length) / of.length, 1);
  return {
    inOnePlace: places.length,
    goFast: share(places, true),
    overSeveralHops: hops.length,
    goDeep: share(hops, false),
  };
}
