// stack-end.ts: how a home's stack in the background came to an end that nobody asked for: written down by its supervisor where
// it can, told by every command after it until another one starts.

import { closeSync, fstatSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStack } from '../../store/stack-file.ts';
import { askSupervisor } from '../supervisor-socket.ts';
import { saidIn } from './said-in.ts';

/** Lines of its log that are shown, and the bytes at its end that they are looked for in. */
const LAST_LINES = 5;
const LAST_BYTES = 4_096;

export const stackLog = (home: string): string => join(home, 'stack.log');
const endOf = (home: string): string => join(home, 'stack-end');

/** @param why in a few words */
export function writeStackEnd(home: string, why: string): void {
  writeFileSync(endOf(home), `${why}\n`);
}

/** Another one starts, or nobody wants to know any more. */
export function forgetStackEnd(home: string): void {
  rmSync(endOf(home), { force: true });
}

/** That the stack is dead, a sentence, and the last lines of its log; undefined when it lives, was stopped, or never was. */
export async function stackEnd(home: string): Promise<{ message: string; lines: string[] } | undefined> {
  const why = textOf(endOf(home))?.trim();
  const stack = readStack(home);
  if ((why === undefined && !stack) || (await askSupervisor(home, 'status'))) return undefined;
  const [how = '', ...more] = (why ?? 'it was killed, or this machine was started anew').split('\n');
  // One in the foreground has said all on its own terminal.
  const hasLog = why !== undefined || stack?.isInBackground === true;
  return {
    message: `the local stack has ended (${how.replace(/:$/, '')}); muster up starts it again, and tasks go on`,
    // A reason of several lines is the end of the log already.
    lines: more.length > 0 ? more : hasLog ? lastLines(stackLog(home)) : [],
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function lastLines(path: string): string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, LAST_BYTES));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8').trimEnd().split('\n').slice(-LAST_LINES).map(saidIn);
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}
