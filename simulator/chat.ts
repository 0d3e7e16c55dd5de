// chat.ts: one chat request from its first byte to its record: check, fault, brain, latency, answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, defaultErrorBody } from './api-error.ts';
import { messagesSha } from './canonical.ts';
import { checkRequest, parseBody } from './check-request.ts';
import { complete, completionBody, completionChunks, inputTokens, type Completion } from './completion.ts';
import type { Fault, FaultBook } from './faults.ts';
import { gone, readBody, sendJson, sleep } from './http.ts';
import type { RequestLog, RequestRecord } from './request-log.ts';
import { textOf, type Brain, type ChatRequest } from './wire.ts';

/** What all chat requests of a server share. */
export interface ChatContext {
  models: Set<string>;
  latencyMs: number;
  brain: Brain;
  faults: FaultBook;
  log: RequestLog;
  inFlight: number;
  count: number;
}

/** One request on its way. */
interface Call {
  response: ServerResponse;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
  record: RequestRecord;
  fault: Fault | undefined;
}

/** The step of a request: the name of its JSON schema, or `chat`. */
export const stepOf = (request: Partial<ChatRequest>): string => request.response_format?.json_schema?.name ?? 'chat';

/** Answers a chat request. **Contract:** never throws; every request that came in gets one record. */
export async function serveChat(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  context: ChatContext,
): Promise<void> {
  context.count += 1;
  context.inFlight += 1;
  const id = `req_${context.count}`;
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
    aborted: false,
  };
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  response.setHeader('x-request-id', id);
  const call: Call = { response, signal: leaving.signal, record, fault: undefined };
  try {
    await answer(request, call, context);
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError(500, `The simulator failed: ${String(error)}`);
    record.status = known.status;
    if (response.headersSent || response.destroyed) response.destroy();
    else sendJson(response, known.status, known.body());
  } finally {
    // A socket that a fault destroyed is the simulator's doing; one closed before the end is the client's.
    if (call.fault?.kind !== 'cut' && leaving.signal.aborted && !response.writableFinished) record.aborted = true;
    record.endedAt = Date.now();
    context.inFlight -= 1;
    context.log.add(record);
  }
}

async function answer(request: IncomingMessage, call: Call, context: ChatContext): Promise<void> {
  const { record, signal } = call;
  const bytes = await readBody(request);
  const arrived = performance.now();
  record.bytes = bytes.length;
  const chat = checkRequest(parseBody(bytes.toString('utf8')));
  record.body = chat;
  record.model = chat.model;
  record.step = stepOf(chat);
  record.stream = chat.stream === true;
  record.messagesSha = messagesSha(chat);
  record.inputTokens = inputTokens(chat);
  if (!context.models.has(chat.model)) {
    throw new ApiError(404, `The model '${chat.model}' does not exist.`, 'model_not_found', 'model');
  }
  const text = (): string => chat.messages.map(textOf).join('\n');
  const fault = context.faults.take({ step: record.step, text });
  call.fault = fault;
  if (fault) record.fault = fault.kind;
  if (fault?.kind === 'status') return sendStatus(call, fault);

  const reply = fault?.kind === 'bad-output' ? badOutput(fault) : await context.brain(chat);
  const completion = complete(chat, record.messagesSha, reply);
  const wait = context.latencyMs + (fault?.kind === 'delay' ? fault.ms : 0);
  const left = wait - (performance.now() - arrived);
  if (left > 0 && !(await sleep(left, signal))) return;
  if (signal.aborted) return;
  if (fault?.kind === 'stall' && fault.afterChunks === undefined) return gone(signal);
  if (fault?.kind === 'garbage') return sendGarbage(call, fault.text);
  record.status = 200;
  if (chat.stream === true) await stream(call, completion, chat.stream_options?.include_usage === true);
  else await whole(call, completion);
}

/** Sends the chunks of a stream one by one, as fast as the client takes them. */
async function stream(call: Call, completion: Completion, includeUsage: boolean): Promise<void> {
  const { response, signal, record, fault } = call;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const stopAfter = stopOf(fault);
  let sent = 0;
  for (const chunk of completionChunks(completion, includeUsage)) {
    if (sent === stopAfter) return interrupt(call);
    if (signal.aborted) return;
    if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`)) await drained(response, signal);
    sent += 1;
  }
  if (sent <= stopAfter && stopAfter !== Infinity) return interrupt(call);
  record.outputTokens = completion.usage.completion_tokens;
  response.end('data: [DONE]\n\n');
  await finished(response, signal);
}

/** Sends the whole body at once, or half of it when a fault says so. */
async function whole(call: Call, completion: Completion): Promise<void> {
  const { response, signal, record, fault } = call;
  const body = completionBody(completion);
  if (stopOf(fault) !== Infinity) {
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
    response.writeHead(200, headers).write(text.slice(0, text.length / 2));
    return interrupt(call);
  }
  record.outputTokens = completion.usage.completion_tokens;
  sendJson(response, 200, body);
  await finished(response, signal);
}

/** After how many chunks a fault breaks off the answer. */
function stopOf(fault: Fault | undefined): number {
  if (fault?.kind === 'cut') return fault.afterChunks ?? 2;
  if (fault?.kind === 'stall') return fault.afterChunks ?? 0;
  return Infinity;
}

async function interrupt({ response, signal, fault }: Call): Promise<void> {
  if (fault?.kind === 'stall') return gone(signal);
  // What was written has to reach the client before the socket dies under it.
  await new Promise<void>((resolve) => response.write('', () => resolve()));
  response.destroy();
  return undefined;
}

function sendStatus({ response, record }: Call, fault: Fault & { kind: 'status' }): void {
  record.status = fault.status;
  const body = fault.body ?? defaultErrorBody(fault.status);
  if (typeof body === 'string') response.writeHead(fault.status, fault.headers ?? {}).end(body);
  else sendJson(response, fault.status, body, fault.headers ?? {});
}

async function sendGarbage({ response, record, signal }: Call, text = '<html>502 Bad Gateway'): Promise<void> {
  record.status = 200;
  const type = record.stream ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': type }).end(record.stream ? `data: ${text}\n\n` : text);
  await finished(response, signal);
}

function badOutput(fault: Fault & { kind: 'bad-output' }): { content: string; toolCalls: [] } {
  const content = fault.content ?? (fault.output === 'wrong-schema' ? '{"unexpected":[1,2,3]}' : '{"findings": [{"cla');
  return { content, toolCalls: [] };
}

const drained = (response: ServerResponse, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    response.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Ends when the answer is handed to the system, or the client has gone. */
function finished(response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (response.writableFinished || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('finish', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
