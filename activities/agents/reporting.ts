// reporting.ts: what a sub-agent at work tells its master before it ends.

import type { Finding } from '../../protocol/findings.ts';
import type { LogState } from '../loop/log-state.ts';

/** Never throws and never waits: a finding whose report is lost is in the store. */
export interface Reporter {
  /** One finding that is already in the store; `seq` is its number in the log. */
  finding(seq: number, finding: Finding): void;
  /** One finding that is on the board; `seq` is its number among those that this life shared. */
  shared(seq: number, finding: Finding): void;
  /** Reports that the work goes on, if it was interrupted: so the master's Workflow is loaded by the time that findings come. */
  resumed(log: Pick<LogState, 'turns' | 'attempts'>): void;
}
