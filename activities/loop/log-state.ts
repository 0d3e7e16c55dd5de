// log-state.ts: what the records of a log add up to, kept as they come, so that no question reads them all again.
// Pure: knows no store, and no clock but the records'.

import { left, plus, spentOf, type Amounts } from '../../protocol/budget.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { Account, Outcome } from '../../protocol/outcome.ts';
import { addUsage, NO_USAGE, type Usage } from '../../protocol/usage.ts';
import type { LogRecord, RecordOf } from '../../protocol/log-records.ts';

export class LogState {
  #count = 0;
  readonly #replies = new Map<string, RecordOf<'model'>>();
  readonly #tools = new Map<string, RecordOf<'tool'>>();
  readonly #begun = new Set<string>();
  readonly #deaths = new Map<string, number>();
  readonly #refs = new Set<string>();
  readonly #waiting = new Map<string, RecordOf<'waiting'>>();
  readonly #delegated = new Map<string, RecordOf<'delegated'>>();
  readonly #refused = new Set<string>();
  readonly #faults: RecordOf<'fault'>[] = [];
  readonly #findings: Finding[] = [];
  readonly #commands: RecordOf<'command'>[] = [];
  readonly #board: RecordOf<'board'>[] = [];
  #lastCall: Amounts = {};
  #usage: Usage = NO_USAGE;
  #workedMs = 0;
  /** Handed to subtasks of its own: what they may still spend, or, once they have ended, what they spent. */
  #handedOut: Amounts = {};
  #delegatedCount = 0;
  #throws = 0;
  #toolsDone = 0;
  #lastToolFailure: RecordOf<'tool'> | undefined;
  #hasCallsInText = false;
  readonly #remarks = new Set<string>();
  #attempts = 0;
  #deathsReading = 0;
  #startedAt: number | undefined;
  #outcome: Outcome | undefined;

  get count(): number {
    return this.#count;
  }

  /** The finished model call of a turn, if there is one. */
  reply(turn: string): RecordOf<'model'> | undefined {
    return this.#replies.get(turn);
  }

  tool(turn: string, callId: string): RecordOf<'tool'> | undefined {
    return this.#tools.get(`${turn}/${callId}`);
  }

  /** Whether a tool call was ever begun. */
  begun(turn: string, callId: string): boolean {
    return this.#begun.has(`${turn}/${callId}`);
  }

  /** How many processes died while this tool call ran. */
  deaths(turn: string, callId: string): number {
    return this.#deaths.get(`${turn}/${callId}`) ?? 0;
  }

  /** Results that are too long to show at once. */
  get refs(): ReadonlySet<string> {
    return this.#refs;
  }

  waiting(turn: string, callId: string): RecordOf<'waiting'> | undefined {
    return this.#waiting.get(`${turn}/${callId}`);
  }

  delegated(turn: string, callId: string): RecordOf<'delegated'> | undefined {
    return this.#delegated.get(`${turn}/${callId}`);
  }

  wasRefused(turn: string): boolean {
    return this.#refused.has(turn);
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get findings(): Finding[] {
    return [...this.#findings];
  }

  /** Commands applied so far, in their order. */
  get commands(): readonly RecordOf<'command'>[] {
    return this.#commands;
  }

  /** What it was shown of the board so far, in its order. */
  get board(): readonly RecordOf<'board'>[] {
    return this.#board;
  }

  /** Failed model calls of this turn, of one model or of all. */
  faults(turn: string, model?: string): number {
    return this.#tries(turn, model).length;
  }

  /** The how-manieth try of this turn the next call is, whatever model it asks, from 1. */
  nextTry(turn: string): number {
    return this.#faultsOf(turn).length + 1;
  }

  /** Until when a model asks to be left alone, ms since the epoch. */
  notBefore(turn: string, model: string): number | undefined {
    return this.#faultsOf(turn, model).at(-1)?.until;
  }

  /** Replies that were cut off at their most tokens, and not for saying the same again and again. */
  get cutShort(): number {
    return [...this.#replies.values()].filter(({ reply }) => reply.isCutShort && !reply.repeats).length;
  }

  /** Calls of a model for this turn that were given up before a word of the output had come. */
  silentTries(turn: string, model: string): number {
    const isSilent = ({ failure, bytes = 0 }: RecordOf<'fault'>): boolean =>
      failure.type === 'ModelTimedOut' && bytes === 0;
    return this.#tries(turn, model).filter(isSilent).length;
  }

  /** True when a model's last two calls for this turn both went silent at the same point of an output. */
  hangsAtOnePoint(turn: string, model: string): boolean {
    const [before, last] = this.#tries(turn, model).slice(-2);
    if (!before || !last) return false;
    const hung = (fault: RecordOf<'fault'>): boolean =>
      fault.failure.type === 'ModelTimedOut' && (fault.bytes ?? 0) > 0;
    return hung(before) && hung(last) && before.bytes === last.bytes;
  }

  /** Models that failed before another did their call, in order. */
  get failovers(): { step: string; from: string; to: string; type: RecordOf<'fault'>['failure']['type'] }[] {
    return this.#faults.flatMap(({ step, model, failure }) => {
      const to = this.#replies.get(step)?.model;
      return model === undefined || to === undefined || to === model
        ? []
        : [{ step, from: model, to, type: failure.type }];
    });
  }

  /** What counts against its limits: its own work, and what subtasks of its own may spend or have spent. */
  get spent(): Amounts {
    return plus({ ...spentOf(this.#usage), turns: this.turns, seconds: this.#workedMs / 1_000 }, this.#handedOut);
  }

  /** What the last model call took; nothing before the first. */
  get lastCall(): Amounts {
    return this.#lastCall;
  }

  get delegatedCount(): number {
    return this.#delegatedCount;
  }

  /** The last tool call that failed, when every one did; undefined when one succeeded, or none was made. */
  get onlyFailures(): RecordOf<'tool'> | undefined {
    return this.#toolsDone === 0 ? this.#lastToolFailure : undefined;
  }

  /** Attempts so far, this one included, of all visits. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Visits that ended in an error that is not in the catalogue. */
  get throws(): number {
    return this.#throws;
  }

  /** Attempts that died while they parsed and checked the last reply. */
  get deathsReading(): number {
    return this.#deathsReading;
  }

  get turns(): number {
    return this.#usage.modelCalls;
  }

  get startedAt(): number {
    return this.#startedAt ?? 0;
  }

  /** Milliseconds of work over all attempts; waiting for a retry and downtime are not work. */
  get workedMs(): number {
    return this.#workedMs;
  }

  get usage(): Usage {
    return this.#usage;
  }

  /** What whoever asked should know of how it worked, a sentence each. */
  get remarks(): string[] {
    return [...this.#remarks];
  }

  /** Usage, prompts and failovers, which go with every outcome. */
  get account(): Account {
    const failovers = this.failovers.slice(0, 20);
    const prompts = [...new Set([...this.#replies.values()].map(({ prompt }) => prompt))];
    return {
      usage: this.#usage,
      ...(prompts.length > 0 ? { prompts } : {}),
      ...(failovers.length > 0 ? { failovers } : {}),
      ...(this.#hasCallsInText ? { notes: [CALLS_IN_TEXT] } : {}),
    };
  }

  #tries(turn: string, model?: string): RecordOf<'fault'>[] {
    return this.#faultsOf(turn, model).filter(({ unmade }) => !unmade);
  }

  #faultsOf(turn: string, model?: string): RecordOf<'fault'>[] {
    return this.#faults.filter((fault) => fault.step === turn && (model === undefined || fault.model === model));
  }

  /** What its own subtasks did not use of what they were handed is its own again. */
  #takeBack({ step: turn, callId, spent }: RecordOf<'tool'>): void {
    const granted = this.#delegated.get(`${turn}/${callId}`);
    if (!granted || !spent) return;
    this.#handedOut = plus(left(this.#handedOut, grantOf(granted)), spent);
  }

  protected fold(record: LogRecord): void {
    this.#count += 1;
    if ('ms' in record) this.#workedMs += record.ms;
    if (record.t === 'model') this.#deathsReading = 1;
    else if (record.t === 'reads') this.#deathsReading += 1;
    else if (record.t !== 'attempt') this.#deathsReading = 0;
    switch (record.t) {
      case 'attempt':
        this.#attempts += 1;
        this.#startedAt ??= record.at;
        break;
      case 'model':
        this.#replies.set(record.step, record);
        this.#usage = addUsage(this.#usage, usageOf(record));
        this.#lastCall = spentOf(usageOf(record));
        for (const { tool, why } of record.reply.leftOut ?? [])
          this.#remarks.add(`The tool ${tool} is left out: the server of ${record.model} refuses it (${why}).`);
        this.#hasCallsInText ||= record.reply.areCallsInText ?? false;
        break;
      case 'refused': {
        this.#refused.add(record.step);
        const reply = this.#replies.get(record.step)?.reply;
        const wastedTokens = reply ? reply.inputTokens + reply.outputTokens : 0;
        this.#usage = addUsage(this.#usage, { ...NO_USAGE, wastedTokens });
        break;
      }
      case 'begins':
        for (const { callId } of record.calls) {
          const call = `${record.step}/${callId}`;
          this.#begun.add(call);
          // A death, unless an end or a release follows.
          this.#deaths.set(call, this.deaths(record.step, callId) + 1);
        }
        break;
      case 'letGo':
        for (const callId of record.calls) {
          this.#deaths.set(`${record.step}/${callId}`, Math.max(0, this.deaths(record.step, callId) - 1));
        }
        break;
      case 'tool':
        if (record.ref !== undefined) this.#refs.add(record.ref);
        if (record.ok) this.#toolsDone += 1;
        else this.#lastToolFailure = record;
        this.#tools.set(`${record.step}/${record.callId}`, record);
        this.#usage = addUsage(this.#usage, { ...NO_USAGE, toolCalls: 1 });
        this.#takeBack(record);
        break;
      case 'waiting':
        this.#waiting.set(`${record.step}/${record.callId}`, record);
        break;
      case 'delegated':
        this.#delegated.set(`${record.step}/${record.callId}`, record);
        this.#handedOut = plus(this.#handedOut, grantOf(record));
        this.#delegatedCount += record.count;
        break;
      case 'fault':
        this.#faults.push(record);
        if (record.spent) {
          const { inputTokens, outputTokens } = record.spent;
          const wastedTokens = inputTokens + outputTokens;
          this.#usage = addUsage(this.#usage, { ...NO_USAGE, inputTokens, outputTokens, wastedTokens });
        }
        break;
      case 'threw':
        this.#throws += 1;
        break;
      case 'command':
        this.#commands.push(record);
        break;
      case 'board':
        this.#board.push(record);
        break;
      case 'finding':
        this.#findings.push(record.finding);
        break;
      case 'reads':
        break;
      case 'outcome':
        this.#outcome = record.outcome;
        break;
      default:
        // Of a newer version: it lies in the log, and says nothing that is known here.
        record satisfies never;
    }
  }
}

const CALLS_IN_TEXT =
  'the model server left its tool calls in the text, where they were read: turn on its tool call parser, since not every form can be';

const grantOf = ({ tokens, costUsd }: RecordOf<'delegated'>): Amounts => ({
  tokens,
  ...(costUsd === undefined ? {} : { costUsd }),
});

function usageOf({ reply, model, cost }: RecordOf<'model'>): Usage {
  const { inputTokens, outputTokens, estimatedTokens = 0 } = reply;
  return {
    ...NO_USAGE,
    modelCalls: 1,
    inputTokens,
    outputTokens,
    ...(estimatedTokens > 0 ? { estimatedTokens } : {}),
    ...(cost === undefined ? {} : { costUsd: cost }),
    byModel: { [model]: { calls: 1, inputTokens, outputTokens, ...(cost === undefined ? {} : { costUsd: cost }) } },
  };
}
