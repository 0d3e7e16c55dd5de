// send-answer.ts: writes an answer as fast as the client takes it, and cuts, stalls or corrupts it as a fault says.

import type { ServerResponse } from 'node:http';
import { defaultErrorBody } from './api-error.ts';
import type { Answer } from './endpoint.ts';
import type { Fault } from './faults.ts';
import { sendJson, sleep } from './http.ts';
import { ENDLESS_PIECE } from './misbehave.ts';
import type { RequestRecord } from './request-record.ts';

const ENDLESS_EVERY_MS = 10;

/** One request on its way. */
export interface Call {
  response: ServerResponse;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
  record: RequestRecord;
  fault: Fault | undefined;
  /** Pause for each token of a stream. */
  tokenMs: number;
}

/** Sends an answer, streamed or whole. Ends when it is handed to the system, or the client has gone. */
export async function sendAnswer(call: Call, answer: Answer): Promise<void> {
  const isSent = call.record.stream ? await stream(call, answer) : await whole(call, answer);
  if (!isSent) return;
  call.record.outputTokens = answer.outputTokens;
  await finished(call.response, call.signal);
  call.record.finished = call.response.writableFinished;
}

/** Sends the frames of a stream one by one. Returns whether all were sent. */
async function stream(call: Call, answer: Answer): Promise<boolean> {
  const { response, signal, fault, tokenMs } = call;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const stopAfter = chunksBeforeStop(fault);
  let sent = 0;
  let held = '';
  // One frame is held back: a break comes before the last one at the latest, or it would be none.
  const pauseMs = tokenMs > 0 && fault?.kind !== 'endless' ? pauseOf(answer, tokenMs) : 0;
  for (const frame of answer.frames()) {
    if (held !== '') {
      if (sent === stopAfter && !(await interrupt(call))) return false;
      if (!(await write(call, held))) return false;
      sent += 1;
      if (pauseMs > 0 && !(await sleep(pauseMs, signal))) return false;
      if (fault?.kind === 'endless' && !(await sleep(fault.everyMs ?? ENDLESS_EVERY_MS, signal))) return false;
    }
    held = frame;
  }
  if (sent <= stopAfter && stopAfter !== Infinity && !(await interrupt(call))) return false;
  if (signal.aborted) return false;
  response.end(held);
  return true;
}

/** After each frame: all of them together take as long as their tokens. */
function pauseOf(answer: Answer, tokenMs: number): number {
  const frames = [...answer.frames()].length;
  return (tokenMs * answer.outputTokens) / frames;
}

/** Sends the whole body at once, or half of it when a fault says so. Returns whether all was sent. */
async function whole(call: Call, answer: Answer): Promise<boolean> {
  const { response, fault } = call;
  const text = JSON.stringify(answer.body());
  if (fault?.kind === 'endless') return endless(call, text, fault.everyMs ?? ENDLESS_EVERY_MS);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) });
  if (chunksBeforeStop(fault) === Infinity) {
    response.end(text);
    return true;
  }
  const half = Math.floor(text.length / 2);
  response.write(text.slice(0, half));
  if (!(await interrupt(call))) return false;
  response.end(text.slice(half));
  return true;
}

/** A body whose text goes on and on. */
async function endless(call: Call, text: string, everyMs: number): Promise<false> {
  call.response.writeHead(200, { 'content-type': 'application/json' });
  let next = text.slice(0, text.indexOf(ENDLESS_PIECE));
  while ((await write(call, next)) && (await sleep(everyMs, call.signal))) next = ENDLESS_PIECE;
  return false;
}

async function write({ response, signal }: Call, text: string): Promise<boolean> {
  if (signal.aborted) return false;
  if (!response.write(text)) await drained(response, signal);
  return !signal.aborted;
}

/** After how many chunks a fault breaks into the answer. */
function chunksBeforeStop(fault: Fault | undefined): number {
  if (fault?.kind === 'cut') return fault.afterChunks ?? 2;
  if (fault?.kind === 'stall') return fault.afterChunks ?? Infinity;
  return Infinity;
}

/** Breaks into an answer. Returns whether it goes on afterwards. */
async function interrupt({ response, signal, fault }: Call): Promise<boolean> {
  response.flushHeaders();
  if (fault?.kind === 'stall') return sleep(fault.ms ?? Infinity, signal);
  // What was written has to reach the client before the socket dies under it.
  await new Promise<void>((resolve) => response.write('', () => resolve()));
  response.destroy();
  return false;
}

/** An error at once, in OpenAI's shape unless the fault has its own. */
export function sendStatus({ response, record }: Call, fault: Fault & { kind: 'status' }): void {
  record.status = fault.status;
  const body = fault.body ?? defaultErrorBody(fault.status);
  const headers = { ...retryAfter(fault.retryAfterSeconds), ...fault.headers };
  if (typeof body === 'string') response.writeHead(fault.status, headers).end(body);
  else sendJson(response, fault.status, body, headers);
}

/** `retry-after` knows whole seconds only; what is finer goes into the header that OpenAI has for it. */
function retryAfter(seconds: number | undefined): Record<string, string> {
  if (seconds === undefined) return {};
  const whole = { 'retry-after': String(Math.ceil(seconds)) };
  return Number.isInteger(seconds) ? whole : { ...whole, 'retry-after-ms': String(Math.round(seconds * 1_000)) };
}

/** 200 with something that is not JSON. */
export async function sendGarbage({ response, record, signal }: Call, text = '<html>502 Bad Gateway'): Promise<void> {
  record.status = 200;
  const type = record.stream ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': type }).end(record.stream ? `data: ${text}\n\n` : text);
  await finished(response, signal);
}

const drained = (response: ServerResponse, signal: AbortSignal): Promise<void> => once(response, 'drain', signal);

function finished(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return response.writableFinished ? Promise.resolve() : once(response, 'finish', signal);
}

/** Ends with the event, or when the client has gone. Leaves no listener behind: an endless answer comes here for ever. */
function once(response: ServerResponse, event: 'drain' | 'finish', signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      response.off(event, end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    response.on(event, end);
    signal.addEventListener('abort', end);
  });
}
