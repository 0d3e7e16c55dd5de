// errors.ts: an error as a person reads it: what happened, what was kept, what to do next. Never a stack trace.

import {
  BackgroundOverError,
  CommandRefusedError,
  KeyReusedError,
  MusterError,
  RequestRefusedError,
  ScheduleNotFoundError,
  SessionNotFoundError,
  StillRunningError,
  TaskCancelledError,
  TaskClosedError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
} from '../../errors.ts';
import { hintFor } from '../../../protocol/failures.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { StoreAddressError } from '../../../store/postgres-url.ts';
import { StoreError } from '../../../store/store.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts';
import type { Colours } from '../terminal/io.ts';
import { counted, oneLine } from '../terminal/text.ts';

export interface ErrorReport {
  exitCode: ExitCode;
  message: string;
  /** Why each sub-agent that failed did, or what else there is to say line by line. */
  details: string[];
  kept?: string;
  next?: string;
}

export function reportError(error: unknown): ErrorReport {
  const message = error instanceof Error ? error.message : String(error);
  const report = (exitCode: ExitCode, rest: Partial<ErrorReport> = {}): ErrorReport => ({
    exitCode,
    message,
    details: [],
    ...(error instanceof MusterError && error.hint !== undefined ? { next: error.hint } : {}),
    ...rest,
  });
  if (error instanceof CliError) return report(error.exitCode, error.kept === undefined ? {} : { kept: error.kept });
  if (error instanceof RequestRefusedError || error instanceof CommandRefusedError) return report(EXIT.usage);
  if (error instanceof TaskClosedError || error instanceof BackgroundOverError) return report(EXIT.failed);
  if (error instanceof KeyReusedError) {
    return report(EXIT.usage, { kept: `task ${error.taskId}, untouched (muster result ${error.taskId}).` });
  }
  if (error instanceof ScheduleNotFoundError || error instanceof SessionNotFoundError) return report(EXIT.notFound);
  if (error instanceof TaskNotFoundError) return report(EXIT.notFound);
  if (error instanceof UnreachableError) return report(EXIT.cannotConnect);
  if (error instanceof StoreAddressError) return report(EXIT.usage, { next: error.hint });
  if (error instanceof StoreError) {
    return report(EXIT.cannotConnect, {
      next: 'See that it is there and may be read; MUSTER_STORE_URL names another.',
    });
  }
  if (error instanceof StillRunningError) return report(EXIT.stillRunning, { kept: 'the task; it runs on.' });
  if (error instanceof TaskCancelledError) {
    // The hint names the command that shows what the line above it says.
    if (!error.result) return report(EXIT.cancelled);
    const { next: _hint, ...rest } = report(EXIT.cancelled, { kept: keptOf(error.result) });
    return rest;
  }
  if (error instanceof TaskFailedError) {
    return report(error.failure?.type === 'SourceNotAllowed' ? EXIT.notAllowed : EXIT.failed, {
      message: `task ${error.taskId} failed: ${message}`,
      details: error.result ? failedSubtasks(error.result) : [],
      ...(error.result ? { kept: keptOf(error.result) } : {}),
      // A gateway's client knows none.
      ...(error.hint === undefined && error.failure ? { next: hintFor(error.failure.type) } : {}),
    });
  }
  if (error instanceof MusterError) {
    const [first = '', ...details] = message.split('\n');
    return report(EXIT.failed, { message: first, details: details.map((line) => line.replace(/^\s*- /, '')) });
  }
  if (isOfFile(error)) {
    return report(EXIT.failed, {
      message: `${error.path} can't be used (${error.code}): ${error.syscall === 'mkdir' && error.code === 'ENOENT' ? 'no folder can be made there' : FILE_REASONS[error.code]}`,
      next: 'Mend that, or name another folder in MUSTER_HOME.',
    });
  }
  return report(EXIT.failed, {
    message: `something unexpected happened: ${message}`,
    next: 'MUSTER_DEBUG=1 with the same command shows where; please report it.',
  });
}

/** What a person can mend of their disk. */
const FILE_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read or written',
  EPERM: 'it may not be changed',
  EROFS: 'it is on a disk that can only be read',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of this path is no folder',
  EEXIST: 'something else is there',
  EISDIR: 'it is a folder',
  ENOENT: 'it is not there',
};

function isOfFile(error: unknown): error is NodeJS.ErrnoException & { path: string; code: string } {
  const { path, code } = error as NodeJS.ErrnoException;
  return typeof path === 'string' && code !== undefined && Object.hasOwn(FILE_REASONS, code);
}

/** The report as lines for stderr, each with its line end. */
export function errorText(report: ErrorReport, { red, dim }: Colours): string {
  const message = oneLine(report.message);
  const lines = [
    `${red('muster:')} ${message}${/[.!?…]$/.test(message) ? '' : '.'}`,
    ...report.details.map((detail) => `  - ${oneLine(detail)}`),
    ...(report.kept === undefined ? [] : [`  ${dim('Kept:')} ${oneLine(report.kept)}`]),
    ...(report.next === undefined ? [] : [`  ${dim('Next:')} ${oneLine(report.next)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function keptOf({ coverage, taskId }: TaskResult): string {
  const findings = coverage.subtasks.reduce((sum, one) => sum + one.findings, 0);
  const shown = `(muster result ${taskId} --json)`;
  if (findings === 0) return `the task's record; nothing was found until then ${shown}`;
  return `${counted(findings, 'finding')} of ${counted(coverage.subtasks.length, 'sub-agent')}, ${coverage.done} of them done ${shown}`;
}

function failedSubtasks({ coverage }: TaskResult): string[] {
  return coverage.subtasks
    .filter((one) => one.state !== 'done')
    .map(({ subtask, title, state, failure }) => {
      const why = failure ? `: ${failure.message} (${failure.type}: ${hintFor(failure.type)})` : '';
      return `${subtask} “${title}” ${state}${why}`;
    });
}
