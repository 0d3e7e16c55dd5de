// file-records.ts: small records as files: each version of one is a file of its own that only one writer can make, so that
// of two who saw the same version one is told that it came too late.

import { statSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../protocol/schemas/hash.ts';
import { createExclusively, readJsonIfThere } from './durable-files.ts';
import { namesIn } from './kept-files.ts';
import { checkedName } from './names.ts';
import { recordsOverBefore } from './retention.ts';
import type { SetRecord, SmallRecord } from './store.ts';

interface Version {
  key: string;
  /** Absent: it was removed. */
  value?: string;
  expiresAt?: number;
  blobs?: readonly string[];
}

/**
 * Earlier versions stay so long: a writer that stood still since it read, and makes one of them anew, would take itself for
 * the first.
 */
const KEPT_MS = 120_000;
/** Disks tell times as coarsely as this. */
const CLOCK_MS = 2_000;

export async function getFileRecord(folder: string, kind: string, key: string): Promise<SmallRecord | undefined> {
  return liveRecord(await latest(placeOf(folder, kind, sha256(key))));
}

export async function setFileRecord(
  folder: string,
  kind: string,
  key: string,
  value: string | undefined,
  { version, isFirst = false, ttlMs, blobs }: SetRecord,
): Promise<boolean> {
  const place = placeOf(folder, kind, sha256(key));
  const before = await latest(place);
  if ((liveRecord(before)?.version ?? 0) !== version || (isFirst && before)) return false;
  const next = (before?.version ?? 0) + 1;
  const text = JSON.stringify({
    key,
    ...(value === undefined ? { expiresAt: Date.now() } : { value }),
    ...(value === undefined || ttlMs === undefined ? {} : { expiresAt: Date.now() + ttlMs }),
    ...(blobs === undefined ? {} : { blobs }),
  } satisfies Version);
  const isOurs = await createExclusively(join(place, `${next}.json`), text);
  if (isOurs) await removeOld(place, before?.versions ?? []);
  return isOurs;
}

/** When the folders of records that were found over were last written to, by their paths: another look need not read those. */
export type OverRecords = Map<string, number>;

export async function listFileRecords(
  folder: string,
  kind: string,
  over: OverRecords,
): Promise<(SmallRecord & { key: string })[]> {
  const records: (SmallRecord & { key: string })[] = [];
  for (const name of await namesIn(join(folder, 'records', checkedName(kind)))) {
    const place = placeOf(folder, kind, name);
    const writtenAt = writtenTo(place);
    if (over.get(place) === writtenAt) continue;
    const found = await latest(place);
    const record = liveRecord(found);
    if (found && record) records.push({ ...record, key: found.key });
    // Of what was written just now the clock of the disk may say the same once more.
    else if (writtenAt < Date.now() - CLOCK_MS) over.set(place, writtenAt);
  }
  return records;
}

/** The blobs that records need now. */
export async function blobsOfFileRecords(folder: string): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const kind of await namesIn(join(folder, 'records'))) {
    for (const name of await namesIn(join(folder, 'records', kind))) {
      const found = await latest(placeOf(folder, kind, name));
      if (liveRecord(found)) for (const blob of found?.blobs ?? []) needed.add(blob);
    }
  }
  return needed;
}

/** Removes what was removed, or whose time was over, a day ago; returns the blobs that the remaining ones need. */
export async function sweepFileRecords(folder: string, now: number): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const kind of await namesIn(join(folder, 'records'))) {
    for (const name of await namesIn(join(folder, 'records', kind))) {
      const place = placeOf(folder, kind, name);
      const found = await latest(place);
      if (!found) continue;
      const { value, expiresAt = value === undefined ? 0 : Infinity, blobs = [] } = found;
      if (expiresAt > now) for (const blob of blobs) needed.add(blob);
      if (expiresAt < recordsOverBefore(now)) await removeRecord(place, found.version);
    }
  }
  return needed;
}

/** The newest version last: before it is gone no earlier one is seen. One that is written meanwhile stays. */
async function removeRecord(place: string, newest: number): Promise<void> {
  const versions = (await versionsIn(place)).filter((version) => version <= newest).sort((a, b) => a - b);
  for (const version of versions) await rm(join(place, `${version}.json`), { force: true });
  await rmdir(place).catch(() => undefined);
}

const placeOf = (folder: string, kind: string, hash: string): string =>
  join(folder, 'records', checkedName(kind), checkedName(hash));

/** The newest version, and the numbers of all that are there. */
async function latest(place: string): Promise<(Version & { version: number; versions: number[] }) | undefined> {
  // Most are looked for before they are there, and this look costs a tenth of a trip to the thread pool.
  while (writtenTo(place) < Infinity) {
    const versions = await versionsIn(place);
    const version = Math.max(0, ...versions);
    if (version === 0) return undefined;
    const read = await readJsonIfThere<Version>(join(place, `${version}.json`));
    // Gone since: there is a later one.
    if (read) return { ...read, version, versions };
  }
  return undefined;
}

async function versionsIn(place: string): Promise<number[]> {
  return (await namesIn(place)).flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
}

function liveRecord(found: (Version & { version: number }) | undefined): SmallRecord | undefined {
  if (found?.value === undefined || (found.expiresAt ?? Infinity) <= Date.now()) return undefined;
  return { value: found.value, version: found.version };
}

/** Of versions that are followed by another, those that nobody can make anew any more. */
async function removeOld(place: string, versions: readonly number[]): Promise<void> {
  for (const version of versions.toSorted((a, b) => a - b)) {
    const path = join(place, `${version}.json`);
    // The later ones are younger.
    if (writtenTo(path) >= Date.now() - KEPT_MS) return;
    await rm(path, { force: true });
  }
}

/** ms since the epoch; Infinity: it is not there. */
const writtenTo = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
