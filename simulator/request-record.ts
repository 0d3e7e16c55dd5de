// request-record.ts: what is kept of one request to the model. Types only.

import type { ChatRequest } from './wire.ts';

export interface RequestRecord {
  /** Unique in this process; also sent as `x-request-id`. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  endedAt: number;
  path: string;
  model: string;
  /** The name of the request's JSON schema, or `chat`. */
  step: string;
  stream: boolean;
  /** SHA-256 over canonical messages, tools and format: the same call made twice has the same. */
  messagesSha: string;
  /** Size of the request's body. */
  bytes: number;
  inputTokens: number;
  /** What was sent of the answer; 0 when none was. */
  outputTokens: number;
  /** 0 when the client left before the first byte. */
  status: number;
  /** A well-formed answer was sent to its end, whatever it said. */
  finished: boolean;
  /** The client went away before the answer was complete. */
  aborted: boolean;
  /** W3C Trace Context of whoever asked. */
  traceparent?: string;
  /** Kind of the fault that the request got. */
  fault?: string;
  /** The kind with what sets it apart from others of its kind: `status 429`. */
  faultVariant?: string;
  /** The request itself. Never in the file. */
  body?: ChatRequest;
}
