// terminal.ts: a program in a real pseudo-terminal, by util-linux's `script` or Python's `pty`, keys typed into it, and a
// screen that shows what a person would see of what it wrote. Knows only the control sequences that the CLI uses.

/* oxlint-disable no-control-regex -- control sequences are what this is about */

import { spawn, spawnSync } from 'node:child_process';
import { emptyFolder } from './support.ts';

export interface TerminalSize {
  columns: number;
  rows: number;
}

const PYTHON = 'import os,pty,sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sys.argv[1]])))';

const runs = (command: string, args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The command that gives a line for `sh` a terminal; undefined on a machine that has none. */
export const terminalCommand: ((line: string) => [string, string[]]) | undefined = runs('script', [
  '-qfec',
  'true',
  '/dev/null',
])
  ? (line) => ['script', ['-qfec', line, '/dev/null']]
  : runs('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode'])
    ? (line) => ['python3', ['-c', PYTHON, line]]
    : undefined;

export interface InTerminal {
  /** All that the program wrote until now. */
  written: () => string;
  /** Types, as a person does: `\u0003` is Ctrl-C. */
  type: (keys: string) => void;
  ended: Promise<number | null>;
}

/**
 * Starts a program of the build in a terminal of its own.
 *
 * @param line what a shell there runs of it. Default: the program in place of the shell.
 */
export function inTerminal(
  program: string,
  args: string[],
  env: Record<string, string>,
  { columns, rows }: TerminalSize = { columns: 110, rows: 40 },
  line: (program: string) => string = (quoted) => `exec ${quoted}`,
): InTerminal {
  if (!terminalCommand) throw new Error('neither script (util-linux) nor python3 is there to make a terminal');
  const quoted = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  const [command, words] = terminalCommand(`stty cols ${columns} rows ${rows}; ${line(quoted.join(' '))}`);
  const clean = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|MUSTER_|OPENAI_|NO_COLOR|CI$)/.test(name));
  const child = spawn(command, words, {
    cwd: emptyFolder(),
    env: { ...Object.fromEntries(clean), TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => (written += data));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((done) => {
    child.on('close', (code) => {
      child.stdin.end();
      done(code);
    });
  });
  return { written: () => written, type: (keys) => void child.stdin.write(keys), ended };
}

/** Every state of the screen after a whole drawing: one that is still being written holds old lines and new ones. */
export function screensOf(written: string): string[] {
  const screen = new Screen();
  const drawings = written.replace(/\u001b(\[[?\d;]*)?$/, '').split(/(?=\u001b\[\d+A)/);
  const last = drawings.at(-1) ?? '';
  if (drawings.length > 1 && !last.includes('\u001b[0J')) drawings.pop();
  return drawings.map((part) => screen.write(part));
}

/** A terminal with room enough, line by line. */
class Screen {
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;

  /**
   * Returns what it shows then.
   * @throws Error on an unknown control sequence, and on clearing the screen from its top row: what stands there goes into
   *   the scrollback of a terminal then, once more each time.
   */
  write(written: string): string {
    const lines = this.#lines;
    for (const [part] of written.matchAll(/\u001b\[[?\d;]*[A-Za-z]|\r|\n|[^\u001b\r\n]+|\u001b/g)) {
      const up = /^\u001b\[(\d+)A$/.exec(part)?.[1];
      const line = lines[this.#row] ?? '';
      if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
      else if (part === '\r') this.#column = 0;
      else if (part === '\u001b[K') lines[this.#row] = line.slice(0, this.#column);
      else if (part === '\u001b[0J') {
        if (this.#row === 0 && lines.some((one) => one !== ''))
          throw new Error('the screen is cleared from its top row');
        lines.splice(this.#row, Infinity, line.slice(0, this.#column));
      } else if (part === '\n') lines[(this.#row += 1)] ??= '';
      else if (part.startsWith('\u001b')) {
        if (!/^\u001b\[(\d*(;\d+)*m|\?25[hl])$/.test(part)) throw new Error(`unknown sequence ${JSON.stringify(part)}`);
      } else {
        lines[this.#row] =
          line.slice(0, this.#column).padEnd(this.#column) + part + line.slice(this.#column + part.length);
        this.#column += part.length;
      }
    }
    return lines.join('\n');
  }
}
