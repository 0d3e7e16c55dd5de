// model-reply.ts: what a model said, as a provider gives it and as it is kept in logs.

export interface ModelReply {
  text: string;
  toolCalls: ToolCall[];
  /** A whole number from 0; anything else is replaced by an estimate. */
  inputTokens: number;
  outputTokens: number;
  /** Of the tokens above those that nobody counted. Default: none. */
  estimatedTokens?: number;
  /** What came as reasoning where no text and no call did: some servers take the answer for that. */
  reasoning?: string;
  /** Tools of the request that the server refuses for their own sake, each with its words: the model was not offered them. */
  leftOut?: { tool: string; why: string }[];
  /** The calls stood in the text, in the markup of the model's dialect. */
  areCallsInText?: true;
  /** **Contract:** comes back with the history to the provider that gave it, and to no other; holds no key. */
  kept?: KeptReply;
  /** The server ended it at the most that it lets a model write: what is there is a part. */
  isCutShort?: boolean;
  /** It said the same again and again and was cut off for that: what is there is a part. */
  repeats?: boolean;
}

export interface ToolCall {
  /** As the provider sent it; may be missing (empty) or used twice. */
  id: string;
  name: string;
  /** JSON text, or an object where a server sends one. Untrusted. */
  arguments: string | Record<string, unknown>;
  /** What of the provider's own belongs to this call alone; see `KeptReply`. */
  kept?: unknown;
}

/** What a provider sent beside words and calls (reasoning, signatures, fields of its own). For that provider's own eyes. */
export interface KeptReply {
  /** Marks who sent it: its address, its API and its name of the model, as a digest. */
  by: string;
  /** In the provider's own form. */
  message: unknown;
}
