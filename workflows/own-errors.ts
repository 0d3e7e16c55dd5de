// own-errors.ts: ends a master of somebody's own with the error that it threw, so that its caller hears of it. Temporal takes an
// error that is no failure of its own for code to be mended, and tries the Workflow Task again without end: that stays so for
// Muster's own Workflows, whose tasks go on once it is.

import {
  ApplicationFailure,
  ContinueAsNew,
  DeterminismViolationError,
  TemporalFailure,
  workflowInfo,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { WORKFLOWS } from '../protocol/names.ts';

/** Muster's own types. */
const OURS = new Set<string>(Object.values(WORKFLOWS));

/** Of one Workflow; for `workflowModules`, where there are others than Muster's. */
export const interceptors = (): WorkflowInterceptors =>
  OURS.has(workflowInfo().workflowType)
    ? {}
    : {
        inbound: [
          {
            async execute(input, next) {
              try {
                return await next(input);
              } catch (error) {
                throw isSaid(error) ? error : said(error);
              }
            },
          },
        ],
      };

/** Temporal knows what to do with it. */
const isSaid = (error: unknown): boolean =>
  error instanceof TemporalFailure || error instanceof ContinueAsNew || error instanceof DeterminismViolationError;

const said = (error: unknown): ApplicationFailure =>
  error instanceof Error
    ? ApplicationFailure.create({ message: error.message, type: error.name, nonRetryable: true, cause: error })
    : ApplicationFailure.create({ message: String(error), nonRetryable: true });
