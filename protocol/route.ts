// route.ts: which path a task takes: answered at once, or planned. Pure: everything that it rests on is handed in, and is in the
// verdict. Decided once, before the start; what it rests on may have changed a moment later, and demotion is there for that.

import type { RequestClass } from './classes.ts';
import { counted, formatCount } from './counted.ts';
import type { Path, PathWord, Route, RoutedBy } from './path.ts';
import { fastTimes, thresholds, wholeTimes, type PathRows } from './route-history.ts';
import type { Needs } from './route-needs.ts';

/** Below this 95th percentile an answer may come in one piece. */
export const WHOLE_BELOW_MS = 3_000;
/** Above this one nobody waits for it. */
export const DEEP_ABOVE_MS = 10_000;

/** Who could answer at once just now; what is absent is not known, and stops nobody. */
export interface FastLane {
  /** Workers that poll the fast queue. */
  workers?: number;
  /** Answers that wait for one of them. */
  waiting?: number;
  /** Answers that can be under way at once. */
  places?: number;
  /** Those that are. */
  underWay?: number;
  /** Whether the model's provider is left alone after outages. */
  isBreakerOpen?: boolean;
}

/** What is known of the documents. */
export interface RouteSources {
  /** Sources that the request names. */
  named: number;
  /** As they were read last; absent where nobody knows. */
  documents?: number;
  passages?: number;
  /** False where they must be read first; undefined: not known, and so not told here. */
  isIndexed?: boolean;
}

export interface RouteInput {
  /** The caller's word; undefined: none. */
  asked?: PathWord | undefined;
  class: Pick<RequestClass, 'name' | 'path' | 'fastBudgetMs' | 'verify' | 'approve' | 'subtask'>;
  /** What of the request one call can't do, in words: `its answer must fit a schema`. */
  beyondOneCall?: string | undefined;
  /** Whoever asks reads along. */
  isStream?: boolean;
  needs: Needs;
  /** Who judged the question, where it was not the rules, and why. */
  judge?: { router: string; path?: Path; why?: string } | undefined;
  sources: RouteSources;
  rows?: PathRows | undefined;
  lane?: FastLane | undefined;
}

/** What `asked` and the class come to: `deep` where neither says anything. */
export const pathAskedOf = (asked: PathWord | undefined, row: Pick<RequestClass, 'path'>): PathWord =>
  asked ?? row.path ?? 'deep';

export function route(input: RouteInput): Route {
  const { asked, class: row, needs, sources, lane = {}, rows = { fast: [], deep: [] }, judge } = input;
  const budgetMs = row.fastBudgetMs;
  const times = fastTimes(rows);
  const deep = wholeTimes(rows.deep);
  const { mostMs, mostSteps } = thresholds(rows, budgetMs);
  const numbers = known({
    steps: needs.steps,
    mostSteps,
    tools: needs.tools.length,
    tokens: needs.tokens,
    budgetMs,
    mostMs,
    rows: times?.rows ?? 0,
    expectedP50Ms: times?.p50Ms,
    expectedP90Ms: times?.p90Ms,
    expectedP95Ms: times?.p95Ms,
    deepP50Ms: deep?.p50Ms,
    deepP90Ms: deep?.p90Ms,
    deepP95Ms: deep?.p95Ms,
    documents: sources.documents,
    passages: sources.passages,
    workers: lane.workers,
    waiting: lane.waiting,
    places: lane.places,
    underWay: lane.underWay,
  });
  const verdict = (path: Path, by: RoutedBy, why: string): Route => ({
    path,
    ...(asked === undefined ? {} : { asked }),
    by,
    why,
    ...(path === 'fast' ? { given: isWhole(input, times?.p95Ms) ? ('whole' as const) : ('streamed' as const) } : {}),
    numbers,
    ...(judge ? { router: judge.router } : {}),
  });
  const word = pathAskedOf(asked, row);
  const busy = busyLane(lane);

  // Without documents there is nothing to plan over.
  if (sources.named === 0 && word !== 'deep') return verdict('fast', 'request', 'no documents are named');
  if (asked === 'deep' || asked === 'fast') {
    if (asked === 'fast' && busy !== undefined) return verdict('deep', 'workers', busy);
    return verdict(asked, 'caller', `whoever asked chose the ${asked} path`);
  }
  if (word === 'deep')
    return verdict('deep', 'class', row.path ? `class ${row.name} is planned` : 'nobody asked for another path');
  if (row.path === 'deep') return verdict('deep', 'class', `class ${row.name} is planned`);
  if (input.beyondOneCall !== undefined) return verdict('deep', 'request', input.beyondOneCall);
  if (row.approve) return verdict('deep', 'class', `a plan of class ${row.name} is approved first`);
  if (row.verify) return verdict('deep', 'class', `answers of class ${row.name} are checked claim by claim`);
  if (needs.tokens > row.subtask.tokens)
    return verdict(
      'deep',
      'question',
      `one call takes about ${counted(needs.tokens, 'token')}, a subtask may have ${formatCount(row.subtask.tokens)}`,
    );
  // What is small talk needs nothing of them.
  if (sources.isIndexed === false && needs.steps > 0)
    return verdict('deep', 'documents', 'the documents have to be read and indexed first');
  if (busy !== undefined) return verdict('deep', 'workers', busy);
  const judged = ofQuestion(input, mostSteps);
  if (judged !== undefined) return verdict('deep', 'question', judged);
  if (times && times.p90Ms > mostMs)
    return verdict(
      'deep',
      'time',
      `nine of ten answers at once take up to ${inSeconds(times.p90Ms)}, and ${inSeconds(mostMs)} are allowed`,
    );
  if (times && times.p95Ms > DEEP_ABOVE_MS)
    return verdict('deep', 'time', `one of twenty answers at once takes more than ${inSeconds(times.p95Ms)}`);
  if (row.path === 'fast') return verdict('fast', 'class', `class ${row.name} is answered at once`);
  return verdict('fast', 'fits', judge?.why ?? fitsIn(needs, times?.p90Ms));
}

/** Why the question is planned; undefined where one call seems enough. */
function ofQuestion({ needs, judge, class: row }: RouteInput, mostSteps: number): string | undefined {
  if (judge?.path === 'fast') return undefined;
  if (judge?.path === 'deep') return judge.why ?? `${judge.router} says so`;
  if (needs.tools.length > 0) return `it asks for ${needs.tools.join(', and ')}`;
  // A class that is answered at once is so whatever it is asked.
  if (needs.steps <= mostSteps || row.path === 'fast') return undefined;
  return `it seems to need more than one look: ${needs.signs.join(', ') || `${needs.steps} of them`}`;
}

/** Why nobody could answer at once; undefined where somebody could, or nobody knows. */
function busyLane({ workers, waiting = 0, places, underWay = 0, isBreakerOpen }: FastLane): string | undefined {
  if (isBreakerOpen) return 'the model’s provider is not asked just now, after outages';
  if (workers === 0) return 'no worker is about that answers at once';
  if (places !== undefined && underWay + waiting >= places)
    return `${underWay + waiting} answers are under way or wait, and there are ${places} places`;
  return undefined;
}

const isWhole = ({ isStream = false }: RouteInput, p95Ms: number | undefined): boolean =>
  !isStream && p95Ms !== undefined && p95Ms < WHOLE_BELOW_MS;

const fitsIn = ({ steps }: Needs, p90Ms: number | undefined): string =>
  `${steps === 0 ? 'it is small talk' : 'one call over what is found seems enough'}${p90Ms === undefined ? '' : `, and nine of ten such answers take up to ${inSeconds(p90Ms)}`}`;

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

function known(numbers: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
