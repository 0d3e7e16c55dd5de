// logs.ts: `muster logs [ID]`: what the parts of the local stack wrote to their logs, in the order of time, for a person or a program.

import { readableLine } from '../../../protocol/log-line.ts';
import { clientConfig } from '../../config.ts';
import { wholeFromOne, type Command } from '../command.ts';
import { logFiles, LogReader, type LoggedLine } from '../log-files.ts';
import { onlyMatch } from '../part-of-id.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { jsonLine, plain } from '../terminal/text.ts';

interface LogsFlags {
  follow?: boolean;
  last?: number;
  json?: boolean;
}

/** Of a whole stack; of one task all that there is is shown. */
const LAST = 200;

export const command: Command<LogsFlags> = {
  arguments: '[id]',
  options: [
    { flags: '-f, --follow', about: 'go on with what is written from now on, until Ctrl-C' },
    { flags: '--last <n>', about: `at most so many lines (default: ${LAST}; with an id: all)`, read: wholeFromOne },
    { flags: '--json', about: 'NDJSON: the lines as they were written' },
  ],
  examples: [
    'muster logs --follow',
    'muster logs compare-retry-policies-9f2c41d07ab3',
    'muster logs --json | jq .level',
  ],
  async run([part], { follow, last, json }, io) {
    const { home } = clientConfig();
    if (logFiles(home).length === 0 && !follow)
      throw new CliError(
        EXIT.notFound,
        `there are no logs in ${home}`,
        'muster up starts a stack, which writes them there.',
      );
    const reader = new LogReader(home);
    const all = reader.read();
    const id = part === undefined ? undefined : taskMeant(all, part);
    const show = (one: LoggedLine): void => {
      if (isOf(one, id)) io.out(json ? asJson(one) : asWords(one, io));
    };
    const lines = all.filter((one) => isOf(one, id));
    for (const one of lines.slice(-(last ?? (id === undefined ? LAST : lines.length)))) show(one);
    if (id !== undefined && lines.length === 0 && !follow)
      throw new CliError(
        EXIT.notFound,
        `no line of the logs in ${home} is of ${id}`,
        'muster list shows what tasks there are; muster logs shows the logs of all.',
      );
    if (follow) await reader.follow(show, untilStopped());
    return EXIT.done;
  },
};

/** A task may be named by the beginning or the end of its id, as everywhere. */
const taskMeant = (lines: readonly LoggedLine[], part: string): string =>
  lines.some((one) => isOf(one, part))
    ? part
    : (onlyMatch([...new Set(lines.flatMap(({ line }) => line?.task ?? []))], part) ?? part);

/** Whether a line is about this task, its background or its session; what is none of ours counts by its words. */
function isOf({ line, text }: LoggedLine, id: string | undefined): boolean {
  if (id === undefined) return true;
  if (!line) return hasWord(text, id);
  return line.task === id || line.agent_session_id === id || hasWord(line.message, id);
}

/** As a word of its own: "t-1" is not in "t-10". */
function hasWord(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1))
    if (!/[\w-]/.test((text[at - 1] ?? '') + (text[at + id.length] ?? ''))) return true;
  return false;
}

/** One that is none of ours as a line all the same, so that a program can read all. */
const asJson = ({ line, part, text, at }: LoggedLine): string =>
  jsonLine(line ?? { level: 'info', time: new Date(at).toISOString(), room: part, message: text });

const LEVEL_COLOURS = { warn: 'yellow', error: 'red', fatal: 'red', info: 'reset', debug: 'dim' } as const;

function asWords({ line, part, text, at }: LoggedLine, io: Io): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  const words = line ? readableLine(line) : `${part}: ${plain(text)}`;
  const paint = io.outColours[LEVEL_COLOURS[line?.level ?? 'info'] ?? 'reset'];
  return `${io.outColours.dim(time)} ${paint(words)}\n`;
}

function untilStopped(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}
