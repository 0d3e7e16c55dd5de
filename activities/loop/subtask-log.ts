// subtask-log.ts: what one life of a subtask, or one round of a step, did, record by record, in the store.
// A record is on disk before the next call begins; a later attempt goes on from what it finds here.

import type { ModelAsked } from '../../protocol/progress.ts';
import type { LogKey, LogSegment, Store } from '../../store/store.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { countRecord } from './count-records.ts';
import type { HeadersOfCall } from './call-headers.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { LogState } from './log-state.ts';
import { WorkFailure } from './work-failure.ts';

export class SubtaskLog extends LogState {
  readonly key: LogKey;
  /** The model call that is under way, for people who watch: about how many tokens have come. Not on record. */
  asking: ModelAsked | undefined;
  /** What its calls tell the servers that they ask; undefined where nobody traces. Not on record. */
  callHeaders: HeadersOfCall | undefined;
  readonly #segment: LogSegment<LogRecord>;

  private constructor(key: LogKey, segment: LogSegment<LogRecord>) {
    super();
    this.key = key;
    this.#segment = segment;
    for (const record of segment.earlier) this.fold(record);
  }

  /**
   * Claims the log for this attempt.
   * @param attempt.expected records that an earlier attempt is known to have written.
   * @param attempt.worker names the process, for whoever reads the log.
   * @param attempt.visit number of the visit; a lower one than the log has seen is refused. Default: 0.
   * @param attempt.isRetry true when an earlier attempt of the visit may have written what nobody was told of. Default: false.
   * @throws WorkFailure CheckpointMissing when the log holds fewer: paying again in silence is worse than stopping;
   *   LogLostError, which means the same; LogTakenOverError when a higher visit has claimed it.
   */
  static async open(
    store: Store,
    key: LogKey,
    {
      expected,
      worker,
      visit = 0,
      isRetry = false,
    }: { expected: number; worker: string; visit?: number; isRetry?: boolean },
  ): Promise<SubtaskLog> {
    const log = new SubtaskLog(key, await store.claimLog<LogRecord>(key, { visit, isRetry }));
    if (log.count < expected) {
      await log.close();
      throw new WorkFailure({
        type: 'CheckpointMissing',
        message: `the log of ${key.subtask} holds ${log.count} records, ${expected} were written`,
      });
    }
    await log.append({ t: 'attempt', at: Date.now(), worker });
    return log;
  }

  /** Number of this attempt's segment: a later attempt has a higher one. */
  get attempt(): number {
    return this.#segment.segment;
  }

  async append(record: LogRecord): Promise<void> {
    const began = performance.now();
    await this.#segment.append(record);
    metrics.observe('muster_checkpoint_seconds', {}, (performance.now() - began) / 1e3);
    this.fold(record);
    countRecord(record, this);
  }

  /** Notes that this attempt ends by itself, before all is done: the next one was not brought by the death of this process. */
  async leave(): Promise<void> {
    await this.append({ t: 'letGo', step: '', calls: [], at: Date.now() });
  }

  /**
   * Closes the log of an attempt that ends by itself, well or not: whatever comes after was not the death of this process.
   * Never throws.
   */
  async close(): Promise<void> {
    if (this.deathsReading > 0) await this.leave().catch(() => undefined);
    await this.#segment.close().catch(() => undefined);
  }
}
