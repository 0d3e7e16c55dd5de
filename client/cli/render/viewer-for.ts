// viewer-for.ts: how a followed task is shown: a live tree on a terminal, one line an event on a pipe, NDJSON for programs.

import type { TaskEvent } from '../../../protocol/events.ts';
import type { TaskStatus } from '../../status.ts';
import type { Io } from '../terminal/io.ts';
import { eventLine, isDetail, timedLine } from './event-lines.ts';
import { LiveTree } from './live-tree.ts';
import { jsonLine } from '../terminal/text.ts';
import { workLines } from './tree-lines.ts';
import type { Viewer } from './viewer.ts';

/** Notes that nobody needs phases for come less often. */
const LOOK_ON_A_PIPE_MS = 5_000;

export function viewerFor(
  io: Io,
  taskId: string,
  { json, verbose }: { json?: boolean | undefined; verbose?: boolean | undefined },
): Viewer {
  if (json) return lineViewer(io, (event) => io.out(jsonLine(event)));
  if (io.screen) return new LiveTree(io.screen, io.messageColours, taskId);
  // A provider that stays down is left again with each try of a step.
  const left = new Map<string, string>();
  const isSaid = (event: TaskEvent): boolean => {
    if (event.type !== 'model.failover') return false;
    const { subtask, from, to, reason } = event;
    const before = left.get(subtask);
    left.set(subtask, `${from} ${to} ${reason}`);
    return before === left.get(subtask);
  };
  return lineViewer(
    io,
    (event) => {
      if (verbose || !(isDetail(event) || isSaid(event))) io.say(eventLine(withoutReason(event)));
    },
    tellsWork(io),
  );
}

/** Why a task failed is said once, with what was kept and what to do next, by the command that followed it. */
function withoutReason(event: TaskEvent): TaskEvent {
  if (event.type !== 'task.closed') return event;
  const { failure: _told, ...closed } = event;
  return closed;
}

/** Nobody who reads a log waits longer to see that work goes on, however slowly looks are answered. */
const MOST_APART_MS = 60_000;
/** Sub-agents have events of their own, and are told only when these are far between. */
const QUIET_LOOKS = 4;

/**
 * Tells what the master's steps are at: when one begins, again after two, four, eight … looks, and then each minute, so that a
 * log shows that a long one works and is not filled by it. Of sub-agents the same, once they have worked for a while.
 */
function tellsWork(io: Io): (status: TaskStatus) => void {
  let looks = new Map<string, { count: number; saidAt: number }>();
  return (status) => {
    const now: typeof looks = new Map();
    for (const { of, line, isEventful = false } of workLines(status)) {
      const at = Date.now();
      const { count, saidAt } = looks.get(of) ?? { count: 0, saidAt: at };
      const look = count + 1;
      const isTime = (look & (look - 1)) === 0 || at - saidAt >= MOST_APART_MS;
      const says = isTime && (!isEventful || look >= QUIET_LOOKS);
      if (says) io.say(timedLine(at, line));
      now.set(of, { count: look, saidAt: says ? at : saidAt });
    }
    looks = now;
  };
}

function lineViewer(
  io: Io,
  show: (event: TaskEvent) => void,
  showWork: (status: TaskStatus) => void = () => undefined,
): Viewer {
  let told: string | undefined;
  const tell = (note: string | undefined): void => {
    if (note !== undefined && note !== told) io.say(`muster: ${note}`);
    told = note;
  };
  return {
    lookEveryMs: LOOK_ON_A_PIPE_MS,
    event: show,
    status(status) {
      tell(status.note);
      showWork(status);
    },
    trouble: tell,
    say: (line) => io.say(line),
    asking: () => undefined,
    end: () => undefined,
  };
}
