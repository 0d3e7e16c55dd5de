// requests.ts: the labelled requests, and what the router makes of each: right or wrong, by kind.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Path } from '../../protocol/path.ts';
import { needsOf } from '../../protocol/route-needs.ts';
import { route, type RouteSources } from '../../protocol/route.ts';

export const SPLITS = ['tune', 'held-out'] as const;
export type Split = (typeof SPLITS)[number];

export interface LabelledRequest {
  kind: string;
  sources: string;
  path: Path;
  goal: string;
}

/** As README.md beside this names them. */
const SOURCES: Readonly<Record<string, RouteSources>> = {
  '-': { named: 0 },
  few: { named: 1, documents: 12, passages: 300, isIndexed: true },
  dir: { named: 1, documents: 400, passages: 18_000, isIndexed: true },
  huge: { named: 1, documents: 48_000, passages: 2_400_000, isIndexed: true },
  cold: { named: 1, isIndexed: false },
  'huge-cold': { named: 1, isIndexed: false },
};
const BEYOND: Readonly<Record<string, string>> = {
  schema: 'its answer must fit a schema',
  approve: 'its plan is approved first',
};

export const readRequests = (split: Split): LabelledRequest[] =>
  parseRequests(readFileSync(join(import.meta.dirname, `../../../bench/route/requests-${split}.tsv`), 'utf8'));

export function parseRequests(text: string): LabelledRequest[] {
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [kind = '', sources = '', path, goal = ''] = line.split('\t');
      if (path !== 'fast' && path !== 'deep') throw new Error(`no path in: ${line}`);
      return { kind, sources, path, goal };
    });
}

/** What the rules alone say, on a deployment that has closed no task. */
export function routed({ sources: written, goal }: LabelledRequest): Path {
  const [place = '', beyond = ''] = written.split('+');
  const sources = SOURCES[place];
  if (!sources) throw new Error(`nobody knows the sources ${written}`);
  return route({
    asked: 'auto',
    class: BUILT_IN_CLASSES.standard,
    needs: needsOf(goal),
    sources,
    beyondOneCall: BEYOND[beyond],
  }).path;
}

export interface Confusion {
  n: number;
  /** Percent that went where their label says. */
  accuracy: number;
  fastAsFast: number;
  fastAsDeep: number;
  deepAsFast: number;
  deepAsDeep: number;
  /** Right ones of all, by kind. */
  byKind: Record<string, string>;
}

export function confusionOf(requests: readonly LabelledRequest[]): Confusion {
  const seen = requests.map((one) => ({ ...one, chosen: routed(one) }));
  const count = (path: Path, chosen: Path): number =>
    seen.filter((one) => one.path === path && one.chosen === chosen).length;
  const kinds = [...new Set(seen.map(({ kind }) => kind))];
  const right = seen.filter(({ path, chosen }) => path === chosen);
  return {
    n: seen.length,
    accuracy: Math.round((1_000 * right.length) / Math.max(1, seen.length)) / 10,
    fastAsFast: count('fast', 'fast'),
    fastAsDeep: count('fast', 'deep'),
    deepAsFast: count('deep', 'fast'),
    deepAsDeep: count('deep', 'deep'),
    byKind: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        `${right.filter((one) => one.kind === kind).length}/${seen.filter((one) => one.kind === kind).length}`,
      ]),
    ),
  };
}
