// log-settings.ts: what the environment says of how a process logs.

import type { Environment } from './variables.ts';

const FORMATS = ['json', 'text'] as const;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export interface LogSettings {
  /** Undefined: text on a terminal, else JSON. */
  format: (typeof FORMATS)[number] | undefined;
  /** Least that is written. */
  level: (typeof LEVELS)[number];
}

/** `MUSTER_LOG` and `MUSTER_LOG_LEVEL`; a word that is none of theirs counts as not set. */
export function logSettings(env: Environment): LogSettings {
  return {
    format: FORMATS.find((one) => one === env.MUSTER_LOG),
    level: LEVELS.find((one) => one === env.MUSTER_LOG_LEVEL) ?? 'info',
  };
}

/** What is wrong with them, in sentences. */
export function logProblems(env: Environment): string[] {
  const odd = (name: string, known: readonly string[]): string[] =>
    env[name] === undefined || known.includes(env[name])
      ? []
      : [`${name} is "${env[name]}", it must be one of ${known.join(', ')}`];
  return [...odd('MUSTER_LOG', FORMATS), ...odd('MUSTER_LOG_LEVEL', LEVELS)];
}
