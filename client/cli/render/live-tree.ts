// live-tree.ts: draws the tree of a running task in place on a terminal, and leaves the terminal as it found it.

import type { TaskEvent } from '../../../protocol/events.ts';
import type { TaskStatus } from '../../status.ts';
import type { Colours, Screen } from '../terminal/io.ts';
import { newView, applyEvent, applyStatus } from './task-view.ts';
import { columnsOf, fold, plain } from '../terminal/text.ts';
import { treeLines } from './tree-lines.ts';
import type { Viewer } from './viewer.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[0J';
const REDRAW_AFTER_MS = 200;
/** Elapsed times go on while nothing else happens. */
const TICK_MS = 1_000;
/** Of the tree, however much is said above it. */
const LEAST_ROWS = 6;
/** That a shell writes below it when it is over: npm's empty line, and a prompt. */
const SHELL_ROWS = 2;

export class LiveTree implements Viewer {
  readonly lookEveryMs = 1_000;
  readonly #screen: Screen;
  readonly #colours: Colours;
  readonly #view;
  readonly #restore = (): void => this.#screen.write(SHOW_CURSOR);
  readonly #tick: NodeJS.Timeout;
  /** Columns of each line that stands on the screen. */
  #drawn: number[] = [];
  #due: NodeJS.Timeout | undefined;
  #drawnAt = 0;
  /** Rows of what was said last, which stands above the tree. */
  #saidRows = 0;
  #ended = false;

  constructor(screen: Screen, colours: Colours, taskId: string) {
    this.#screen = screen;
    this.#colours = colours;
    this.#view = newView(taskId, Date.now());
    this.#tick = setInterval(() => this.#soon(), TICK_MS);
    process.once('exit', this.#restore);
    screen.write(HIDE_CURSOR);
    this.#draw();
  }

  event(event: TaskEvent): void {
    applyEvent(this.#view, event);
    this.#soon();
  }

  status(status: TaskStatus): void {
    applyStatus(this.#view, status);
    this.#soon();
  }

  trouble(note: string): void {
    this.#view.note = note;
    this.#soon();
  }

  say(line: string): void {
    const said = fold(plain(line), this.#screen.columns).split('\n');
    this.#saidRows = this.#rowsOf(said.map(columnsOf));
    this.#write([...said, ...(this.#ended ? [] : this.#lines())]);
    // What was said stays where it is from now on, above the tree.
    this.#drawn.splice(0, said.length);
  }

  asking(line: string | undefined): void {
    if (line === this.#view.asking) return;
    if (line === undefined) delete this.#view.asking;
    else this.#view.asking = line;
    if (!this.#ended) this.#draw();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    delete this.#view.asking;
    clearInterval(this.#tick);
    this.#draw();
    this.#drawn = [];
    this.#screen.write(SHOW_CURSOR);
    process.off('exit', this.#restore);
  }

  /** Redraws a moment later, once for all that happens until then. */
  #soon(): void {
    if (this.#ended || this.#due) return;
    this.#due = setTimeout(() => this.#draw(), Math.max(0, this.#drawnAt + REDRAW_AFTER_MS - Date.now()));
  }

  #draw(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#write(this.#lines());
  }

  #lines(): string[] {
    this.#drawnAt = Date.now();
    const { columns, rows } = this.#screen;
    // A tree of the window's height would push out of it what was said above; so would the shell, below the last one.
    const beside = this.#saidRows + (this.#ended && this.#saidRows > 0 ? SHELL_ROWS : 0);
    const height = Math.max(LEAST_ROWS, rows - beside);
    return treeLines(this.#view, { columns, rows: height }, this.#drawnAt, this.#colours);
  }

  /**
   * Puts the lines in the place of the tree that stands there, each over an old one: a terminal that is cleared from its
   * top row keeps what it showed in its scrollback, each time.
   */
  #write(lines: string[]): void {
    // A narrower terminal than at the last drawing has wrapped the lines.
    const rows = this.#rowsOf(this.#drawn);
    // What was typed meanwhile, as ^C, stands in the row of the cursor.
    const back = rows > 0 ? `\r\u001b[${rows}A` : '\r';
    this.#screen.write(`${back}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`);
    this.#drawn = lines.map((line) => columnsOf(plain(line)));
  }

  /** Rows that lines of so many columns take. */
  #rowsOf(widths: readonly number[]): number {
    const { columns } = this.#screen;
    return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  }
}
