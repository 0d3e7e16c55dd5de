// log-line.ts: one line of a log, as it is written and as a person reads it. Whatever stands in it, a line is one line, within
// bounds, and drives no terminal.

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line is about. Names as they stand in it; absent where it is not known, or not about one. */
export interface LogFields {
  task?: string | undefined;
  subtask?: string | undefined;
  generation?: number | undefined;
  /** The model call, by its turn: `turn-2`. */
  call?: string | undefined;
  trace_id?: string | undefined;
  /** The session of the task, else the task. */
  agent_session_id?: string | undefined;
  activity?: string | undefined;
  attempt?: number | undefined;
  /** What a person may do about it. */
  next?: string | undefined;
  /** What went wrong: one line. */
  error?: string | undefined;
  /** Where, for who mends it; not shown to a person on a terminal. */
  stack?: string | undefined;
  [more: string]: string | number | boolean | undefined;
}

/** A line as it was written: `room` and `pid` of the process, and its fields. */
export interface LogLine extends LogFields {
  time: string;
  level: LogLevel;
  room: string;
  pid?: number;
  message: string;
}

/** Characters of a message, and of any other text of a line. */
const MESSAGE_CHARS = 8_000;
const FIELD_CHARS = 2_000;
/** Looked at of a longer text; a secret that this cuts in two stands beyond what is kept. */
const READ_CHARS = 64_000;
// Everything that drives a terminal, and the marks that reorder what a person reads.
const CONTROL =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/g;
// oxlint-disable-next-line no-control-regex -- the same
const SEQUENCE = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)/g;

/** A text of anybody’s as it may stand in a line: bounded, without secrets. Newlines stay: writing and showing see to them. */
export function loggable(text: string, hide: (text: string) => string, most = MESSAGE_CHARS): string {
  const kept = hide(text.slice(0, READ_CHARS)).slice(0, most);
  // Never through a pair of surrogates, of which a half can't be shown.
  return text.length > most ? `${kept.replace(/[\uD800-\uDBFF]$/, '')}… (${text.length} characters)` : kept;
}

/** What only the log itself says of a line. */
const OF_THE_LINE = ['time', 'level', 'room', 'pid', 'message'];

/** The fields that are known, bounded and without secrets. */
export function loggableFields(fields: LogFields, hide: (text: string) => string): LogFields {
  const known = Object.entries(fields).filter(([name, value]) => value !== undefined && !OF_THE_LINE.includes(name));
  return Object.fromEntries(
    known.map(([name, value]) => [name, typeof value === 'string' ? loggable(value, hide, FIELD_CHARS) : value]),
  );
}

/** A line at `info` of who has nothing but words to say. */
export const logLine = (room: string, message: string, hide: (text: string) => string): string =>
  harmlessJson(
    JSON.stringify({ level: 'info', time: new Date().toISOString(), room, message: loggable(message, hide) }),
  );

/** JSON in which nothing drives a terminal or ends the line. */
export const harmlessJson = (json: string): string =>
  json.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The line that was written so; undefined for what is none of ours. */
export function readLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text) as Partial<LogLine>;
    return typeof line.message === 'string' && typeof line.room === 'string' && typeof line.level === 'string'
      ? (line as LogLine)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A line as a person reads it on a terminal: `muster worker: warn: … (runSubAgents of task t-1): why`. What follows a newline in
 * it stands indented, so that nothing in it looks like a line of its own.
 */
export function readableLine(line: LogLine): string {
  const { room, level, message, error, next } = line;
  const text = [
    level === 'info' || level === 'fatal' ? '' : `${level}: `,
    message,
    aboutOf(line),
    error === undefined || message.includes(error) ? '' : `: ${error}`,
    next === undefined ? '' : `\n  Next: ${next}`,
  ].join('');
  return `muster ${oneRow(room)}: ${rows(text)}`;
}

function aboutOf({ activity, task, subtask, generation, call }: LogLine): string {
  const part = [subtask && `${subtask}/g${generation ?? 1}`, call].filter(Boolean).join(' ');
  const about = [activity, part, task].filter(Boolean).join(' of ');
  return about === '' ? '' : ` (${about})`;
}

/** Without what drives a terminal. */
const plain = (text: string): string => text.replace(SEQUENCE, '').replace(CONTROL, '');
/** On one line, without what drives a terminal. */
export const oneRow = (text: string): string => plain(text.replace(/\s+/g, ' '));
const rows = (text: string): string => plain(text).replace(/\n(?! {2})/g, '\n  ');
