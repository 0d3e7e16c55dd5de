// count-records.ts: what a record of a log counts, once, when it is on disk: what a later attempt reads of it counts nothing.

import { metrics } from '../../telemetry/metrics/registry.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import type { LogState } from './log-state.ts';

/** @param log with the record in it. */
export function countRecord(record: LogRecord, log: Pick<LogState, 'reply' | 'failovers'>): void {
  switch (record.t) {
    case 'model': {
      const { model, ms, cost, step } = record;
      const { inputTokens, outputTokens } = record.reply;
      metrics.add('muster_model_calls_total', { model });
      metrics.observe('muster_model_call_seconds', { model }, ms / 1e3);
      countTokens(model, inputTokens, outputTokens);
      if (cost !== undefined) metrics.add('muster_cost_usd_total', { model }, cost);
      for (const { step: of, from, to } of log.failovers)
        if (of === step) metrics.add('muster_failovers_total', { from, to });
      return;
    }
    case 'refused': {
      const reply = log.reply(record.step)?.reply;
      const tokens = reply ? reply.inputTokens + reply.outputTokens : 0;
      return metrics.add('muster_wasted_tokens_total', { reason: 'refused' }, tokens);
    }
    case 'fault': {
      const { model = 'unknown', failure, spent, unmade } = record;
      if (!unmade) metrics.add('muster_model_faults_total', { model, reason: failure.type });
      if (!spent) return;
      countTokens(model, spent.inputTokens, spent.outputTokens);
      const tokens = spent.inputTokens + spent.outputTokens;
      return metrics.add('muster_wasted_tokens_total', { reason: 'failed_call' }, tokens);
    }
    default:
  }
}

function countTokens(model: string, input: number, output: number): void {
  metrics.add('muster_tokens_total', { model, direction: 'input' }, input);
  metrics.add('muster_tokens_total', { model, direction: 'output' }, output);
}
