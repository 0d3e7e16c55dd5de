// forget.ts: what is asked of a worker where a task is to be forgotten, and what it did: the same for library, HTTP and CLI.

/** Input of the Workflow and of the Activity. */
export interface ForgetInput {
  taskId: string;
  /** The first execution's run id; empty where nobody knows it. */
  run: string;
  tenant?: string;
  className?: string;
  /** ms since the epoch. */
  closedAt?: number;
  /** Its session, where that is known. Default: what the store says. */
  sessionId?: string;
}

export interface ForgetDone {
  /** What was removed, in counts. */
  removed: {
    logs: number;
    events: number;
    uploads: number;
    /** Indexes of documents. */
    corpora: number;
    blobs: number;
    /** Workflow Ids whose histories the server was told to delete. */
    histories: string[];
  };
  /** What is still there, and why, in sentences. */
  left: string[];
}

export interface ForgetReceipt extends ForgetDone {
  taskId: string;
  /** False: it is recorded, and done as soon as a worker comes to it. */
  done: boolean;
  /** True when nothing was there to be removed: it was forgotten before. */
  already: boolean;
}

/** What came of forgetting a session. */
export interface SessionReceipt {
  session: string;
  /** False: some of it is recorded, and done as soon as a worker comes to it. */
  done: boolean;
  /** One for each task that was still known of. */
  tasks: ForgetReceipt[];
}

/** What was removed, in words; undefined when that is nothing. */
export function forgottenWords({ removed }: ForgetDone): string | undefined {
  const counts: [number, string, string][] = [
    [removed.logs, 'log', 'logs'],
    [removed.events, 'event', 'events'],
    [removed.uploads, 'file that was sent', 'files that were sent'],
    [removed.corpora, 'index', 'indexes'],
    [removed.blobs, 'text', 'texts'],
    [removed.histories.length, 'history', 'histories'],
  ];
  const named = counts.flatMap(([count, one, many]) => (count > 0 ? [`${count} ${count === 1 ? one : many}`] : []));
  return named.length > 0 ? named.join(', ') : undefined;
}

export const NOTHING_FORGOTTEN: ForgetDone = {
  removed: { logs: 0, events: 0, uploads: 0, corpora: 0, blobs: 0, histories: [] },
  left: [],
};
