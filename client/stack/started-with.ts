// started-with.ts: the settings that a stack was started with, and in what those of a terminal differ from them. Of what
// may be secret only a salted mark is kept, too short to be worth guessing at.

import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { namedIn } from '../../protocol/secrets.ts';
import type { Environment } from '../../settings/variables.ts';
import type { StartedWith } from '../../store/stack-file.ts';

const SHOWN = [
  'MUSTER_MODEL',
  'MUSTER_CONFIG',
  'MUSTER_SLOTS',
  'TEMPORAL_NAMESPACE',
  'MUSTER_TEMPORAL_PORT',
  'MUSTER_TEMPORAL_UI_PORT',
  'MUSTER_TEMPORAL_RETENTION',
  'MUSTER_TEMPORAL_UNTUNED',
  'MUSTER_LOG',
  'MUSTER_LOG_LEVEL',
] as const;
/** An address may hold a password. */
const SECRET = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'MUSTER_STORE_URL'] as const;
const MARK_CHARS = 8;

/** @param own what the stack itself was asked for. */
export function startedWith(env: Environment, own: Pick<StartedWith, 'roots' | 'latencyMs' | 'tokenMs'>): StartedWith {
  const salt = randomBytes(8).toString('hex');
  return { ...own, salt, ...read(env, salt) };
}

/**
 * In what the settings of this environment differ, in clauses for a person. What is not set here does not differ: other
 * terminals of the same stack need not repeat it.
 */
export function differences(started: StartedWith, env: Environment): string[] {
  const now = read(env, started.salt);
  const setHere = Object.entries(now.shown).flatMap(([name, value]) => {
    const before = started.shown[name];
    if (before === value) return [];
    return [`${name} is ${value} here, and ${before ?? 'was not set'} where the stack was started`];
  });
  const marked = (kind: 'secret' | 'files'): string[] =>
    Object.keys(now[kind]).filter((name) => now[kind][name] !== started[kind][name]);
  // Without a model a key is not used.
  const isUsed = (name: string): boolean => !name.startsWith('OPENAI_') || env.MUSTER_MODEL !== undefined;
  return [
    ...setHere,
    ...marked('secret')
      .filter(isUsed)
      .map((name) =>
        started.secret[name] === undefined
          ? `${name} is set here, and was not where the stack was started`
          : `${name} is another here than where the stack was started`,
      ),
    // Another config has other files.
    ...(now.shown.MUSTER_CONFIG === started.shown.MUSTER_CONFIG
      ? marked('files').map((path) => `${path} was changed since the stack was started`)
      : []),
  ];
}

function read(env: Environment, salt: string): Pick<StartedWith, 'shown' | 'secret' | 'files'> {
  const mark = (value: string | Buffer): string =>
    createHmac('sha256', salt).update(value).digest('hex').slice(0, MARK_CHARS);
  const configPath = env.MUSTER_CONFIG === undefined ? undefined : resolve(env.MUSTER_CONFIG);
  const config = configPath === undefined ? undefined : readIfThere(configPath);
  const shown = SHOWN.flatMap((name) => {
    const value = name === 'MUSTER_CONFIG' ? configPath : env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const secret = [...new Set([...SECRET, ...namedIn(config?.toString('utf8') ?? '')])].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, mark(value)] as const];
  });
  const files = [...(configPath === undefined ? [] : [configPath]), ...modulesOf(config, configPath)].flatMap(
    (path) => {
      const bytes = readIfThere(path);
      return bytes === undefined ? [] : [[path, mark(bytes)] as const];
    },
  );
  return {
    shown: Object.fromEntries(shown),
    secret: Object.fromEntries(secret),
    files: Object.fromEntries(files),
  };
}

/** The extension modules that it names; what those import is not followed. */
function modulesOf(config: Buffer | undefined, path: string | undefined): string[] {
  if (config === undefined || path === undefined) return [];
  try {
    const { extensions } = JSON.parse(config.toString('utf8')) as { extensions?: unknown };
    return Array.isArray(extensions) ? extensions.map((file) => resolve(dirname(path), String(file))) : [];
  } catch {
    // Judged, in words, by whoever uses it.
    return [];
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
