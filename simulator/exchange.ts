// exchange.ts: one request to the model from its first byte to its record: read, reply, fault, latency, answer.
// The same for each endpoint. How bytes are written is send-answer.ts.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import { parseBody } from './check-request.ts';
import { RunningPlan } from './draw-faults.ts';
import type { ReadRequest } from './endpoint.ts';
import { variantOf, type FaultBook } from './faults.ts';
import { readBody, sendJson, sleep } from './http.ts';
import type { RequestLog } from './request-log.ts';
import type { RequestRecord } from './request-record.ts';
import { sendAnswer, sendGarbage, sendStatus, type Call } from './send-answer.ts';
import type { Brain } from './wire.ts';

/** What all requests of a server share. */
export interface ServerContext {
  models: Set<string>;
  latencyMs: number;
  tokenMs: number;
  brain: Brain;
  faults: FaultBook;
  plan: RunningPlan | undefined;
  log: RequestLog;
  inFlight: number;
  count: number;
}

/** Answers a request. **Contract:** never throws; every request that came in gets one record. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  read: ReadRequest,
  context: ServerContext,
): Promise<void> {
  context.count += 1;
  context.inFlight += 1;
  const id = `req_${context.count}`;
  const { traceparent } = request.headers;
  const record: RequestRecord = {
    id,
    at: Date.now(),
    endedAt: 0,
    path,
    model: '',
    step: 'chat',
    stream: false,
    messagesSha: '',
    bytes: 0,
    inputTokens: 0,
    outputTokens: 0,
    status: 0,
    finished: false,
    aborted: false,
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
  };
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  response.setHeader('x-request-id', id);
  const call: Call = { response, signal: leaving.signal, record, fault: undefined, tokenMs: context.tokenMs };
  try {
    await exchange(request, call, read, context);
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError(500, `The simulator failed: ${String(error)}`);
    record.status = known.status;
    if (response.headersSent || response.destroyed) response.destroy();
    else sendJson(response, known.status, known.body());
  } finally {
    // A socket that a fault destroyed is the simulator's doing; one closed before the end is the client's.
    if (call.fault?.kind !== 'cut' && leaving.signal.aborted && !response.writableFinished) {
      record.aborted = true;
      record.finished = false;
    }
    record.endedAt = Date.now();
    context.inFlight -= 1;
    context.log.add(record);
  }
}

async function exchange(
  request: IncomingMessage,
  call: Call,
  read: ReadRequest,
  context: ServerContext,
): Promise<void> {
  const { record, signal } = call;
  const bytes = await readBody(request);
  const arrived = performance.now();
  record.bytes = bytes.length;
  const asked = read(parseBody(bytes.toString('utf8')));
  if (asked.chat) record.body = asked.chat;
  record.model = asked.model;
  record.step = asked.step;
  record.stream = asked.stream;
  record.messagesSha = asked.contentSha;
  record.inputTokens = asked.inputTokens;
  if (!context.models.has(asked.model)) {
    throw new ApiError(404, `The model '${asked.model}' does not exist.`, 'model_not_found', 'model');
  }
  context.log.arrived(asked.contentSha);
  // Before the fault is chosen: whether one can show at all depends on the reply.
  const reply = await asked.replyOf(context.brain);
  const subject = { step: record.step, text: () => asked.text(), offersTools: asked.offersTools, reply };
  const drawn = context.plan?.draw(asked.contentSha, subject);
  const fault = context.faults.take(subject) ?? drawn?.fault;
  call.fault = fault;
  if (fault) {
    record.fault = fault.kind;
    record.faultVariant = variantOf(fault);
  }
  if (fault?.kind === 'status') return sendStatus(call, fault);

  const silence = fault?.kind === 'stall' && fault.afterChunks === undefined ? (fault.ms ?? Infinity) : 0;
  const wait = context.latencyMs + (drawn?.latencyMs ?? 0) + (fault?.kind === 'delay' ? fault.ms : silence);
  const left = wait - (performance.now() - arrived);
  if (left > 0 && !(await sleep(left, signal))) return;
  if (signal.aborted) return;
  if (fault?.kind === 'garbage') return sendGarbage(call, fault.text);
  record.status = 200;
  await sendAnswer(call, asked.answer(reply, fault));
}
