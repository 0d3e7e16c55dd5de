// viewer.ts: what shows a followed task to a person or a program.

import type { TaskEvent } from '../../../protocol/events.ts';
import type { TaskStatus } from '../../status.ts';

export interface Viewer {
  /** How often it is worth asking for the status. */
  readonly lookEveryMs: number;
  event(event: TaskEvent): void;
  status(status: TaskStatus): void;
  /** Something that a person should know and that passes: shown until the next status. */
  trouble(note: string): void;
  /** A line for the person who watches. */
  say(line: string): void;
  /** Where a person may type: a line below that is theirs, until it is undefined. */
  asking(line: string | undefined): void;
  /** Leaves the terminal as it was found; may be called again. */
  end(): void;
}
