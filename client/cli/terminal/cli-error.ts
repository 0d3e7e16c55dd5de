// cli-error.ts: what the CLI itself refuses or can't do, with the exit code it ends with.

import { MusterError } from '../../errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Ends the command. `hint` is what to do next, `kept` what is still there. */
export class CliError extends MusterError {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly kept: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string, kept?: string) {
    super(message, hint);
    this.exitCode = exitCode;
    this.kept = kept;
  }
}

/** The command line is wrong; nothing was started. */
export const usageError = (message: string, hint?: string): CliError => new CliError(EXIT.usage, message, hint);
