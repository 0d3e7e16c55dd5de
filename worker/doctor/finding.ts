// finding.ts: what a check of the doctor looks at, and what it says.

import type { SettingError } from '../../settings/setting-error.ts';
import type { Environment } from '../../settings/variables.ts';
import type { StackFile } from '../../store/stack-file.ts';
import type { Store } from '../../store/store.ts';
import type { WorkerConfig } from '../config.ts';
import type { Measured } from './probe.ts';
import type { Server } from './server.ts';

export interface Finding {
  /**
   * `broken`: something does not work, or a promise of the docs does not hold. `warn`: it works, and is slow, old or close to a
   * limit. `skipped`: it could not be looked at, for another finding's reason or because nobody asked for it.
   */
  state: 'ok' | 'warn' | 'broken' | 'skipped';
  /** What was found, as a sentence without a full stop. */
  words: string;
  /** What mends it. */
  next?: string;
  /** The figures behind it. */
  data?: Readonly<Record<string, number | string | boolean>>;
}

export interface Check {
  name: string;
  /** What it looks at, for `--help`. */
  about: string;
  /**
   * **Contract:** changes nothing that stays; may throw, which is a finding; should stop soon after `signal` aborts, and is left
   * alone where it does not.
   */
  look(subject: Subject, signal: AbortSignal): Promise<Finding[]>;
}

/** The set-up that is looked at. What costs something is found once, for all checks that ask. */
export interface Subject {
  env: Environment;
  home: string;
  stack: StackFile | undefined;
  /** A worker's settings; or what is wrong with them. */
  settings: { config: WorkerConfig } | { problems: string[] };
  /** Where the store is: a folder, or an address with a password. */
  storePlace: string;
  /** Undefined where there is none yet: nothing is made by looking. */
  store: Store | undefined;
  /** Why there is no connection to Temporal; undefined when there is one. */
  noServer(): Promise<SettingError | undefined>;
  /** The address of a server that answers and that nobody named; undefined for one that was. @throws NotLookedAt */
  guessed(): Promise<string | undefined>;
  /**
   * A connection. @throws NotLookedAt where there is none, and to a server that nobody named, which may be another project's: the
   * check `server` says why.
   */
  server(): Promise<Server>;
  /** How fast the server goes from one step to the next. @throws NotLookedAt */
  measured(): Promise<Measured>;
}

/** Another check has the reason. */
export class NotLookedAt extends Error {
  override readonly name = 'NotLookedAt';
}

export const ok = (words: string, data?: Finding['data']): Finding => ({
  state: 'ok',
  words,
  ...(data ? { data } : {}),
});

export const warn = (words: string, next: string, data?: Finding['data']): Finding => ({
  state: 'warn',
  words,
  next,
  ...(data ? { data } : {}),
});

export const broken = (words: string, next: string, data?: Finding['data']): Finding => ({
  state: 'broken',
  words,
  next,
  ...(data ? { data } : {}),
});

/** The settings where they can be read. @throws NotLookedAt */
export function configOf({ settings }: Subject): WorkerConfig {
  if ('problems' in settings) throw new NotLookedAt('the settings can’t be used');
  return settings.config;
}
