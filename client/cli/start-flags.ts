// start-flags.ts: the options that say what a new task is to be, and how their values are read.

import { readFileSync } from 'node:fs';
import { outputSchemaProblem } from '../../protocol/schemas/output-schema.ts';
import { usageError } from './terminal/cli-error.ts';
import { filled, filledRepeatable, repeatable, whole, type OptionSpec } from './command.ts';

export interface StartFlags {
  docs?: string[];
  include?: string[];
  exclude?: string[];
  class?: string;
  key?: string;
  session?: string;
  tenant?: string;
  latency?: number;
  schema?: string;
  /** False for `--no-up`. */
  up?: boolean;
  json?: boolean;
}

export const START_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-d, --docs <path>',
    about:
      'file, folder or http(s) address to answer from, with --url a named source; repeatable (default: the current folder)',
    read: repeatable,
  },
  { flags: '--include <pattern>', about: 'only these files, in gitignore syntax; repeatable', read: filledRepeatable },
  { flags: '--exclude <pattern>', about: 'none of these files and folders; repeatable', read: filledRepeatable },
  { flags: '--class <name>', about: 'quick, standard, thorough or one of your own (default: standard)', read: filled },
  { flags: '--schema <file>', about: 'JSON Schema of an object to hand the answer back as, too', read: filled },
  { flags: '--key <key>', about: 'idempotency key: asking again with it is asking once', read: filled },
  { flags: '--session <id>', about: 'session that the task belongs to', read: filled },
  { flags: '--tenant <name>', about: 'tenant that the task belongs to (default: default)', read: filled },
  {
    flags: '--latency <ms>',
    about: 'pause of the offline model before each answer, when this starts the local stack',
    read: whole,
  },
  { flags: '--no-up', about: 'do not start the local stack when none runs' },
];

/** @throws CliError (usage) when the file is no schema. */
export function readSchema(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw usageError(`--schema: ${path} can't be read: ${why}`, 'Name a file that holds a JSON Schema.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`--schema: ${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problem = outputSchemaProblem(value);
  if (problem) throw usageError(`--schema: ${path} can't be used: ${problem.replace(/^outputSchema/, 'it')}`);
  return value as Record<string, unknown>;
}
