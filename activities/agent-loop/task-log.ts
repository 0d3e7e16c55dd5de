// task-log.ts: what one generation of a subtask (or step) did, record by record, and what that adds up to.
// A record is on disk before the next step starts; a later attempt goes on from what it finds here.

import type { Failure } from '../../protocol/failures.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { NO_USAGE, type Usage } from '../../protocol/usage.ts';
import type { LogKey, LogSegment, Store } from '../../store/store.ts';
import type { ModelReply } from '../models/provider.ts';
import { WorkFailure } from './work-failure.ts';

export type LogRecord =
  /** An attempt began. */
  | { t: 'attempt'; at: number; worker: string }
  /** A model call finished. `prompt` is the version of the words that asked. */
  | { t: 'model'; step: string; reply: ModelReply; ms: number; at: number; prompt: string; model: string }
  /** The reply of this step did not pass and was asked for again: its tokens are waste. */
  | { t: 'refused'; step: string; problems: string[]; at: number }
  | { t: 'tool'; step: string; callId: string; name: string; ok: boolean; content: string; ms: number; at: number }
  /** A model call failed. */
  | { t: 'fault'; step: string; failure: Failure; ms: number; at: number }
  | { t: 'finding'; seq: number; finding: Finding }
  | { t: 'outcome'; outcome: Outcome };

export class TaskLog {
  readonly #segment: LogSegment<LogRecord>;
  readonly #records: LogRecord[];

  private constructor(segment: LogSegment<LogRecord>) {
    this.#segment = segment;
    this.#records = [...segment.earlier];
  }

  /**
   * Claims the log for this attempt.
   * @param expected records that an earlier attempt is known to have written.
   * @throws WorkFailure CheckpointMissing when the log holds fewer: paying again in silence is worse than stopping.
   */
  static async open(store: Store, key: LogKey, expected: number, worker: string): Promise<TaskLog> {
    const log = new TaskLog(await store.claimLog<LogRecord>(key));
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

  get count(): number {
    return this.#records.length;
  }

  async append(record: LogRecord): Promise<void> {
    await this.#segment.append(record);
    this.#records.push(record);
  }

  close(): Promise<void> {
    return this.#segment.close();
  }

  /** The finished model call of a step, if there is one. */
  reply(step: string): Extract<LogRecord, { t: 'model' }> | undefined {
    return this.#find('model', (record) => record.step === step);
  }

  tool(step: string, callId: string): Extract<LogRecord, { t: 'tool' }> | undefined {
    return this.#find('tool', (record) => record.step === step && record.callId === callId);
  }

  wasRefused(step: string): boolean {
    return this.#find('refused', (record) => record.step === step) !== undefined;
  }

  get outcome(): Outcome | undefined {
    return this.#all('outcome').at(-1)?.outcome;
  }

  get findings(): Finding[] {
    return this.#all('finding').map((record) => record.finding);
  }

  /** Failed model calls of this step: the count that the retry policy limits. */
  faults(step: string): number {
    return this.#all('fault').filter((record) => record.step === step).length;
  }

  get turns(): number {
    return this.#all('model').length;
  }

  get startedAt(): number {
    return this.#all('attempt')[0]?.at ?? Date.now();
  }

  /** Milliseconds of work over all attempts; waiting for a retry and downtime are not work. */
  get workedMs(): number {
    return this.#records.reduce((sum, record) => sum + ('ms' in record ? record.ms : 0), 0);
  }

  get usage(): Usage {
    const usage: Usage = { ...NO_USAGE };
    const tokens = new Map<string, number>();
    for (const record of this.#records) {
      if (record.t === 'model') {
        usage.modelCalls += 1;
        usage.inputTokens += record.reply.inputTokens;
        usage.outputTokens += record.reply.outputTokens;
        tokens.set(record.step, record.reply.inputTokens + record.reply.outputTokens);
      } else if (record.t === 'tool') {
        usage.toolCalls += 1;
      } else if (record.t === 'refused') {
        usage.wastedTokens += tokens.get(record.step) ?? 0;
      }
    }
    return usage;
  }

  #all<T extends LogRecord['t']>(t: T): Extract<LogRecord, { t: T }>[] {
    return this.#records.filter((record): record is Extract<LogRecord, { t: T }> => record.t === t);
  }

  #find<T extends LogRecord['t']>(
    t: T,
    fits: (record: Extract<LogRecord, { t: T }>) => boolean,
  ): Extract<LogRecord, { t: T }> | undefined {
    return this.#all(t).find(fits);
  }
}
