// endpoint.ts: what differs between the endpoints of the model: how its requests are read, and what its answers look like.
// What happens to a request in between, faults and all, is exchange.ts and the same for each. Types only.

import type { Fault } from './faults.ts';
import type { Brain, ChatRequest, Reply } from './wire.ts';

/** A request, read and found well-formed. */
export interface Asked {
  model: string;
  /** The name of the JSON schema that is asked for, `chat`, or `embeddings`. */
  step: string;
  stream: boolean;
  /** SHA-256 over what is asked: the same asked twice has the same. */
  contentSha: string;
  inputTokens: number;
  offersTools: boolean;
  /** The request in chat form, when it is one that is answered in words. */
  chat?: ChatRequest;
  /** All texts of the request in one. */
  text(): string;
  /** The model’s reply to it; undefined when it is not answered in words. */
  replyOf(brain: Brain): Reply | Promise<Reply> | undefined;
  /** Puts a reply on the wire, as the fault leaves it. */
  answer(reply: Reply | undefined, fault: Fault | undefined): Answer;
}

export interface Answer {
  outputTokens: number;
  /** The body of an answer without `stream`. */
  body(): unknown;
  /** The frames of a stream, each complete with its blank line. */
  frames(): Iterable<string>;
}

/** @throws ApiError 400 with the parameter's name */
export type ReadRequest = (body: Record<string, unknown>) => Asked;
