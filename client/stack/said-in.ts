// said-in.ts: a line of a log as it was said to a person.

import { readableLine, readLogLine } from '../../protocol/log-line.ts';

/** The words of the stack, lines of a part with its name, and what is none of ours as it is. */
export function saidIn(text: string): string {
  const line = readLogLine(text);
  if (!line) return text;
  return line.room === 'stack' ? line.message : readableLine(line);
}
