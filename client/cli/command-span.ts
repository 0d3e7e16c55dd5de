// command-span.ts: a span of the command that somebody typed, where OTEL_ variables ask for traces: of one that started a task a leaf
// under the task's root, of all others one of their caller's (TRACEPARENT), linked to the task. It goes out when the command has
// ended; one that is ended from outside has none, which orphans nothing.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { hiding, secretsOf } from '../../protocol/secrets.ts';
import type { Span } from '../../protocol/trace.ts';
import { SESSION_KEY } from '../../protocol/session-baggage.ts';
import {
  readTraceparent,
  spanIdOf,
  traceIdOf,
  traceparentOf,
  type TraceParent,
} from '../../telemetry/trace-context.ts';
import { isSampled, traceSettings, type TraceSettings } from '../../telemetry/trace-settings.ts';
import { clientConfig } from '../config.ts';
import { EXIT } from './terminal/exit-codes.ts';

/** What a command said of the task that it is about. */
interface About {
  taskId: string;
  /** Default: the task. */
  sessionId?: string | undefined;
  /** `new`: of this command's caller, which made it. Else its trace, where that is known. */
  trace?: 'new' | { traceparent: string | undefined } | undefined;
}

interface Running {
  own: TraceParent;
  about?: About;
}

const running = new AsyncLocalStorage<Running>();

/** A receiver that is away must not keep a person waiting. */
const SEND_MS = 2_000;
/** Exit codes that say how a task stands, and of no failure. */
const AS_ASKED: readonly number[] = [EXIT.done, EXIT.stillRunning, EXIT.cancelled];

/** W3C Trace Context of whoever runs the command, as OpenTelemetry has it in the environment. */
export const callerTraceparent = (): string | undefined => clientConfig().environment.TRACEPARENT;

/** The same of what the command itself asks of others. */
export function commandTraceparent(): string | undefined {
  const own = running.getStore()?.own;
  return own ? traceparentOf(own) : callerTraceparent();
}

/** Whether a span of the command goes anywhere. */
export const isTraced = (): boolean => running.getStore() !== undefined;

/** The command is about this task. */
export function noteTask(about: About): void {
  const command = running.getStore();
  if (command) command.about = about;
}

/** Runs a command, and sends its span. @throws what it throws. */
export async function withCommandSpan(name: string, command: () => Promise<number>): Promise<number> {
  const settings = traceSettings(clientConfig().environment, () => undefined);
  if (!settings) return await command();
  const caller = readTraceparent(callerTraceparent());
  const traceId = caller?.traceId ?? randomBytes(16).toString('hex');
  const sampled = isSampled(settings.sampler, traceId, caller?.isSampled);
  const state: Running = { own: { traceId, spanId: randomBytes(8).toString('hex'), isSampled: sampled } };
  const start = Date.now();
  let error: Span['error'];
  try {
    const code = await running.run(state, command);
    if (!AS_ASKED.includes(code)) error = { type: `exit ${code}` };
    return code;
  } catch (thrown) {
    error = { type: thrown instanceof Error ? thrown.name : typeof thrown };
    throw thrown;
  } finally {
    await send(settings, { ...placed(state, caller), name: `muster ${name}`, start, end: Date.now(), error }, caller);
  }
}

type Placed = Pick<Span, 'traceId' | 'spanId' | 'parentId' | 'links' | 'attributes'>;

function placed({ own: { traceId, spanId }, about }: Running, caller: TraceParent | undefined): Placed {
  const own = { traceId, spanId, ...(caller ? { parentId: caller.spanId } : {}), attributes: {} };
  if (!about) return own;
  const { taskId, sessionId = taskId, trace } = about;
  const attributes = { 'muster.task.id': taskId, [SESSION_KEY]: sessionId };
  if (!trace) return { ...own, attributes };
  const whose = trace === 'new' ? caller : readTraceparent(trace.traceparent);
  const root = { traceId: whose?.traceId ?? traceIdOf(taskId), spanId: spanIdOf(taskId) };
  return trace === 'new'
    ? { traceId: root.traceId, spanId, parentId: root.spanId, attributes }
    : { ...own, attributes, links: [root] };
}

async function send(
  settings: TraceSettings,
  { error, ...span }: Placed & Pick<Span, 'name' | 'start' | 'end'> & { error: Span['error'] },
  caller: TraceParent | undefined,
): Promise<void> {
  if (!isSampled(settings.sampler, span.traceId, caller?.isSampled)) return;
  const { spanSender } = await import('../../telemetry/otlp.ts');
  const sender = spanSender(settings, 'muster-cli', hiding(secretsOf(clientConfig().environment)));
  const late = new Promise<void>((done) => setTimeout(done, SEND_MS).unref());
  const sent = sender.send([{ ...span, kind: 'client', events: [], ...(error ? { error } : {}) }]);
  await Promise.race([sent.then(() => sender.close()), late]).catch(() => undefined);
}
