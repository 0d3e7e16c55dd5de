// io.ts: the process's two streams as commands use them: data on stdout, messages on stderr, colour on a terminal only.

import picocolors from 'picocolors';
import { clientConfig } from '../../config.ts';
import { fold, plain } from './text.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;

/** The screen behind a stream; asked each time, as a person may resize it. */
export interface Screen {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
}

export interface Io {
  /** Data: a whole text with its line ends. */
  out(text: string): void;
  /**
   * A message for the person who watches: one line on a pipe, on a terminal as many as fit it. Control characters are
   * removed, then it is painted.
   */
  say(line: string, paint?: (text: string) => string): void;
  /** Messages that are safe and painted already, with their line ends. */
  sayPainted(text: string): void;
  /** What is said next stands in a line of its own, whatever was typed meanwhile, as ^C. */
  freshLine(): void;
  /** Writes what is taken away again to a terminal that shows messages, also where data goes to a pipe. */
  readonly passing: ((text: string) => void) | undefined;
  /** True when a person reads the data on a terminal. */
  readonly outIsTerminal: boolean;
  /** The terminal that messages go to, where both streams are one: the live tree is drawn there. */
  readonly screen: Screen | undefined;
  readonly outColumns: number;
  readonly outColours: Colours;
  readonly messageColours: Colours;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Takes away what stands in the line of the cursor. */
export const FRESH_LINE = '\r\u001b[K';

export function processIo(): Io {
  const config = clientConfig();
  const { stdout, stderr } = process;
  const colours = (stream: { isTTY?: boolean }): Colours =>
    picocolors.createColors(stream.isTTY === true && config.colour);
  // On a pipe a message stays one line: who reads it there may search it.
  const fitting = (text: string): string => (stderr.isTTY ? fold(text, stderr.columns || DEFAULT_COLUMNS) : text);
  return {
    out: (text) => void stdout.write(text),
    say: (line, paint = String) => void stderr.write(`${paint(fitting(plain(line)))}\n`),
    sayPainted: (text) => void stderr.write(fitting(text)),
    freshLine: () => {
      if (stderr.isTTY) stderr.write(config.drawing ? FRESH_LINE : '\n');
    },
    passing: stderr.isTTY && config.drawing ? (text) => void stderr.write(text) : undefined,
    outIsTerminal: stdout.isTTY === true,
    screen:
      stdout.isTTY && stderr.isTTY && config.drawing
        ? {
            write: (text) => void stderr.write(text),
            get columns() {
              return stderr.columns || DEFAULT_COLUMNS;
            },
            get rows() {
              return stderr.rows || DEFAULT_ROWS;
            },
          }
        : undefined,
    get outColumns() {
      return stdout.columns || DEFAULT_COLUMNS;
    },
    outColours: colours(stdout),
    messageColours: colours(stderr),
  };
}
