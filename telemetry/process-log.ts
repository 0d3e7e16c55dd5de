// process-log.ts: the log of a process of ours on its stderr: its format by where that goes, without the secrets of its environment.

import { readFileSync } from 'node:fs';
import type { LogLevel } from '../protocol/log-line.ts';
import { secretsOf } from '../protocol/secrets.ts';
import { openLog, type Log, type LogFormat, type LogOptions } from './log.ts';

export interface ProcessLog extends Log {
  /**
   * Why this process ends before it worked. On a pipe, too, these are words: whoever started it reads them; JSON only where it was
   * asked for.
   */
  refuse(message: string, next?: string): void;
}

/**
 * @param env its secrets are hidden, and those of variables that the file at MUSTER_CONFIG names.
 * @param settings.format what it is asked to be. Default: text on a terminal, else JSON.
 * @param to instead of stderr.
 */
export function openProcessLog(
  room: string,
  env: Readonly<Record<string, string | undefined>>,
  settings: { format?: LogFormat | undefined; level: LogLevel },
  to?: LogOptions['to'],
): ProcessLog {
  const secrets = secretsOf(env, textOf(env.MUSTER_CONFIG));
  const shared = { room, secrets, level: settings.level, ...(to ? { to } : {}) };
  const log = openLog({ ...shared, format: settings.format ?? (process.stderr.isTTY ? 'text' : 'json') });
  const words = openLog({ ...shared, format: settings.format ?? 'text' });
  return {
    ...log,
    refuse: (message, next) => words.write('fatal', message, next === undefined ? {} : { next }),
  };
}

function textOf(path: string | undefined): string {
  try {
    return path === undefined ? '' : readFileSync(path, 'utf8');
  } catch {
    // Told by whoever needs it.
    return '';
  }
}
