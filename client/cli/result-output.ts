// result-output.ts: prints what a task handed back: for a person, for a pipe, as JSON, into a file.

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { answerMarkdown } from '../../protocol/answer.ts';
import type { Skipped } from '../../protocol/skipped.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { CliError, usageError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { renderAnswer } from './render/answer.ts';
import { skippedLines, skippedSummary } from './render/skipped.ts';
import { summaryLine } from './render/summary.ts';
import { jsonLine, oneLine, plain } from './render/text.ts';

export interface OutputFlags {
  json?: boolean;
  out?: string;
}

/** Refuses a file that can't be written before any work is paid. */
export function checkOut(path: string | undefined): void {
  if (path === undefined) return;
  const folder = dirname(resolve(path));
  if (path === '' || !existsSync(folder)) throw usageError(`--out: there is no folder ${folder}`, 'Make it first.');
  if (existsSync(path) && statSync(path).isDirectory()) throw usageError(`--out: ${path} is a folder`, 'Name a file.');
}

/** Prints a result: the answer, or what a failed or cancelled task still has to show. */
export function printResult(result: TaskResult, io: Io, { json, out }: OutputFlags): void {
  const markdown = result.answer ? plain(answerMarkdown(result.answer)) : undefined;
  if (json) {
    io.out(jsonLine({ type: 'result', result }));
  } else if (result.answer && markdown !== undefined) {
    io.out(io.outIsTerminal ? renderAnswer(result.answer, io.outColumns, io.outColours) : markdown);
    if (result.data !== undefined) io.out(`${JSON.stringify(result.data, null, 2)}\n`);
    for (const note of result.notes ?? []) io.say(oneLine(`note: ${note}`));
    io.say(summaryLine(result), io.messageColours.dim);
  } else if (result.draft) {
    io.say('What was found until then, not checked as a whole:');
    io.out(`${plain(result.draft).trimEnd()}\n`);
  }
  if (out !== undefined && markdown !== undefined) write(out, markdown, result.taskId, io);
}

/** Prints what of a task's sources was not read. */
export function printSkipped(taskId: string, skipped: Skipped, io: Io, { json }: OutputFlags): void {
  if (json) return io.out(jsonLine({ type: 'skipped', taskId, ...skipped }));
  io.out(skippedLines(skipped));
  io.say(skippedSummary(skipped), io.messageColours.dim);
}

function write(path: string, text: string, taskId: string, io: Io): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CliError(
      EXIT.failed,
      `the answer could not be written to ${path}: ${error instanceof Error ? error.message : String(error)}`,
      `muster result ${taskId} --out <file>`,
      'the answer, in the store.',
    );
  }
  io.say(`wrote ${path}`);
}
