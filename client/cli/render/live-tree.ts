// live-tree.ts: draws the tree of a running task in place on a terminal, and leaves the terminal as it found it.

import type { TaskEvent } from '../../../protocol/events.ts';
import type { TaskStatus } from '../../task-status.ts';
import type { Colours, Screen } from '../io.ts';
import { newView, applyEvent, applyStatus } from './task-view.ts';
import { columnsOf, plain } from './text.ts';
import { treeLines } from './tree-lines.ts';
import type { Viewer } from './viewer.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[0J';
const REDRAW_AFTER_MS = 200;
/** Elapsed times go on while nothing else happens. */
const TICK_MS = 1_000;

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
    this.#screen.write(`${this.#ended ? '' : this.#erased()}${plain(line)}\n`);
    if (!this.#ended) this.#draw();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#tick);
    clearTimeout(this.#due);
    this.#draw();
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
    this.#drawnAt = Date.now();
    const lines = treeLines(this.#view, this.#screen, this.#drawnAt, this.#colours);
    this.#screen.write(this.#erased() + lines.map((line) => `${line}\n`).join(''));
    this.#drawn = lines.map((line) => columnsOf(plain(line)));
  }

  /** What takes the drawn lines off the screen; written together with what replaces them, so that nothing flickers. */
  #erased(): string {
    // A narrower terminal than at the last drawing has wrapped the lines.
    const { columns } = this.#screen;
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    this.#drawn = [];
    return rows > 0 ? `\u001b[${rows}A${CLEAR_BELOW}` : '';
  }
}
