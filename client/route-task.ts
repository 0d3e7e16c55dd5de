// route-task.ts: chooses the path of a task that is about to be started: gathers what the router goes by, and asks a classifier
// where there is one. The one home of that choice, for library, command line and gateway. Starts nothing.

import type { Client } from '@temporalio/client';
import type { PathWord, Route } from '../protocol/path.ts';
import { needsOf, type Needs } from '../protocol/route-needs.ts';
import { orAborted } from '../protocol/or-aborted.ts';
import { pathAskedOf, route, type FastLane, type RouteInput, type RouteSources } from '../protocol/route.ts';
import { judgementProblem, type Router } from '../protocol/schemas/router.ts';
import { mayAskPerson, type TaskRequest } from '../protocol/task.ts';
import { readSources } from '../store/read-sources.ts';
import type { Store } from '../store/store.ts';
import { pathRows } from './class-rows.ts';
import { routerOf } from './classes.ts';
import { fastLane } from './fast-lane.ts';

/** What whoever starts the task knows better than the server. */
export interface RouteSignals {
  /** Whether somebody reads along. Default: nobody. */
  isStream?: boolean;
  /** Who could answer at once. Default: as the server has it. */
  lane?: FastLane;
  /** Whether the documents are indexed, and how much they are. Default: as the store has it. */
  sources?: Omit<RouteSources, 'named'>;
}

interface Parts {
  client: Client;
  deployment: string;
  store?: Store;
  configPath: () => string | undefined;
  warn?: (message: string) => void;
  router?: Router;
}

const JUDGED_WITHIN_MS = 300;

/** @param asked the caller's word. Undefined where neither they nor the class said one. */
export async function routeTask(
  parts: Parts,
  asked: PathWord | undefined,
  request: TaskRequest,
  signals: RouteSignals,
): Promise<Route | undefined> {
  const { class: row, goal, sources } = request;
  if (asked === undefined && row.path === undefined) return undefined;
  const needs = needsOf(goal);
  const known: RouteInput = {
    asked,
    class: row,
    beyondOneCall: beyondOneCall(request),
    needs,
    sources: { named: sources.length },
    ...(signals.isStream === undefined ? {} : { isStream: signals.isStream }),
    ...(signals.lane ? { lane: signals.lane } : {}),
  };
  // Where the word alone decides, nothing is looked up.
  if (pathAskedOf(asked, row) === 'deep') return route(known);
  const looking = signals.lane ?? fastLane(parts.client, parts.deployment);
  if (asked === 'fast') return route({ ...known, lane: await looking });
  const { store } = parts;
  const [rows, lane, about] = await Promise.all([
    store && pathRows(store, row.name),
    looking,
    aboutSources(store, request, signals),
  ]);
  const judge = await judged(parts, { goal, class: row.name, sources: about, needs });
  return route({ ...known, ...judge, sources: about, lane, ...(rows ? { rows } : {}) });
}

/** What of a request no one call can do. */
function beyondOneCall(request: TaskRequest): string | undefined {
  const { outputSchema, approve, join, hedge, rounds = 0, background = [] } = request;
  if (outputSchema) return 'its answer must fit a schema';
  if (approve) return 'its plan is approved first';
  if (join ?? hedge) return 'it says how its subtasks are joined';
  if (rounds > 0) return 'it may look again for what is missing';
  if (mayAskPerson(request)) return 'its sub-agents may ask a person';
  return background.length > 0 ? 'it has subtasks in the background' : undefined;
}

async function aboutSources(
  store: Store | undefined,
  { sources }: TaskRequest,
  signals: RouteSignals,
): Promise<RouteSources> {
  const named = sources.length;
  if (signals.sources) return { named, ...signals.sources };
  if (!store || named === 0) return { named };
  // Addresses are fetched anew each time.
  if (sources.some(({ kind }) => kind === 'url')) return { named, isIndexed: false };
  try {
    const read = await readSources(store, sources);
    if (!read) return { named, isIndexed: false };
    return { named, documents: read.documents, passages: read.passages, isIndexed: true };
  } catch {
    return { named };
  }
}

/** What a classifier makes of the question; nothing where there is none, or it gives no judgement in time. */
async function judged(
  { router: own, configPath, warn }: Parts,
  question: Parameters<Router['judge']>[0],
): Promise<{ needs?: Needs; judge?: RouteInput['judge'] }> {
  const router = own ?? (await routerOf(configPath()));
  if (!router) return {};
  const within = new AbortController();
  const late = setTimeout(() => within.abort(new Error('it took too long')), router.timeoutMs ?? JUDGED_WITHIN_MS);
  try {
    const { signal } = within;
    const said = await orAborted((async () => await router.judge(question, { signal }))(), signal);
    if (said === undefined) return {};
    const problem = judgementProblem(said);
    if (problem !== undefined) throw new Error(`its judgement can't be used: ${problem}`);
    const { path, why, steps = question.needs.steps, tools = question.needs.tools } = said;
    return {
      needs: { ...question.needs, steps, tools: [...tools] },
      judge: { router: router.name, why, ...(path === undefined ? {} : { path }) },
    };
  } catch (error) {
    warn?.(`router ${router.name}: ${error instanceof Error ? error.message : String(error)}; the rules choose`);
    return {};
  } finally {
    clearTimeout(late);
  }
}
