// class-command.ts: what `measure`, `slo` and `advise` share: the classes that are meant, and the store of this deployment or the
// gateway that says it.

import type { RequestClass } from '../../../protocol/classes.ts';
import { existingStore } from '../../../store/open-store.ts';
import { storeFolder } from '../../../store/home.ts';
import type { Store } from '../../../store/store.ts';
import { chosenClasses } from '../../class-reports.ts';
import { allClasses } from '../../classes.ts';
import { clientConfig } from '../../config.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { withGateway } from '../gateway-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { columnsOf, pad } from '../terminal/text.ts';

/** Asks the gateway where one is named, else the store. @throws CliError (not found) where this folder has none. */
export async function ofClasses<T>(
  io: Io,
  name: string | undefined,
  fromGateway: (client: HttpClient) => Promise<T>,
  fromStore: (store: Store, classes: readonly RequestClass[]) => Promise<T>,
): Promise<T> {
  const { gateway, configPath, home, environment } = clientConfig();
  if (gateway) return await withGateway(gateway, io, undefined, fromGateway);
  const classes = chosenClasses(await allClasses(configPath), name);
  const store = existingStore(home, environment);
  if (!store)
    throw new CliError(
      EXIT.notFound,
      `there is no store at ${storeFolder(home)}, so no task of this folder has closed`,
      'Run this in the folder of your deployment, or ask a gateway with --url.',
    );
  try {
    return await fromStore(store, classes);
  } finally {
    await store.close();
  }
}

/** Cells under each other: the first column to the left, numbers to the right. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[], left: number): string[] {
  const all = [head, ...rows];
  const widths = head.map((_title, column) => Math.max(...all.map((row) => columnsOf(row[column] ?? ''))));
  return all.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column < left ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  );
}

/** `820 ms`, `3.4 s`, `2 min 05 s` */
export function took(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
