// command.ts: a command as data, and the readers of option values.

import { InvalidArgumentError } from 'commander';
import { usageError } from './terminal/cli-error.ts';
import type { Io } from './terminal/io.ts';

export interface OptionSpec {
  /** In commander's notation: `--docs <path>`. */
  flags: string;
  about: string;
  /** Reads a value; `earlier` is what the same option gave before. */
  read?: (value: string, earlier: never) => unknown;
  choices?: readonly string[];
  /** Not shown by --help. */
  hidden?: boolean;
}

/** What a file in commands/ exports as `command`. */
export interface Command<O = never> {
  /** In commander's notation: `[goal]`, `<id>`. */
  arguments?: string;
  options?: readonly OptionSpec[];
  examples: readonly [string, string, ...string[]];
  /** **Contract:** returns the exit code, or throws an error that render/errors.ts puts into words. */
  run(args: string[], options: O, io: Io): Promise<number>;
}

/** Collects a repeatable option. */
export const repeatable = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

/** A number above 0. */
export function positive(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number <= 0)
    throw new InvalidArgumentError('It must be a number above 0');
  return number;
}

/** Any number but 0; a negative one takes away. */
export function signed(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number === 0)
    throw new InvalidArgumentError('It must be a number other than 0');
  return number;
}

/** The same, whole. */
export function signedWhole(value: string): number {
  const number = signed(value);
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number');
  return number;
}

const MOST = 999_999_999;

/** Reads a whole number from `least` on. */
const wholeFrom =
  (least: number) =>
  (value: string): number => {
    if (!/^[+-]?\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number');
    const number = Number(value);
    if (number < least) throw new InvalidArgumentError(`It must be ${least} or more`);
    if (number > MOST) throw new InvalidArgumentError(`It must be ${MOST.toLocaleString('en')} or less`);
    return number;
  };

/** A whole number from 0 on. */
export const whole = wholeFrom(0);

/** A whole number from 1 on. */
export const wholeFromOne = wholeFrom(1);

/** Collects a repeatable option whose values have something in them. */
export const filledRepeatable = (value: string, earlier: string[] | undefined): string[] =>
  repeatable(filled(value), earlier);

/** The id that a command is given. @throws CliError (usage) for an empty one. */
export function taskId(id: string | undefined): string {
  const typed = id?.trim() ?? '';
  if (typed === '')
    throw usageError(
      `the id of the task is ${id === undefined ? 'missing' : 'empty'}`,
      'muster list shows the tasks there are.',
    );
  return typed;
}

/** A text with something in it. */
export function filled(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be empty');
  return value;
}

/** Why a file that an option names can't be read, in words. */
export function unreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
}
