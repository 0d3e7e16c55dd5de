// export-traces.ts: sends the trace of each task that has ended, once, whatever dies meanwhile. What is to be sent is noted in the
// store before the step that closes the task returns; it is sent behind that, by whichever worker comes first.

import type { ClosedTrace, Tracing } from '../activities/index.ts';
import { isBackgroundId, taskOf } from '../protocol/names.ts';
import { hiding, secretsOf } from '../protocol/secrets.ts';
import type { Span } from '../protocol/trace.ts';
import type { Environment } from '../settings/variables.ts';
import { StoreError, type Store } from '../store/store.ts';
import { readTrace } from '../telemetry/read-trace.ts';
import { spanSender, type SpanSender } from '../telemetry/otlp.ts';
import { readTraceparent, traceIdOf } from '../telemetry/trace-context.ts';
import { isSampled, traceSettings, type Sampler } from '../telemetry/trace-settings.ts';

export interface TraceExports extends Tracing {
  /** Notes it, and has it sent. Returns when it is noted. Never throws: no task fails for its trace. */
  closed(ended: ClosedTrace, terminatedAt?: number): Promise<void>;
  /** Sends what is noted and not being sent by others, and looks again now and then, until stopped. */
  start(): void;
  /** Lets what is under way come to its end, and begins nothing more. */
  stop(): Promise<void>;
}

/**
 * Records of what is to be sent, removed when it is: the store remembers for a day that there was one, so that a repeat of the step
 * that closes a task sends nothing again.
 */
const DUE = 'trace-due';
/** A receiver that is away for longer loses traces. */
const DUE_MS = 86_400_000;
/** Version of the first. */
const FIRST = 1;
/** Whoever claimed one and has not sent it by then is dead. The exporter gives up after 10 s. */
const CLAIM_MS = 60_000;
const LOOK_MS = 30_000;
/** Spans in one request: receivers take a few MB. */
const BATCH = 500;

interface Due extends ClosedTrace {
  terminatedAt?: number;
  /** ms since the epoch until which it is somebody's. */
  claimedUntil?: number;
}

const claimOf = (due: Due): string => JSON.stringify({ ...due, claimedUntil: Date.now() + CLAIM_MS } satisfies Due);

export interface ExportOptions {
  store: Store;
  sender: SpanSender;
  sampler: Sampler;
  /** Told in one line when traces can't be sent, once until they can again. */
  say: (line: string) => void;
}

/**
 * The exports that OpenTelemetry's standard variables ask for; undefined where they ask for none. The caller starts and stops them.
 * @param of.say told in one line what can't be used, and when traces can't be sent.
 * @param of.hide takes out of a text what must not leave the process. Default: the secrets of the environment, and what has the
 *   shape of a key.
 */
export function exportTraces({
  store,
  env,
  say,
  hide = hiding(secretsOf(env)),
}: Pick<ExportOptions, 'store' | 'say'> & {
  env: Environment;
  hide?: (text: string) => string;
}): TraceExports | undefined {
  const settings = traceSettings(env, say);
  if (!settings) return undefined;
  return traceExports({ store, say, sampler: settings.sampler, sender: spanSender(settings, 'muster-worker', hide) });
}

export function traceExports({ store, sender, sampler, say }: ExportOptions): TraceExports {
  let isAway = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** One after the other: a wide task's trace is some MB. */
  let sending = Promise.resolve();

  const behind = (work: () => Promise<void>): void => {
    sending = sending.then(async () => {
      if (isStopped) return;
      try {
        await work();
        if (isAway) say('traces are sent again');
        isAway = false;
      } catch (error) {
        if (!isAway)
          say(
            `traces can't be sent, and are kept for a day until they can: ${error instanceof Error ? error.message : String(error)}`,
          );
        isAway = true;
      }
    });
  };

  /** Looked at before anything is written or read for it. */
  async function isKept(taskId: string): Promise<boolean> {
    const caller = readTraceparent((await store.getTask(taskId))?.traceparent);
    return isSampled(sampler, caller?.traceId ?? traceIdOf(taskId), caller?.isSampled);
  }

  async function sendDue(key: string): Promise<void> {
    const found = await store.getRecord(DUE, key);
    const due = found && (JSON.parse(found.value) as Due);
    if (!due || (due.claimedUntil ?? 0) > Date.now()) return;
    const claimed = claimOf(due);
    if (!(await store.setRecord(DUE, key, claimed, { version: found.version, ttlMs: DUE_MS }))) return;
    const mine = await store.getRecord(DUE, key);
    if (mine?.value === claimed) await sendClaimed(key, due, mine.version);
  }

  /** @param version of the claim. */
  async function sendClaimed(key: string, due: Due, version: number): Promise<void> {
    try {
      const spans = await spansOf(due);
      for (let at = 0; at < spans.length; at += BATCH) await sender.send(spans.slice(at, at + BATCH));
    } catch (error) {
      await store.setRecord(DUE, key, JSON.stringify({ ...due, claimedUntil: 0 }), {
        version,
        ttlMs: DUE_MS,
      });
      throw error;
    }
    await store.setRecord(DUE, key, undefined, { version });
  }

  /** None of what is gone. */
  async function spansOf({ id, run, n, terminatedAt }: Due): Promise<readonly Span[]> {
    const isBehind = isBackgroundId(id);
    const taskId = taskOf(id);
    const now = Date.now();
    const read = await readTrace(store, taskId, {
      now,
      withBackground: isBehind,
      ...(terminatedAt === undefined ? {} : { terminatedAt }),
    });
    if (!read) return [];
    if (!isBehind) return read.run === run ? read.spans : [];
    const settled = (await store.readEvents(id)).filter((one) => one.run === run && one.type === 'background.settled');
    return read.background[settled.findIndex((event) => event.n === n)] ?? [];
  }

  async function look(): Promise<void> {
    for (const { key } of await store.listRecords(DUE)) {
      if (isStopped) return;
      await sendDue(key);
    }
  }

  return {
    isSampled: (traceId, caller) => isSampled(sampler, traceId, caller),
    async closed(ended, terminatedAt) {
      const key = `${ended.id} ${ended.run} ${ended.n}`;
      const due: Due = { ...ended, ...(terminatedAt === undefined ? {} : { terminatedAt }) };
      let isMine: boolean;
      try {
        if (!(await isKept(taskOf(ended.id)))) return;
        // Whoever notes it is who sends it, and knows its version: two writes a task are all that it costs the store.
        isMine = await store.setRecord(DUE, key, claimOf(due), { version: 0, isFirst: true, ttlMs: DUE_MS });
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        say(`the trace of ${ended.id} is lost: ${error.message}`);
        return;
      }
      behind(() => (isMine ? sendClaimed(key, due, FIRST) : sendDue(key)));
    },
    start() {
      timer = setInterval(() => behind(look), LOOK_MS).unref();
      behind(look);
    },
    async stop() {
      clearInterval(timer);
      await sending;
      isStopped = true;
      await sender.close().catch(() => undefined);
    },
  };
}
