// limits.ts: the sizes that keep a task inside Temporal's own limits, each with its reason. Numbers only.

/** A goal's largest size in UTF-8 bytes. */
export const MAX_GOAL_BYTES = 32 * 1024;

/** Sources one request may name. */
export const MAX_SOURCES = 64;

/** Characters of a sent file's name. */
export const MAX_FILE_NAME_CHARS = 200;

/** Characters of a source's address. */
export const MAX_URL_CHARS = 2_048;

/** A TaskResult handed back inline, in bytes; a larger answer goes by reference. A payload may hold 2 MiB, the SDK warns at 512 KiB. */
export const MAX_INLINE_RESULT_BYTES = 256 * 1024;

/** Signals from sub-agents a run: a Workflow accepts 10,000, and each costs about 4.7 history events. */
export const MAX_REPORTS_A_RUN = 500;

/** Bytes of a pod's heartbeat: it counts in the Workflow's mutable state, which the server ends at 8 MiB. */
export const MAX_HEARTBEAT_BYTES = 8 * 1024;

/** Subtasks of one task, delegated ones included: more is work for shares. */
export const MAX_SUBTASKS_A_TASK = 500;

/** Bytes of one reply from outside: it travels through the history. */
export const MAX_REPLY_BYTES = 100 * 1024;

/** Characters of what a background child hands to its next run with the texts of findings: a payload may hold 2 MiB. */
export const MAX_CARRIED_CHARS = 512 * 1024;

/** Events the master keeps for readers; older ones are in the store. */
export const EVENT_WINDOW = 400;

/** Findings of one subtask whose text travels through the history; all of them are in the store. */
export const MAX_DIGESTS_A_SUBTASK = 6;

/** Of what one subtask did not find; how many more there are is told. */
export const MOST_GAPS_A_SUBTASK = 20;

/** Remarks of one task, and characters of one: they travel through the history and lie in its result. */
export const MAX_REMARKS_A_TASK = 40;
/** Of what was merged the coverage names so many; the events name all. */
export const MAX_MERGED_TOLD = 100;
export const MAX_REMARK_CHARS = 400;

/** Characters of one claim in a digest. */
export const MAX_DIGEST_CHARS = 280;

/** Far backstop of the server's own time-outs, so that a queued task waits for a worker. */
export const BACKSTOP_DAYS = 35;
