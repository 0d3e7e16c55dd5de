// provider.ts: what a model provider is. One value per provider; the core asks it for properties, never for its name.

import { z } from 'zod';
import type { FailureType } from '../../protocol/failures.ts';
import type { KeptReply, ModelReply, ToolCall } from '../../protocol/model-reply.ts';
import { aFunction, checkDefinition, problemsOf } from '../../protocol/schemas/definition.ts';

export type { KeptReply, ModelReply, ToolCall } from '../../protocol/model-reply.ts';

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[]; from?: ReplyOrigin }
  | { role: 'tool'; callId: string; content: string };

/** Where a message of the model came from. */
export interface ReplyOrigin {
  model: string;
  kept?: KeptReply;
}

export interface ToolSchema {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ModelRequest {
  messages: ChatMessage[];
  tools?: ToolSchema[];
  /** `none`: tools are listed, so that earlier calls make sense, but may not be called. Default: auto. */
  toolChoice?: 'auto' | 'none';
  /** Shape of the text answer. */
  format?: { name: string; schema: Record<string, unknown> };
  /** Most tokens that the answer may have. Default: what the server lets it have. */
  maxOutputTokens?: number;
  /**
   * Says so much in words, whatever the server takes: its answers before had nothing of the format, so that it is said
   * beside (`schema`); or were held to the format where a tool was to be called; or the tools did not reach the model. An
   * answer of that form, or a call, that comes then is what shows it. Default: nothing.
   */
  inWords?: 'schema' | 'format' | 'tools';
}

/** What an error of a provider means for the task. */
export interface ModelFault {
  type: FailureType;
  /** One sentence for a person; never holds a key. */
  message: string;
  /** How long the provider asks to be left alone. */
  retryAfterMs?: number;
  /** The request was longer than the model's window; `contextTokens` is smaller now, where that could be learned. */
  tooLong?: true;
  /** Something was learned by it that changes the request: it is worth asking again at once. */
  again?: true;
  /** Tokens that the call cost all the same. */
  spent?: { inputTokens: number; outputTokens: number };
}

/** Dollars for a million tokens. */
export interface ModelPrices {
  input: number;
  output: number;
}

/** What a call is told beside its request. */
export interface CallOptions {
  signal: AbortSignal;
  /** Something arrived; `false` when it is no piece of the answer, but a sign that the server is at work. Default: true. */
  onBytes: (isAnswer?: boolean) => void;
  /** The text of the answer so far, for people who watch. Optional to call. */
  onText?: (text: string) => void;
  /** To be sent along: which span of which trace the call is. Absent where nobody traces. */
  headers?: Readonly<Record<string, string>>;
}

export interface ModelProvider {
  /** The model as people know it, e.g. `gpt-5-mini`. Names one model in a deployment. */
  readonly model: string;
  /** True when it asks nobody outside this machine: summaries say so. */
  readonly offline: boolean;
  /** What an answer of it says of how it was made, a sentence, e.g. that it is no language model. Default: nothing. */
  readonly note?: string;
  /** Unknown prices count as nothing in a cost limit. */
  readonly prices?: ModelPrices;
  /** Tokens that a request and its answer may have together. Default: 128,000. */
  readonly contextTokens?: number | undefined;
  /** Seconds that the first byte of an answer may take at least, e.g. of a model that is being loaded. Default: the class's. */
  readonly firstByteSeconds?: number | undefined;
  /**
   * One model call. **Contract:** throws whatever its client throws (`classify` reads it); never retries by itself;
   * must stop soon after `signal` aborts; calls `onBytes` whenever something arrived.
   */
  generate(request: ModelRequest, options: CallOptions): Promise<ModelReply>;
  /** **Contract:** must not throw; its message holds no key. */
  classify(error: unknown): ModelFault;
}

/** A model's name. */
export const aModel = z.string().refine((name) => name.trim() !== '', 'a model provider must name its model');

export const modelPrices = z.strictObject({ input: z.number().min(0), output: z.number().min(0) });

const providerShape = z.strictObject({
  model: aModel,
  offline: z.boolean(),
  note: z.string().max(500).optional(),
  prices: modelPrices.optional(),
  contextTokens: z.int().min(4_000).optional(),
  firstByteSeconds: z.number().positive().optional(),
  generate: aFunction,
  classify: aFunction,
});

const replyShape = z.looseObject({
  text: z.string(),
  toolCalls: z.array(
    z.looseObject({ id: z.string(), name: z.string(), arguments: z.union([z.string(), z.looseObject({})]) }),
  ),
});

/** What of a provider's reply is of another sort than it must be, which no further call mends; empty where nothing is. */
export const replyProblems = (reply: unknown): string[] => problemsOf(replyShape, reply);

/** Defines a provider of one model; a plain value, registered nowhere. @throws DefinitionError with all that is wrong. */
export function defineModelProvider(provider: ModelProvider): ModelProvider {
  checkDefinition('a model', provider, providerShape);
  return provider;
}
