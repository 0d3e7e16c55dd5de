// log.ts: the log of a process: lines with the ids of what they are about, for a person on a terminal, else as JSON. Secrets and
// hostile text are made harmless here, once, for all that is written. Imported where a process logs, and by no command that only asks.

import { pino, type DestinationStream } from 'pino';
import {
  harmlessJson,
  loggable,
  loggableFields,
  readableLine,
  readLogLine,
  type LogFields,
  type LogLevel,
} from '../protocol/log-line.ts';
import { hiding } from '../protocol/secrets.ts';
import { scopeFields } from './log-scope.ts';

export interface Log {
  /** Writes a line. Never throws; what is in scope (`log-scope.ts`) goes with it. */
  write(level: LogLevel, message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The text as a line would have it: without what is hidden. For what else leaves the process. */
  without(text: string): string;
  /** These, too, are hidden from now on, e.g. those of a config file that was read later. */
  hide(secrets: readonly string[]): void;
}

export interface LogOptions {
  /** Who writes: `worker`, `gateway`, `stack`. */
  room: string;
  /** `text` for a person, `json` for a program. */
  format: LogFormat;
  /** Least that is written. Default: `info`. */
  level?: LogLevel;
  /** Values that must not be in any line. */
  secrets?: readonly string[];
  /** Where lines go. Default: stderr, at once, so that none is lost with the process. */
  to?: DestinationStream;
}

export type LogFormat = 'json' | 'text';

export function openLog({ room, format, level = 'info', secrets = [], to = stderrStream() }: LogOptions): Log {
  const hidden = [...secrets];
  let hide = hiding(hidden);
  const asText = { write: (json: string) => to.write(textOf(json)) };
  const log = pino(
    {
      base: { room, pid: process.pid },
      level,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: harmlessJson },
    },
    format === 'json' ? to : asText,
  );
  const write: Log['write'] = (at, message, fields = {}) => {
    try {
      const about = { ...scopeFields(), ...fields };
      log[at](loggableFields(about, hide), loggable(message, hide));
    } catch {
      // A log that can't be written stops no work.
    }
  };
  return {
    write,
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    without: (text) => hide(text),
    hide(more) {
      hidden.push(...more);
      hide = hiding(hidden);
    },
  };
}

function textOf(json: string): string {
  const line = readLogLine(json);
  return line ? `${readableLine(line)}\n` : json;
}

function stderrStream(): DestinationStream {
  const stream = pino.destination({ dest: 2, sync: true });
  // Whoever read it is gone: the work goes on without a reader.
  stream.on('error', () => undefined);
  return stream;
}
