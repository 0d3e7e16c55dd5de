// ground-data.ts: keeps of the data that a model filled into a schema only what stands in a cited quote. The rest becomes
// null where the schema allows it, is left out where it may, and else there is no data. Pure.

import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import {
  cellTruthIn,
  dateStandsIn,
  isFormOf,
  numberStandsIn,
  tokensOf,
  truthIn,
  wordsStandIn,
} from './value-in-quote.ts';

export interface Cited {
  source: string;
  quote: string;
  /** What is said of it: a row of a table has its heads there alone. */
  claims?: readonly string[];
}

export interface GroundedData {
  /** Fits the schema; absent when a field that the schema demands could not be filled. */
  data?: unknown;
  /** Fields that are null, empty lists, left out or missing now, as `limits.seconds`. */
  unfilled: string[];
  /** Those of them that the schema can't be without; absent where there is data. */
  demanded?: string[];
  /** Those of them that had a value, which stands in no cited quote. */
  unfounded: string[];
}

type Path = readonly (string | number)[];

/**
 * @param value what the model made, with null wherever it had nothing.
 * @param zod judges what fits the caller's schema.
 * @param fixed values that the schema itself dictates at a path; they need no quote.
 */
export function groundData(
  value: unknown,
  zod: z.ZodType,
  cited: readonly Cited[],
  fixed: (path: Path) => readonly unknown[] = () => [],
): GroundedData {
  const unfounded: Path[] = [];
  const kept = founded(value, [], { cited, fixed, unfounded });
  const unfilled = new Set(nulls(kept).map(nameOf));
  const named = (names: Iterable<string>): string[] => [...names].filter((name) => name !== '');
  const end = () => ({ unfilled: named(unfilled), unfounded: unfounded.map(nameOf) });
  // Each round takes something away, so it ends.
  for (;;) {
    const issues = zod.safeParse(kept).error?.issues ?? [];
    if (issues.length === 0) {
      for (const path of emptyLists(kept)) unfilled.add(nameOf(path));
      return { data: kept, ...end() };
    }
    const paths = issues.map(({ path }) => path as Path);
    const isLess = paths.some((path) => {
      // Beneath a choice of shapes zod names the choice alone.
      const [empty] = nulls(at(kept, path), path);
      if (empty === undefined || empty.length === 0) unfilled.add(nameOf(path));
      return takeAway(kept, empty ?? path);
    });
    if (!isLess) return { ...end(), demanded: named(new Set(paths.map(nameOf))) };
  }
}

/**
 * Takes away what does not fit: the empty field itself, else the entry of a list or the object that can't be without it.
 * False where that is all there is.
 */
function takeAway(value: unknown, path: Path): boolean {
  if (path.length === 0) return false;
  const holder = at(value, path.slice(0, -1)) as Record<string | number, unknown> | unknown[] | null | undefined;
  const key = path.at(-1) ?? '';
  if (holder === null || typeof holder !== 'object' || !Object.hasOwn(holder, key))
    return takeAway(value, path.slice(0, -1));
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (holder[key] === null) delete holder[key];
  else holder[key] = null;
  return true;
}

interface Ground {
  cited: readonly Cited[];
  fixed: (path: Path) => readonly unknown[];
  unfounded: Path[];
}

/** A copy with null for each value that stands nowhere. */
function founded(value: unknown, path: Path, ground: Ground): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value))
    return value
      .map((one: unknown, i) => founded(one, [...path, i], ground))
      .filter((one) => one !== null && !(isRecord(one) && Object.values(one).every((inner) => inner === null)));
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, founded(inner, [...path, key], ground)]),
    );
  }
  if (value === '') return null;
  if (ground.fixed(path).some((one) => isDeepStrictEqual(one, value)) || standsSomewhere(value, path, ground.cited))
    return value;
  ground.unfounded.push(path);
  return null;
}

function standsSomewhere(value: unknown, path: Path, cited: readonly Cited[]): boolean {
  if (typeof value === 'number') return cited.some(({ quote }) => numberStandsIn(value, quote));
  const isTrue = (is: boolean): boolean =>
    cited.some(({ quote, claims = [] }) =>
      [truthIn(quote, wordsOf(path)), cellTruthIn(quote, claims, wordsOf(path))].includes(is),
    );
  if (typeof value === 'boolean') return isTrue(value);
  if (typeof value !== 'string') return false;
  if (/^(yes|no|true|false)$/i.test(value)) return isTrue(/^(yes|true)$/i.test(value));
  return cited.some(
    ({ quote, source }) => dateStandsIn(value, quote) ?? (wordsStandIn(value, quote) || wordsStandIn(value, source)),
  );
}

/** What a field is about, by its own name: `isRetried`, `retry_count`. */
function wordsOf(path: Path): string[] {
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  const words = tokensOf(
    String(name)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/[_-]+/g, ' '),
  );
  return words.filter((word) => !AUXILIARY.some((one) => isFormOf(word, one)));
}

const AUXILIARY = ['is', 'has', 'have', 'are', 'was', 'can', 'does', 'do', 'should', 'will', 'the', 'a', 'of', 'by'];

function nulls(value: unknown, path: Path = []): Path[] {
  if (value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((one: unknown, i) => nulls(one, [...path, i]));
  return isRecord(value) ? Object.entries(value).flatMap(([key, one]) => nulls(one, [...path, key])) : [];
}

/** No quote says that there is none of something. */
function emptyLists(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value))
    return value.length === 0 ? [path] : value.flatMap((one: unknown, i) => emptyLists(one, [...path, i]));
  return isRecord(value) ? Object.entries(value).flatMap(([key, one]) => emptyLists(one, [...path, key])) : [];
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key], value);

const nameOf = (path: Path): string => path.join('.');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
