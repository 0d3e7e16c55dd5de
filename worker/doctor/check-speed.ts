// check-speed.ts: whether the server is set so that a chain of steps is quick. Its settings can't be read, so they are measured.

import { ok, warn, type Check, type Finding } from './finding.ts';

/** A tuned server takes 13 ms, one with its own defaults 100; more than this is felt in every task. */
const SLOW_HOP_MS = 60;
/** Tuned 10 ms; by default a timer may fire a second late. */
const LATE_TIMER_MS = 300;

const SETTINGS = 'set it in the server’s dynamic config; temporal-dev.sh --settings lists what a local one has';

export const checkSpeed: Check = {
  name: 'speed',
  about: 'settings of the server that make tasks slow, measured over a chain of steps and a timer',
  async look(subject) {
    const { hopsMs, timerLateMs, isEager, takesQueries, keepsEvents } = await subject.measured();
    const hop = Math.round([...hopsMs].sort((a, b) => a - b)[1] ?? 0);
    const late = Math.round(timerLateMs);
    const data = { hopMs: hop, timerLateMs: late, isEager, takesQueries, keepsEvents };
    const found: Finding[] = [];
    if (hop > SLOW_HOP_MS)
      found.push(
        warn(
          `the server takes ${hop} ms from one step to the next; a tuned one takes 13`,
          `history.transferProcessorMaxPollRPS=2000, and matching.numTaskqueueReadPartitions=1 with …WritePartitions=1: ${SETTINGS}. On a busy machine: look again when it is quiet`,
          data,
        ),
      );
    if (late > LATE_TIMER_MS)
      found.push(
        warn(
          `a timer fired ${late} ms late, and so do retries`,
          `history.timerProcessorMaxTimeShift="10ms" and history.timerProcessorMaxPollRPS=2000: ${SETTINGS}`,
          data,
        ),
      );
    if (!isEager)
      found.push(
        warn(
          'Activities are not handed over with the reply that sends them, which costs a wide task a poll each',
          `system.enableActivityEagerExecution=true: ${SETTINGS}`,
          data,
        ),
      );
    if (!takesQueries)
      found.push(
        warn(
          'of two Queries at once the server refuses one, so that a busy task is slow to say where it stands',
          `history.MaxBufferedQueryCount=1000: ${SETTINGS}`,
          data,
        ),
      );
    if (!keepsEvents)
      found.push(
        warn(
          'when more than 100 events come while a Workflow is at work, the server breaks that step off: a wide task does it again',
          `history.maximumBufferedEventsBatch=10000: ${SETTINGS}. Temporal Cloud has it fixed`,
          data,
        ),
      );
    return found.length > 0 ? found : [ok(`${hop} ms from one step to the next, timers ${late} ms late`, data)];
  },
};
