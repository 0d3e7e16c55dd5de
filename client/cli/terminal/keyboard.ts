// keyboard.ts: keys of a terminal one by one, as they are pressed. Ctrl-C and Ctrl-Z mean what they always do, for the whole
// group of processes; the terminal is given back as it was found.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

export interface Keyboard {
  /** Gives the terminal back; may be called again. */
  close(): void;
}

/**
 * Reads keys until it is closed. Undefined where no person types: no terminal, or a job in the background, which the system
 * stops when it touches its terminal.
 *
 * @param press told of each key: a character, or the sequence that a special key sends.
 */
export function openKeyboard(press: (key: string) => void): Keyboard | undefined {
  const { stdin } = process;
  if (!stdin.isTTY || stdin.readableEnded || !isForeground()) return undefined;
  const raw = (on: boolean): void => {
    // A terminal that was closed meanwhile needs nothing back.
    if (!stdin.destroyed) stdin.setRawMode(on);
  };
  const restore = (): void => raw(false);
  const back = (): void => {
    if (isForeground()) raw(true);
  };
  const hear = (text: string): void => {
    for (const key of keysOf(text)) {
      if (key === CTRL_C) process.kill(0, 'SIGINT');
      else if (key === CTRL_Z) {
        restore();
        process.kill(0, 'SIGTSTP');
      } else press(key);
    }
  };
  raw(true);
  stdin.setEncoding('utf8').on('data', hear).resume();
  process.on('SIGCONT', back);
  process.once('exit', restore);
  return {
    close() {
      stdin.off('data', hear).pause();
      process.off('SIGCONT', back);
      process.off('exit', restore);
      restore();
    },
  };
}

/** Single characters, and what a special key sends as one. */
// oxlint-disable-next-line no-control-regex -- what keys send
export const keysOf = (text: string): string[] => text.match(/\u001b[[O][\d;]*[A-Za-z~]|[^]/gu) ?? [];

/** Whether this group of processes is the one that the terminal's keys go to. */
function isForeground(): boolean {
  try {
    const [group, foreground] = process.platform === 'linux' ? groupsOfLinux() : groupsOfOthers();
    return group !== undefined && group === foreground;
  } catch {
    return false;
  }
}

/** proc(5): behind the name stand state, parent, group, session, terminal, and the group in the terminal's foreground. */
function groupsOfLinux(): (string | undefined)[] {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [group, foreground];
}

function groupsOfOthers(): (string | undefined)[] {
  const words = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  return words.trim().split(/\s+/);
}
